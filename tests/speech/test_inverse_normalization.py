"""What was heard is written as the person writes, and as the settings say."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, Task, Transcript, Word
from assistant.settings.settings import Settings, from_environment
from assistant.speech.recognition.configured_transcriber import ConfiguredTranscriber
from assistant.speech.recognition.inverse_normalization import inverse_normalized
from assistant.values.errors import SetupError
from tests.support import media_made as made
from tests.support.fakes import HeardWords

HEARD = Transcript(
    (Segment(0, 4, "請問,誰保養了水泵?", (Word(0, 1, "請問,"),)), Segment(4, 6, "下一次 保養是什麼時候?")), "zh", 6
)


def text(transcript: Transcript) -> str:
    return transcript.text


def test_chinese_comes_in_the_script_of_the_person() -> None:
    assert inverse_normalized(HEARD, "auto").text == "请问，谁保养了水泵？下一次，保养是什么时候？"
    assert inverse_normalized(HEARD, "auto").segments[0].words[0].text == "请问,"
    for hints in (["報告.pdf"], ["這是誰的?", "水泵.pdf"]):
        assert inverse_normalized(HEARD, "auto", hints).text == "請問，誰保養了水泵？下一次，保養是什麼時候？"
        assert inverse_normalized(HEARD, "simplified", hints).text == inverse_normalized(HEARD, "auto").text
    assert "誰" in inverse_normalized(inverse_normalized(HEARD, "simplified"), "traditional").text


@pytest.mark.parametrize(
    ("heard", "as_written"),
    [
        ("打开 Medley, 然后提问.", "打开 Medley，然后提问。"),
        ("版本是3.5,对吗?", "版本是3.5，对吗？"),
        ("现在是下午3:20", "现在是下午3:20"),
        ("I said 你好, and left.", "I said 你好, and left."),
        ("你好。 再见", "你好。再见"),
        ("Who serviced the pump?", "Who serviced the pump?"),
    ],
)
def test_marks_are_chinese_where_the_text_is(heard: str, as_written: str) -> None:
    assert inverse_normalized(Transcript((Segment(0, 1, heard),), "zh", 1), "auto").text == as_written


def test_japanese_is_left_alone() -> None:
    heard = Transcript((Segment(0, 1, "図書館の會議"),), "ja", 1)
    assert inverse_normalized(heard, "simplified") == heard


class RemembersOptions(HeardWords):
    """Remembers how it was asked."""

    def transcribe(
        self, samples: Vectors, language: str = "", *, task: Task = "", words: bool = False, hints: Sequence[str] = ()
    ) -> Transcript:
        self.last = (language, task, words, tuple(hints))
        return replace(super().transcribe(samples, language), language="zh")


def test_the_settings_say_how_it_is_heard_unless_the_call_does() -> None:
    now = Settings()
    engine = RemembersOptions("誰保養了水泵?")
    settled = ConfiguredTranscriber(engine, lambda: now)
    assert settled.profile is engine.profile
    assert settled.transcribe(made.tone()).text == "谁保养了水泵？"
    assert engine.last == ("", "transcribe", False, ())
    now = Settings(speech_language="zh", speech_translate=True, chinese_script="traditional")
    assert settled.transcribe(made.tone(), words=True, hints=["a.pdf"]).text == "誰保養了水泵？"
    assert engine.last == ("zh", "translate", True, ("a.pdf",))
    settled.transcribe(made.tone(), "en", task="transcribe")
    assert engine.last == ("en", "transcribe", False, ())


def test_the_settings_are_checked() -> None:
    told = from_environment({"MEDLEY_SPEECH_LANGUAGE": "zh", "MEDLEY_SPEECH_TRANSLATE": "yes"}, chinese_script="auto")
    assert (told.speech_language, told.speech_translate, told.chinese_script) == ("zh", True, "auto")
    with pytest.raises(SetupError, match="no code of a language"):
        from_environment({}, speech_language="Klingon")
    with pytest.raises(SetupError, match="no Chinese script called “runes”"):
        from_environment({"MEDLEY_CHINESE_SCRIPT": "runes"})

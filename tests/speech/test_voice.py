"""Answers are read aloud: sounds from words, sound from sounds, and another speaker where one cannot."""

import json
import threading
import wave
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest

from assistant.models.cpu_priority import CpuPriority
from assistant.models.profiles import profile_named
from assistant.ports.speech import SpeechAudio, VoiceInfo
from assistant.speech.synthesis import espeak, mandarin_g2p
from assistant.speech.synthesis.english_g2p import EnglishG2p
from assistant.speech.synthesis.kokoro import LONGEST, RATE, KokoroSpeaker
from assistant.speech.synthesis.letter_to_sound import LetterToSound
from assistant.speech.synthesis.voices import SpeakerWithFallback, load_speaker
from assistant.speech.text_normalization.language_id import identify_language
from assistant.values.errors import BadInput, EngineError, SetupError

GOLD = {
    "the": "ði", "read": {"DEFAULT": "ɹˈid", "VBN": "ɹˈɛd"}, "have": "hæv", "apple": "ˈæpᵊl", "stop": "stˈɑp",
    "cat": "kˈæt", "box": "bˈɑks", "to": "tu", "record": {"DEFAULT": "ɹˈɛkəɹd", "VERB": "ɹəkˈɔɹd"}, "G": "ʤˈi",
    "P": "pˈi", "U": "jˈu", "it": "ɪt", "is": "ɪz", "so": "sˌO",
}  # fmt: skip
PROFILE = profile_named("kokoro")


def network(answer=("K", "AE1", "T")):
    """A network of the real shape whose weights are nought but for what it answers, letter by letter."""
    from assistant.speech.synthesis import letter_to_sound

    wanted = [letter_to_sound._ARPABET.index(one) for one in answer] + [3]
    size, kinds = 8, len(letter_to_sound._ARPABET)
    zeros = {
        f"{side}_{kind}": numpy.zeros((3 * size, size), "f4") for side in ("enc", "dec") for kind in ("w_ih", "w_hh")
    }
    zeros |= {f"{side}_b_{kind}": numpy.zeros(3 * size, "f4") for side in ("enc", "dec") for kind in ("ih", "hh")}
    following = dict(zip([2, *wanted], wanted, strict=False))  # what is said after what
    states = {symbol: place for place, symbol in enumerate([2, *wanted])}
    embedded = numpy.zeros((kinds, size), "f4")
    for symbol, place in states.items():
        embedded[symbol, place] = 9
    zeros["dec_w_ih"][2 * size :] = numpy.eye(size)  # the new state is what was said last
    zeros["dec_b_ih"][size : 2 * size] = -30  # and the old one is forgotten
    out = numpy.zeros((kinds, size), "f4")
    for before, after in following.items():
        out[after, states[before]] = 1
    return LetterToSound({**zeros, "enc_emb": numpy.zeros((29, size), "f4"), "dec_emb": embedded, "fc_w": out,
                     "fc_b": numpy.zeros(kinds, "f4")})  # fmt: skip


def english(**more):
    return EnglishG2p({**GOLD, **more}, {}, network())


class ToneSession:
    """An onnxruntime session whose sound is as long as what it is given, between stretches of silence."""

    def __init__(self, name="tokens", fails=False):
        self.name, self.fails, self.given = name, fails, []

    def get_inputs(self):
        return [SimpleNamespace(name=self.name)]

    def run(self, _, given):
        if self.fails:
            raise RuntimeError("onnxruntime is unwell")
        self.given.append(given)
        tone = numpy.full(given[self.name].shape[1] * 600, 0.5, numpy.float32)
        silence = numpy.zeros(RATE // 2, numpy.float32)
        return [numpy.concatenate([silence, tone, silence])]


def kokoro(session=None, voices=("af_heart", "zf_xiaoxiao")):
    styles = {name: numpy.random.default_rng(0).normal(size=(510, 1, 256)).astype("f4") for name in voices}
    return KokoroSpeaker(PROFILE, session or ToneSession(), styles, {"a": english()})


def test_words_are_looked_up_and_small_ones_bend_to_their_neighbours():
    sounds = english()
    assert sounds.sounds("The apple, the cat.") == "ði ˈæpᵊl, ðə kˈæt."
    assert sounds.sounds("to it") == "tʊ ɪt"


def test_endings_are_built_from_the_stem():
    sounds = english()
    assert sounds.sounds("cats boxes stopped stopping") == "kˈæts bˈɑksᵻz stˈɑpt stˈɑpɪŋ"
    assert sounds.sounds("the cat's") == "ðə kˈæts"


def test_the_word_before_tells_how_a_word_is_meant():
    assert english().sounds("to record it") == "tə ɹəkˈɔɹd ɪt"
    assert english().sounds("the record is") == "ðə ɹˈɛkəɹd ɪz"
    assert english().sounds("have read it") == "hæv ɹˈɛd ɪt"


def test_capitals_are_spelt_and_unknown_words_guessed():
    assert english().sounds("GPU") == "ʤˌipˌijˈu"
    assert english().sounds("Qat") == "kˈæt"


def test_chinese_is_said_by_the_word_it_stands_in():
    assert mandarin_g2p.sounds("银行") == "i↗nxa↗ŋ"
    assert mandarin_g2p.sounds("行走").startswith("ɕi↗ŋ")
    assert mandarin_g2p.sounds("中国人") == mandarin_g2p.sounds("中国人abc")


def test_every_syllable_of_the_dictionary_has_sounds_that_the_model_knows():
    from pypinyin import Style, lazy_pinyin
    from pypinyin.pinyin_dict import pinyin_dict

    from assistant.speech.synthesis.kokoro import _SYMBOLS

    characters = [chr(code) for code in [*pinyin_dict][::3] if 0x4E00 <= code <= 0x9FFF]
    syllables = {s for one in characters for s in lazy_pinyin(one, style=Style.TONE3, neutral_tone_with_five=True)}
    silent = {one for one in syllables if not mandarin_g2p._syllable(one)}
    assert len(syllables) > 1000
    assert not silent
    assert all(sound in _SYMBOLS for one in syllables for sound in mandarin_g2p._syllable(one))


def test_what_is_said_comes_without_the_silence_around_it():
    spoken = kokoro().say("The cat.")
    assert spoken.rate == RATE
    assert spoken.samples.dtype == numpy.float32
    assert 0.2 < spoken.seconds < 0.7
    assert spoken.text == "The cat."


def test_the_voice_fits_the_language_and_may_be_named():
    session = ToneSession()
    speaker = kokoro(session)
    for text, voice in (("The cat.", ""), ("水泵。", ""), ("The cat.", "zf_xiaoxiao")):
        speaker.say(text, voice)
    english_style, chinese_style, named = (given["style"] for given in session.given)
    assert english_style.shape == chinese_style.shape
    assert speaker._fitting("水泵。") == "zf_xiaoxiao"
    assert named.shape == (1, 256)


def test_who_is_waited_for_goes_first_and_who_is_heard_already_does_not():
    class CountedPriority(CpuPriority):
        gone_first = 0

        def __enter__(self):
            self.gone_first += 1
            return super().__enter__()

    priority, first = CountedPriority(), []

    class Watching(ToneSession):
        def run(self, _, given):
            first.append(priority._holders)
            return super().run(_, given)

    speaker = KokoroSpeaker(PROFILE, Watching(), kokoro()._styles, {"a": english()}, priority)
    speaker.say("The cat is so, so, the cat is the cat.")  # its 2 s of sound are being heard from now on
    speaker.say("The apple.")
    assert first == [1, 0]
    assert priority.gone_first == 1


def test_a_voice_that_is_not_there_is_named():
    with pytest.raises(BadInput, match=r"no voice “af_nobody”\. Choose one of af_heart, zf_xiaoxiao"):
        kokoro().say("The cat.", "af_nobody")


def test_long_text_is_said_in_pieces_that_the_model_takes():
    session = ToneSession()
    kokoro(session).say("The cat is so, " * 200)
    assert len(session.given) > 3
    assert all(given["tokens"].shape[1] <= LONGEST + 2 for given in session.given)


def test_nothing_to_say_is_silence():
    session = ToneSession()
    assert kokoro(session).say("… — !").seconds == 0
    assert not session.given


def test_the_pace_stays_within_what_is_sound():
    session = ToneSession("input_ids")
    speaker = kokoro(session)
    speaker.say("The cat.", speed=9)
    speaker.say("The cat.", speed=0.01)
    assert [float(given["speed"][0]) for given in session.given] == [2.0, 0.5]


def test_a_fault_of_the_model_is_told_in_words():
    with pytest.raises(EngineError, match="could not say this"):
        kokoro(ToneSession(fails=True)).say("The cat.")


def test_a_folder_without_a_voice_says_what_is_missing(tmp_path):
    with pytest.raises(SetupError, match="no \\.onnx file"):
        load_speaker(PROFILE, tmp_path, tmp_path)
    (tmp_path / "a.onnx").write_bytes(b"not a model")
    with pytest.raises(SetupError, match="cannot be read"):
        load_speaker(PROFILE, tmp_path, tmp_path)
    with pytest.raises(SetupError, match="is no voice"):
        load_speaker(profile_named("whisper-base"), tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("text", "language"),
    [("The cat", "en"), ("猫在这里", "zh"), ("これは猫です", "ja"), ("고양이", "ko"), ("кошка", "ru"), ("القط", "ar"),
     ("Der Hund ist nicht hier", "de"), ("Le chat est dans la maison", "fr"), ("Python 3 使用中", "zh"), ("42", "en")],
)  # fmt: skip
def test_the_language_is_told_from_script_and_small_words(text, language):
    assert identify_language(text) == language


class OtherLanguagesSpeaker:
    """A speaker of some languages, which says who it is."""

    def __init__(self, name, languages):
        self.profile = PROFILE
        self.voices = tuple(VoiceInfo(f"{name}-{one}", one, one) for one in languages)
        self.said = []

    def say(self, text, voice="", speed=1.0):
        self.said.append((text, voice))
        return SpeechAudio(text, numpy.zeros(10, numpy.float32), RATE)


def test_the_last_resort_speaks_what_the_voice_does_not():
    first, last = OtherLanguagesSpeaker("a", ["en", "zh"]), OtherLanguagesSpeaker("b", ["en", "ru"])
    both = SpeakerWithFallback(first, last)
    for text in ("The cat", "кошка", "猫"):
        both.say(text)
    assert [said for said, _ in first.said] == ["The cat", "猫"]
    assert [said for said, _ in last.said] == ["кошка"]
    assert [voice.name for voice in both.voices] == ["a-en", "a-zh", "b-ru"]


def test_a_chosen_voice_gives_way_where_it_does_not_speak_the_language():
    first = OtherLanguagesSpeaker("a", ["en", "zh"])
    SpeakerWithFallback(first, None).say("猫", "a-en")
    SpeakerWithFallback(first, None).say("The cat", "a-en")
    assert [voice for _, voice in first.said] == ["", "a-en"]


def test_a_language_that_nobody_speaks_is_said_in_a_sentence():
    with pytest.raises(EngineError, match="no voice here for this language"):
        SpeakerWithFallback(OtherLanguagesSpeaker("a", ["en"]), None).say("кошка")


@pytest.fixture
def program(tmp_path):
    """A program that answers as espeak-ng does: a list of voices, and WAV with a made-up length."""
    sound = tmp_path / "sound.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(22050)
        out.writeframes(b"\x00\x40" * 2205)
    path = tmp_path / "espeak-ng"
    rows = ("Pty Language VoiceName", " 5 en-us --/M English", " 5 cmn --/M Chinese", " 5 ru --/M Russian")
    (tmp_path / "voices").write_text("\n".join(rows))
    speaks = f"if [ $1 = --voices ]; then cat {tmp_path}/voices; else cat > {tmp_path}/heard; cat {sound}; fi"
    path.write_text(f"#!/bin/sh\n{speaks}\n")
    path.chmod(0o755)
    return path


def test_espeak_speaks_where_it_is_installed(program, monkeypatch):
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    speaker = espeak.Espeak.find()
    assert {voice.language for voice in speaker.voices} == {"en", "zh", "ru"}
    spoken = speaker.say("кошка")
    assert spoken.seconds == pytest.approx(0.1)
    assert float(spoken.samples.max()) == pytest.approx(0.5, abs=0.01)
    speaker.say("3 km")
    assert (program.parent / "heard").read_text() == "three kilometers"
    with pytest.raises(BadInput, match="espeak-ng has no voice"):
        speaker.say("고양이")


def test_nothing_breaks_without_espeak(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert espeak.Espeak.find() is None


def test_the_lexicons_are_read_from_their_folder(tmp_path):
    for name in ("gold", "silver"):
        (tmp_path / f"us_{name}.json").write_text(json.dumps(GOLD if name == "gold" else {"dog": "dˈɔɡ"}))
    assert EnglishG2p.load(tmp_path, network()).sounds("cat dog") == "kˈæt dˈɔɡ"
    assert isinstance(tmp_path, Path)


def test_the_first_sentence_is_made_at_once_and_the_next_one_in_time():
    speaker = kokoro()
    threads: list[str] = []
    speak = speaker._speak

    def noting(*asked):
        threads.append(threading.current_thread().name)
        return speak(*asked)

    speaker._speak = noting
    speaker.say("The cat is so, the cat is so, the cat is so, the cat is so.")
    speaker.say("The cat.")
    assert [name.split("_")[0] for name in threads] == ["speak", "speak on"]

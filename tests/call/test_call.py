"""A call from end to end, in frames instead of seconds: who speaks when, and what becomes of a turn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.call import messages
from assistant.call.call import NO_VOICE, CallModels, CallTarget
from assistant.conversations.conversations import Conversations
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.ports.speech import SpeechAudio, VoiceInfo
from assistant.settings.settings import Settings
from assistant.speech.synthesis.configured_speaker import ConfiguredSpeaker
from assistant.storage.originals import Originals
from assistant.values.errors import EngineError
from tests.support.call_device import Beeps, Later, SimulatedDevice, call_models, device_on, nothing, seconds, tone
from tests.support.fakes import make_assistant
from tests.support.kept_answers import history_in

PUMP, MORE, STOP, NOD, SECOND = 500, 700, 900, 1100, 1300
WORDS = {
    PUMP: "Who serviced the pump?",
    MORE: "and when was that",
    STOP: "Stop.",
    NOD: "Mhm.",
    SECOND: "What is the rent?",
}
SCRIPT = [
    ScriptedLine("and when was that", "It was Dana, in March."),
    ScriptedLine("pump", "It was Dana Ortiz. She did it on the fourteenth of March."),
    ScriptedLine("rent", "It is 950 euros."),
]
COUGH = 6000  # a sound without words


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    history = history_in(tmp_path)
    originals = Originals(tmp_path / "originals")
    yield Conversations(history, make_assistant(ScriptedEngine(SCRIPT), originals=originals), originals)
    history.close()


@pytest.fixture
def voice() -> Beeps:
    return Beeps()


@pytest.fixture
def device(conversations: Conversations, voice: Beeps) -> SimulatedDevice:
    return device_on(conversations, call_models(WORDS, voice))


def turns(device: SimulatedDevice, conversations: Conversations) -> list[Any]:
    return list(conversations.history.turns("me", device.call.target.conversation))


# A turn


def test_what_is_said_becomes_a_turn_of_the_conversation_and_its_answer_is_spoken(
    device: SimulatedDevice, conversations: Conversations, voice: Beeps
) -> None:
    device.hears(nothing(0.5), tone(PUMP, 1.5), nothing(6))
    assert device.states == ["hearing", "thinking", "speaking", "listening"]
    (stored,) = turns(device, conversations)
    assert (stored.asked, stored.state) == ("Who serviced the pump?", "done")
    assert stored.answer.text == "It was Dana Ortiz. She did it on the fourteenth of March."
    assert voice.said == ["It was Dana Ortiz.", "She did it on the fourteenth of March."]
    assert "".join(one.text for one in device.all(messages.TextDelta)) == stored.answer.text


def test_after_each_answer_it_listens_again(device: SimulatedDevice, conversations: Conversations) -> None:
    for _ in range(3):
        device.hears(tone(PUMP, 1.2), nothing(6), tone(SECOND, 1.2), nothing(4))
    assert [stored.asked for stored in turns(device, conversations)] == [WORDS[PUMP], WORDS[SECOND]] * 3


def test_a_turn_follows_the_last_one_of_a_conversation_that_was_there(conversations: Conversations) -> None:
    first = device_on(conversations, call_models(WORDS))
    first.hears(tone(PUMP, 1.2), nothing(6))
    again = device_on(conversations, call_models(WORDS), CallTarget("me", first.call.target.conversation))
    again.hears(tone(SECOND, 1.2), nothing(4))
    before, after = turns(again, conversations)
    assert after.parent == before.id


def test_words_are_shown_while_they_are_spoken(device: SimulatedDevice) -> None:
    device.hears(tone(PUMP, 2))
    assert next((one.tentative, one.final) for one in device.all(messages.HeardText)) == (WORDS[PUMP], False)


# Beginning and end


@pytest.mark.parametrize("length", [0.03, 0.06, 0.09])
def test_a_click_begins_nothing(device: SimulatedDevice, length: float) -> None:
    device.hears(nothing(0.5), tone(PUMP, length), nothing(2))
    assert device.told == []


def test_a_sound_without_words_is_no_turn(device: SimulatedDevice, conversations: Conversations) -> None:
    device.hears(tone(COUGH, 0.5), nothing(2), tone(COUGH, 3), nothing(2))
    assert device.call.target.conversation == ""
    assert device.state == "listening"
    assert device.asked == []


def test_the_beginning_of_a_word_is_kept_though_it_is_confirmed_later(conversations: Conversations) -> None:
    sense = call_models(WORDS)
    device = device_on(conversations, sense)
    device.hears(nothing(1), tone(PUMP, 1.2))
    kept = device.call._turn_taking._detector.utterance
    assert len(kept) / 16_000 == pytest.approx(1.2 + sense.endpoint_config.before * 0.032, abs=0.07)


def test_a_pause_within_a_sentence_does_not_end_it(device: SimulatedDevice, conversations: Conversations) -> None:
    device.hears(tone(MORE, 1), nothing(0.5), tone(PUMP, 1), nothing(8))
    (stored,) = turns(device, conversations)
    assert WORDS[PUMP] in stored.asked
    assert WORDS[MORE] in stored.asked


def test_a_whole_question_is_answered_sooner_than_half_a_sentence(device: SimulatedDevice) -> None:
    ends = {}
    for pitch in (PUMP, SECOND):
        device.hears(tone(pitch, 1.2), nothing(0.0))
        began = device.frame
        device.waits(6)
        ends[pitch] = device.first(messages.TurnStarted, began) - began
    assert seconds(max(ends.values())) < 0.5


def test_the_words_are_there_when_the_end_is_confirmed(conversations: Conversations) -> None:
    """They were recognised during the silence, and are not recognised a second time."""
    sense = call_models(WORDS)
    device = device_on(conversations, sense)
    device.hears(tone(PUMP, 0.5))
    heard: Any = sense.transcriber()
    before = heard.asked
    device.waits(4)
    assert heard.asked == before + 1


# Interrupting


def speaking(device: SimulatedDevice) -> None:
    device.hears(tone(PUMP, 1.2), nothing(1.2))
    assert device.state == "speaking"


def test_speech_stops_the_voice_within_three_tenths_of_a_second(device: SimulatedDevice) -> None:
    speaking(device)
    began = device.frame
    device.hears(tone(SECOND, 1.2), nothing(4))
    held = device.first(messages.PausePlayback, began)
    assert seconds(held - began) < 0.2
    assert not [frame for frame in device.heard_voice if held + 1 < frame < began + 40]


def test_an_interruption_in_words_ends_the_answer_and_is_the_next_turn(
    device: SimulatedDevice, conversations: Conversations
) -> None:
    speaking(device)
    began = device.frame
    device.hears(tone(SECOND, 1.2), nothing(5))
    assert device.first(messages.DiscardAudio, began) < device.first(messages.TurnStarted, began)
    assert [stored.asked for stored in turns(device, conversations)] == [WORDS[PUMP], WORDS[SECOND]]
    assert device.state == "listening"


@pytest.mark.parametrize("sound", [COUGH, NOD])
def test_noise_or_a_nod_only_holds_the_voice_for_a_moment(
    device: SimulatedDevice, conversations: Conversations, sound: int
) -> None:
    speaking(device)
    device.hears(tone(sound, 0.4), nothing(6))
    assert [one.on for one in device.all(messages.PausePlayback)] == [True, False]
    assert len(turns(device, conversations)) == 1
    assert device.all(messages.DiscardAudio) == []
    assert seconds(len(device.heard_voice)) == pytest.approx(12 * 0.3, abs=0.15)  # every word of the answer
    assert device.state == "listening"


def test_a_noise_that_goes_on_does_not_hold_the_voice_for_ever(
    device: SimulatedDevice, conversations: Conversations
) -> None:
    speaking(device)
    device.hears(tone(COUGH, 8))
    assert [one.on for one in device.all(messages.PausePlayback)] == [True, False]
    assert device.state == "listening"
    device.hears(nothing(1), tone(SECOND, 1.2), nothing(4))
    assert [stored.asked for stored in turns(device, conversations)] == [WORDS[PUMP], WORDS[SECOND]]


def test_stop_is_obeyed_and_not_answered(device: SimulatedDevice, conversations: Conversations) -> None:
    speaking(device)
    device.hears(tone(STOP, 0.6), nothing(2))
    assert len(turns(device, conversations)) == 1
    assert len(device.all(messages.DiscardAudio)) == 1
    assert device.state == "listening"


def test_the_voice_can_be_hushed_by_a_button(device: SimulatedDevice) -> None:
    speaking(device)
    device.call.stop_speaking()
    assert device.state == "listening"
    device.waits(1)
    assert device.state == "listening"


def test_who_goes_on_before_the_answer_sounds_is_answered_once_for_all_of_it(conversations: Conversations) -> None:
    later = Later()
    device = device_on(conversations, call_models(WORDS), workers=later)
    device.hears(tone(PUMP, 1.2), nothing(1))
    assert device.state == "thinking"
    device.hears(tone(MORE, 0.4))
    later.waiting.pop()()  # it is written and spoken while the person has begun to go on
    device.hears(tone(MORE, 0.8), nothing(1.5))
    assert device.heard_voice == []
    later.waiting.pop()()
    device.waits(6)
    (stored,) = turns(device, conversations)
    assert stored.asked == "Who serviced the pump? and when was that"
    assert stored.branches == 2
    assert stored.answer.text == "It was Dana, in March."


def test_an_answer_that_ends_while_the_person_goes_on_holds_no_later_voice(conversations: Conversations) -> None:
    later, given = Later(), call_models(WORDS)
    silent = CallModels(given.activity, given.transcriber, lambda: None, given.phrases)
    device = device_on(conversations, silent, workers=later)
    device.hears(tone(PUMP, 1.2), nothing(1), tone(SECOND, 0.4))
    later.waiting.pop()()  # written to its end, with nothing to play
    device.hears(tone(SECOND, 0.8), nothing(2))
    assert device.all(messages.PausePlayback) == [messages.PausePlayback(True)]
    assert len(device.all(messages.DiscardAudio)) == 1
    later.waiting.pop()()
    device.waits(1)
    assert device.state == "listening"


# The voice that comes back


@pytest.mark.parametrize("echo", [6.0, 14.0, 20.0])
def test_its_own_voice_is_no_turn(conversations: Conversations, echo: float) -> None:
    """However loud it comes back: it may hold the voice once, and never again."""
    own = {**WORDS, 220: "It was Dana Ortiz."}
    device = device_on(conversations, call_models(own), echo=echo)
    for _ in range(3):
        device.hears(tone(PUMP, 1.2, loud=0.6), nothing(9))
    assert [stored.asked for stored in turns(device, conversations)] == [WORDS[PUMP]] * 3
    assert len([one for one in device.all(messages.PausePlayback) if one.on]) <= 2
    assert device.state == "listening"


def test_a_person_louder_than_the_echo_still_interrupts(conversations: Conversations) -> None:
    own = {**WORDS, 220: "It was Dana Ortiz."}
    device = device_on(conversations, call_models(own), echo=20.0)
    device.hears(tone(PUMP, 1.2), nothing(9))
    device.hears(tone(PUMP, 1.2), nothing(1.2))
    assert device.state == "speaking"
    began = device.frame
    device.hears(tone(SECOND, 1.2, loud=0.5), nothing(4))
    assert seconds(device.first(messages.PausePlayback, began) - began) < 0.2
    assert device.asked[-1] == WORDS[SECOND]


# Muted


def test_muted_nobody_is_heard_and_the_call_goes_on(device: SimulatedDevice, conversations: Conversations) -> None:
    device.call.mute(True)
    device.hears(tone(PUMP, 1.2), nothing(2))
    assert device.all(messages.TurnStarted) == []
    assert device.all(messages.StateChanged)[-1] == messages.StateChanged("listening", True)
    device.call.mute(False)
    device.hears(tone(PUMP, 1.2), nothing(6))
    assert len(turns(device, conversations)) == 1


def test_what_was_said_before_muting_still_counts(device: SimulatedDevice, conversations: Conversations) -> None:
    device.hears(tone(PUMP, 1.2), nothing(0.1))
    device.call.mute(True)
    device.waits(6)
    assert [stored.asked for stored in turns(device, conversations)] == [WORDS[PUMP]]


def test_muting_does_not_stop_the_answer(device: SimulatedDevice) -> None:
    speaking(device)
    device.call.mute(True)
    device.waits(6)
    assert seconds(len(device.heard_voice)) == pytest.approx(12 * 0.3, abs=0.15)


# What goes wrong


class Mute(Beeps):
    def say(self, *_: Any, **__: Any) -> Any:
        raise EngineError("The voice is hoarse.")


class Deaf:
    profile = Beeps.profile

    def transcribe(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("out of memory")


def test_without_a_voice_answers_are_written_and_the_call_goes_on(conversations: Conversations) -> None:
    for speaker, why in ((Mute(), "The voice is hoarse."), (None, NO_VOICE)):
        given = call_models(WORDS, Mute())
        given = CallModels(given.activity, given.transcriber, lambda speaker=speaker: speaker, given.phrases)
        device = device_on(conversations, given)
        device.hears(tone(PUMP, 1.2), nothing(2), tone(SECOND, 1.2), nothing(2))
        assert len(turns(device, conversations)) == 2
        assert device.all(messages.CallError) == [messages.CallError(why)]  # once is enough
        assert device.state == "listening"


def test_a_broken_ear_is_told_and_the_call_goes_on(conversations: Conversations) -> None:
    device = device_on(conversations, call_models(WORDS, transcriber=Deaf()))
    device.hears(tone(PUMP, 1.2), nothing(2))
    assert device.all(messages.CallError)
    assert device.state == "listening"


def test_a_failed_answer_is_told_aloud_and_the_next_one_comes(
    device: SimulatedDevice, conversations: Conversations, voice: Beeps, tmp_path: Path
) -> None:
    history = history_in(tmp_path / "other")
    engine = ScriptedEngine([ScriptedLine("pump", EngineError("The model is out of breath.")), *SCRIPT])
    originals = Originals(tmp_path / "other" / "originals")
    failing = device_on(Conversations(history, make_assistant(engine), originals), call_models(WORDS, voice))
    failing.hears(tone(PUMP, 1.2), nothing(4), tone(SECOND, 1.2), nothing(4))
    assert voice.said == ["The model is out of breath.", "It is 950 euros."]
    assert [stored.state for stored in turns(failing, failing.call._conversations)] == ["failed", "done"]
    history.close()


def test_hanging_up_ends_the_answer_and_keeps_what_was_said(conversations: Conversations) -> None:
    later = Later()
    device = device_on(conversations, call_models(WORDS), workers=later)
    device.hears(tone(PUMP, 1.2), nothing(1))
    device.call.end()
    later.waiting.pop()()
    device.call.drain()
    (stored,) = turns(device, conversations)
    assert stored.state == "stopped"


# The settings


def test_the_voice_speaks_with_the_voice_of_its_language_and_at_the_speed_that_were_chosen() -> None:
    class Choir(Beeps):
        voices = (VoiceInfo("anna", "en", "Anna"), VoiceInfo("ming", "zh", "Ming"))

        def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
            self.said.append(f"{voice} {speed}")
            return super().say(text, voice, speed)

    choir, now = Choir(), [Settings(voice_english="anna", voice_chinese="gone", speaking_speed=1.5)]
    settled = ConfiguredSpeaker(choir, lambda: now[0])
    settled.say("Good morning to you.")
    settled.say("早上好，很高兴见到您。")
    now[0] = Settings(voice_chinese="ming")
    settled.say("早上好，很高兴见到您。")
    assert choir.said[::2] == ["anna 1.5", " 1.5", "ming 1.0"]

"""Answers are read aloud sentence by sentence, while they are written and afterwards, by those who were lent them."""

import io
import threading
import wave

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.models.lazy import Lazy
from assistant.settings.settings import Settings, from_environment
from assistant.speech.synthesis.spoken_answer import SpokenAnswer
from assistant.values.errors import SetupError, WeightsError
from assistant.values.messages import as_message
from tests.support.fakes import Tones
from tests.support.kept_answers import history_in
from ui.aloud import ReadAloudService
from ui.chat_controller import ChatController, page_state
from ui.session import Session

ANSWER = "The pump runs.[1] It costs $5.[2]\n\n- One thing\n"


class ReadAloudHouse:
    def __init__(self, **settings):
        self.speaker, self.settings = Tones(), Settings(**settings)
        self.aloud = ReadAloudService(Lazy(as_message("Voice"), lambda _: self.speaker), lambda: self.settings)
        self.client = TestClient(Starlette(routes=self.aloud.routes(lambda _: "me")))

    def issue(self, reading):
        return "/" + self.aloud.address(self.aloud.issue("me", reading))


@pytest.fixture
def house():
    return ReadAloudHouse()


def test_each_sentence_is_a_sound_of_its_own(house):
    address = house.issue(SpokenAnswer(ANSWER))
    sounds = [house.client.get(f"{address}/{number}") for number in range(4)]
    assert [sound.status_code for sound in sounds] == [200, 200, 200, 204]
    assert [said for said, _, _ in house.speaker.said] == ["The pump runs.", "It costs five dollars.", "One thing."]
    with wave.open(io.BytesIO(sounds[0].content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (24_000, 1, 3600)
    assert sounds[0].headers["content-security-policy"].startswith("sandbox")


def test_the_whole_is_one_file_to_be_saved(house):
    address = house.issue(SpokenAnswer(ANSWER))
    saved = house.client.get(f"{address}/all.wav")
    assert "attachment" in saved.headers["content-disposition"]
    with wave.open(io.BytesIO(saved.content)) as sound:
        assert sound.getnframes() > 3600 * 2


def test_a_sentence_is_made_once_and_anew_in_another_manner(house):
    address = house.issue(SpokenAnswer("The pump runs."))
    for _ in range(3):
        house.client.get(f"{address}/0")
    assert len(house.speaker.said) == 1
    house.settings = Settings(voice_english="am_low", speaking_speed=1.5)
    house.client.get(f"{address}/0")
    assert house.speaker.said[1:] == [("The pump runs.", "am_low", 1.5)]


def test_a_voice_that_is_gone_gives_way(house):
    house.settings = Settings(voice_english="af_gone", voice_chinese="zf_high")
    house.client.get(house.issue(SpokenAnswer("The pump runs. 水泵在运行。")) + "/0")
    assert house.speaker.said[0][1] in ("", "zf_high")


def test_nobody_hears_what_was_taken_back_or_never_lent(house):
    token = house.aloud.issue("me", SpokenAnswer(ANSWER))
    house.aloud.revoke([token])
    for address in (f"/aloud/{token}/0", f"/aloud/{token}/all.wav", "/aloud/made-up/0"):
        assert house.client.get(address).status_code == 404


def test_a_sentence_is_waited_for_while_the_answer_is_written(house):
    reading = SpokenAnswer()
    address = house.issue(reading)
    threading.Timer(0.2, lambda: reading.feed("The pump runs. It ")).start()
    assert house.client.get(f"{address}/0").status_code == 200
    threading.Timer(0.2, lambda: reading.finish("The pump runs. It stops.")).start()
    assert house.client.get(f"{address}/1").status_code == 200
    assert house.client.get(f"{address}/2").status_code == 204
    assert [said for said, _, _ in house.speaker.said] == ["The pump runs.", "It stops."]


def test_what_was_stopped_is_not_read_on():
    reading = SpokenAnswer()
    reading.feed("The pump runs. It goes")
    reading.finish()
    assert reading.pieces == ("The pump runs.",)
    assert reading.piece(1) == ""


def test_an_answer_that_takes_another_ones_place_follows_what_was_said():
    reading = SpokenAnswer()
    reading.feed("The pump is red. It ")
    reading.finish("This is not in what you gave me.")
    assert reading.pieces == ("The pump is red.", "This is not in what you gave me.")
    assert not reading.says("This is not in what you gave me.")
    assert SpokenAnswer(ANSWER).says(ANSWER)


def test_citations_that_come_with_the_end_change_nothing_that_was_said():
    reading = SpokenAnswer()
    reading.feed("The pump is red. It is new. So")
    reading.finish("The pump is red.[1] It is new.[2][3] So it is.")
    assert reading.pieces == ("The pump is red.", "It is new.", "So it is.")


def test_what_is_in_the_way_is_said_in_the_visitors_language(house):
    address = house.issue(SpokenAnswer("A hoarse voice."))
    told = house.client.get(f"{address}/0", headers={"accept-language": "zh"})
    assert told.status_code == 503
    assert told.text == "这个声音无法朗读这段话。请重试，或换一个声音。"


def test_a_voice_that_cannot_be_had_is_tried_again_and_breaks_nothing():
    tries = []

    def load(_):
        tries.append(1)
        raise WeightsError("“kokoro” cannot be fetched.")

    aloud = ReadAloudService(Lazy(as_message("Voice"), load), Settings)
    client = TestClient(Starlette(routes=aloud.routes(lambda _: "me")))
    address = "/" + aloud.address(aloud.issue("me", SpokenAnswer(ANSWER)))
    for _ in range(2):
        told = client.get(f"{address}/0")
        assert (told.status_code, told.text) == (503, "“kokoro” cannot be fetched.")
    assert len(tries) >= 2


@pytest.mark.parametrize(
    ("when", "typed", "spoken"), [("never", False, False), ("spoken", False, True), ("always", True, True)]
)
def test_which_answers_begin_by_themselves_is_a_setting(when, typed, spoken):
    aloud = ReadAloudHouse(read_aloud=when).aloud
    assert (aloud.begins_itself(False), aloud.begins_itself(True)) == (typed, spoken)


def test_settings_of_the_voice_that_make_no_sense_are_refused():
    for variables in ({"MEDLEY_READ_ALOUD": "loudly"}, {"MEDLEY_SPEAKING_SPEED": "9"}):
        with pytest.raises(SetupError):
            from_environment(variables)
    assert from_environment({"MEDLEY_READ_ALOUD": "always"}).read_aloud == "always"


def test_what_was_spoken_into_the_box_counts_as_spoken_once(house, tmp_path):
    history = history_in(tmp_path)
    controller = ChatController(history, lambda _: "me", aloud=house.aloud)
    session = Session(dictated=page_state('{"dictated": true}').dictated)
    entry = history.begin("me", history.make("me").id, "", "Who serviced the pump?", ())
    for reads in (True, False):
        controller.begin_reading(session, entry)
        assert (session.reading is not None) is reads
    history.close()

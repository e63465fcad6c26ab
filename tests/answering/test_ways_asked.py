"""Requests that are no questions to files, put to the assistant: chat, where it stands, translations."""

import json
from pathlib import Path

import pytest

from assistant.engines.scripted import ScriptedEngine
from assistant.settings.settings import Settings
from assistant.values.answer_json import from_json, printed, to_json
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.parts import Attachment, Text, Turn
from tests.support import media_made as made
from tests.support.fakes import KindsByWord, make_assistant, saying

PUMP = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.\nThe next service is due in September 2025."
KINDS = {
    "capital": "knowledge",
    "thanks": "small_talk",
    "where does it say": "where",
    "在哪里写的": "where",
    "are you sure": "verify",
    "translate": "translate",
    "shorter": "rework",
    "gist": "whole",
    "title": "whole",
}
FACETS = {"gist": "summary", "title": "title"}


class ScriptedTalk:
    """One conversation with a scripted engine. kinds: told by the words above."""

    def __init__(self, engine: ScriptedEngine) -> None:
        self.engine, self.conversation = engine, Conversation()
        self.kinds = KindsByWord(KINDS, facets=FACETS)
        self.assistant = make_assistant(engine, classifier=self.kinds, settings=Settings(answer_tokens=4000))

    def ask(self, words: str, *files: Attachment) -> Answer:
        done = list(self.assistant.answer(Turn((Text(words), *files)), self.conversation))[-1]
        assert isinstance(done, Done), done
        return done.answer

    @property
    def prompt(self) -> str:
        """All that the engine was last given."""
        return "\n".join(message.text for message in self.engine.received[-1].messages)


@pytest.fixture
def pump(tmp_path: Path) -> Attachment:
    (tmp_path / "pump.txt").write_text(PUMP)
    return Attachment(tmp_path / "pump.txt", "pump.txt")


# Chat


def test_chat_is_shown_nothing_of_the_files(pump: Attachment) -> None:
    talk = ScriptedTalk(saying([("capital", "Paris."), ("", "Dana Ortiz serviced the pump.")]))
    talk.ask("Who serviced the pump?", pump)
    answer = talk.ask("What is the capital of France?")
    assert (answer.text, answer.citations, answer.unsupported, answer.grounded) == ("Paris.", (), (), False)
    assert answer.received.evidence == ()
    assert "March" not in talk.prompt


def test_a_number_in_brackets_that_chat_makes_up_is_dropped() -> None:
    assert ScriptedTalk(saying({"": "Paris [1]."})).ask("What is the capital of France?").text == "Paris."


# Where it stands, and whether it does


def test_where_it_stands_shows_the_citations_of_the_answer_before_without_a_model(pump: Attachment) -> None:
    talk = ScriptedTalk(saying({"": "Dana Ortiz serviced the pump."}))
    before = talk.ask("Who serviced the pump?", pump)
    asked = len(talk.engine.received)
    answer = talk.ask("Where does it say that?")
    first = PUMP.split("\n")[0]
    assert answer.text == f"It stands here:\n\n- pump.txt, line 1: “{first}”[1]"
    assert answer.citations == before.citations
    assert talk.ask("在哪里写的？").text.startswith("在这里：")
    assert talk.ask("Are you sure?").text.startswith("I checked; this is what it rests on:")
    assert len(talk.engine.received) == asked


def test_what_rests_on_nothing_says_so() -> None:
    talk = ScriptedTalk(saying({"": "Paris."}))
    talk.ask("What is the capital of France?")
    for words in ("Where does it say that?", "Are you sure?"):
        answer = talk.ask(words)
        assert answer.text.startswith("Nothing you gave me says that")
        assert not answer.grounded


def test_doubt_of_an_uncited_answer_about_a_file_looks_again(pump: Attachment) -> None:
    talk = ScriptedTalk(saying({"": "It was Jane."}))
    assert talk.ask("Who serviced the pump?", pump).citations == ()
    again = ScriptedTalk(saying({"": "Dana Ortiz serviced the pump."}))
    again.conversation = talk.conversation
    again.assistant = make_assistant(again.engine, classifier=again.kinds, library=talk.assistant.library)
    answer = again.ask("Are you sure?")
    assert answer.text == "Dana Ortiz serviced the pump.[1]"
    assert again.prompt.endswith("Question: Who serviced the pump?")


# The answer before, and all of a file


def test_the_answer_before_is_put_otherwise_and_keeps_what_it_rests_on(pump: Attachment) -> None:
    talk = ScriptedTalk(saying([("Request: ", "Dana Ortiz."), ("", "Dana Ortiz serviced the pump on 14 March 2024.")]))
    talk.ask("Who serviced the pump, and when?", pump)
    answer = talk.ask("Say it shorter.")
    assert answer.text == "Dana Ortiz.[1]"
    assert answer.citations[0].source == "pump.txt"
    assert "The answer:\nDana Ortiz serviced the pump on 14 March 2024.\n\nRequest: Say it shorter." in talk.prompt


def test_a_long_file_is_translated_stretch_by_stretch_to_its_end(tmp_path: Path) -> None:
    rules = [f"Rule {n}: " + f"whoever enters hall {n} wears a helmet and shuts door {n}. " * 6 for n in range(40)]
    (tmp_path / "rules.txt").write_text("\n\n".join(rules))
    talk = ScriptedTalk(saying([(f"Rule {n}:", f"Regel {n}.") for n in reversed(range(40))]))
    answer = talk.ask("Translate it into German", Attachment(tmp_path / "rules.txt", "rules.txt"))
    assert len(talk.engine.received) > 4
    shown = "\n".join(one.messages[-1].text for one in talk.engine.received)
    assert [shown.count(f"Rule {n}:") for n in range(40)] == [1] * 40
    assert all("into German" in one.messages[0].text for one in talk.engine.received)
    assert answer.text.split("\n\n")[-1] == "Regel 39."
    assert answer.text.count("Regel") == len(talk.engine.received)


def test_a_summary_that_nothing_supports_gives_way_to_sentences_of_the_file(tmp_path: Path) -> None:
    text = (
        "The cellar was painted by Ben Moss on 2 May 2023. It is dry since the drain was mended. "
        "The window towards the garden shuts badly. A new lock was ordered in Leeds."
    )
    (tmp_path / "cellar.txt").write_text(text)
    talk = ScriptedTalk(saying({"": "Quarterly profits of the airline rose sharply in Asia."}))
    answer = talk.ask("Give me the gist.", Attachment(tmp_path / "cellar.txt", "cellar.txt"))
    assert "airline" not in answer.text
    assert answer.text.split("\n\n")[0] == "The cellar was painted by Ben Moss on 2 May 2023.[1]"
    assert len(answer.citations) == 3
    assert talk.conversation.exchanges[-1].answer.startswith("The cellar was painted")


def test_a_title_may_say_it_in_words_of_its_own(tmp_path: Path, pump: Attachment) -> None:
    answer = ScriptedTalk(saying({"": "A season underground"})).ask("Find a title for it", pump)
    assert (answer.text, answer.unsupported) == ("A season underground", ())


# How it was understood is told and kept


def test_how_a_turn_was_understood_is_told_to_programs(pump: Attachment) -> None:
    answer = ScriptedTalk(saying({"": "Very well."})).ask("Give me the gist in two sentences, in German", pump)
    told = json.loads(json.dumps(printed(answer)))["received"]["request"]
    assert (told["kind"], told["facet"], told["meant"]) == ("whole", "summary", "given now")
    assert (told["form"]["sentences"], told["form"]["language"]) == (2, "de")
    assert len(told["files"]) == 1


def test_how_a_turn_was_understood_survives_being_written_down(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "talk.wav", made.tone(4.0))
    answer = ScriptedTalk(saying({"": "The pump."})).ask("What is said after 0:01?", Attachment(path, "talk.wav"))
    request = answer.received.request
    assert request is not None
    assert request.span is not None
    assert (request.span.start, request.span.end) == (1.0, float("inf"))
    assert from_json(Answer, json.loads(json.dumps(to_json(answer), allow_nan=False))) == answer

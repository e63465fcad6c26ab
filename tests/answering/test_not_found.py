"""What files do not say: told plainly, with the passage that comes nearest where one comes near."""

from pathlib import Path

import pytest

from assistant.answering.judging import is_mere_verdict
from assistant.engines.scripted import ScriptedEngine
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Delta, Done, Event
from assistant.values.evidence import Lines
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import make_assistant, saying

PUMP = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.\nThe next service is due in September 2025."


def given(folder: Path, name: str, text: str) -> Attachment:
    (folder / name).write_text(text)
    return Attachment(folder / name, name)


@pytest.fixture
def report(tmp_path: Path) -> Attachment:
    return given(tmp_path, "report.txt", PUMP)


def run(question: str, *files: Attachment, engine: ScriptedEngine | None = None) -> list[Event]:
    engine = engine or saying({"": "NOT FOUND"})
    return list(make_assistant(engine).answer(Turn((Text(question), *files)), Conversation()))


def answer(question: str, *files: Attachment) -> Answer:
    done = run(question, *files)[-1]
    assert isinstance(done, Done), done
    return done.answer


def test_what_comes_nearest_is_shown_with_its_place(report: Attachment) -> None:
    told = answer("Who sold the Kestrel-9 pump?", report)
    assert told.text == (
        "report.txt does not say that. Nearest: “The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.”[1]"
    )
    assert told.citations[0].location == Lines(1, 1)
    assert not told.grounded
    assert told.unsupported == ()


@pytest.mark.parametrize("says", ["NOT FOUND", "Not found.", "NOT FOUND: the text does not say.", ""])
def test_its_words_never_reach_the_page(report: Attachment, says: str) -> None:
    events = run("Who was the cashier?", report, engine=saying({"": says}))
    assert not any(isinstance(event, Delta) for event in events)
    done = events[-1]
    assert isinstance(done, Done)
    assert done.answer.text == "This is not in what you gave me (report.txt)."
    assert not done.answer.citations


def test_the_sentence_comes_in_the_language_of_the_question(report: Attachment) -> None:
    told = answer("Kestrel-9 水泵是谁卖的？", report)
    assert told.text.startswith("report.txt里没有说到这一点。最接近的是：“The Kestrel-9 pump was serviced")


def test_what_shares_no_word_with_the_question_is_not_near(report: Attachment) -> None:
    assert answer("收银员是谁？", report).text == "你给我的内容里没有这个信息（report.txt）。"


def test_many_files_are_counted_and_only_the_nearest_is_named(tmp_path: Path) -> None:
    files = [given(tmp_path, f"note{n}.txt", f"Note {n} is about rain.") for n in range(9)]
    assert answer("Who was the cashier?", *files).text == "This is in none of the 9 files that I can search."
    told = answer("Who says that note 4 is about snow?", *files)
    assert told.text == "The 9 files do not say that. Nearest, note4.txt: “Note 4 is about rain.”[1]"
    assert told.declined


@pytest.mark.parametrize(
    ("yes", "told"), [(-0.55, "report.txt does not say that in so many words"), (-2.0, "report.txt does not say that.")]
)
def test_what_is_doubted_but_not_denied_may_stand_there_in_other_words(
    report: Attachment, yes: float, told: str
) -> None:
    """yes: by how much the model finds "Yes" likelier than "No"; twice that are the odds of both questions."""
    engine = saying({"": "Bob Stone did."}, small=True, yes=yes)
    done = run("Who sold the Kestrel-9 pump before its service is due?", report, engine=engine)[-1]
    assert isinstance(done, Done)
    assert done.answer.text.startswith(told)
    assert "serviced on 14 March 2024" in done.answer.text
    assert [one.number for one in done.answer.citations] == list(range(1, len(done.answer.citations) + 1))
    assert "Bob" not in done.answer.text


@pytest.mark.parametrize(
    ("said", "question", "verdict"),
    [
        ("Ja, er darf sein Handy mitnehmen.", "Darf er sein Handy mitnehmen?", True),
        ("能养猫", "能养猫吗", True),
        ("Yes, dogs are allowed.", "Are dogs allowed?", True),
        ("No, dogs need the landlord's consent.", "Are dogs allowed?", False),
        ("Bob Stone", "Who sold the pump?", False),
        ("The pump was sold by Bob.", "Who sold the pump?", False),
        ("28 euros", "What does it cost?", False),
    ],
)
def test_a_mere_yes_or_no_is_told_from_an_answer(said: str, question: str, verdict: bool) -> None:
    assert is_mere_verdict(said, question) == verdict


def test_a_mere_yes_that_nothing_supports_gives_way_to_the_passage(tmp_path: Path) -> None:
    lease = given(tmp_path, "lease.txt", "Animals other than small caged ones need written consent.")
    engine = saying({"": "Yes, animals are allowed."}, small=True)
    done = run("Are animals allowed?", lease, engine=engine)[-1]
    assert isinstance(done, Done)
    assert "Yes" not in done.answer.text
    assert "written consent" in done.answer.text

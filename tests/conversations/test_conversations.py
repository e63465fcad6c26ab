"""Asking in conversations that last: whatever happens to an answer, its turn says so, and what was given is found."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from assistant.answering.assistant import Assistant
from assistant.conversations.conversations import BROKEN, Conversations
from assistant.conversations.history import History, StoredTurn
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.media import digest
from assistant.models.active_turns import ActiveTurns
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Vectors
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput, EngineError
from assistant.values.events import Delta, Done, Event, Failed
from assistant.values.limits import Limits
from assistant.values.parts import Attachment, Text, Turn
from retrieval.library import ChromaLibrary
from tests.storage.test_originals import make_picture
from tests.support.fakes import HashedWords, KindsByWord, make_assistant, ready, saying
from tests.support.kept_answers import history_in
from tests.support.media_made import tone, write_wav

ROOT = Path(__file__).parents[2]
WHERE = "Where does it say that?"
SCRIPT = [
    ("total", "The total is 593.10."),
    ("pump", "Dana serviced the pump."),
    ("novel", "word " * 400),
    ("", "Good day."),
]


class ProgramRun:
    """The program from its start to its end, with everything under one folder; a new one finds what the last left."""

    def __init__(
        self,
        folder: Path,
        engine: object = None,
        settings: Settings | None = None,
        classifier: KindClassifier | None = None,
    ) -> None:
        self.originals = Originals(folder / "originals")
        self.library = ChromaLibrary(folder / "library", HashedWords())
        self.assistant: Assistant = make_assistant(
            engine or saying(SCRIPT),
            originals=self.originals,
            library=ready("Library", self.library),
            settings=settings,
            classifier=classifier,  # type: ignore[arg-type]
        )
        self.history = history_in(folder)
        self.conversations = Conversations(self.history, self.assistant, self.originals)

    def start(self) -> "ProgramRun":
        self.assistant.library.get()
        self.conversations.settle()
        return self

    def ask(self, conversation: str, words: str, *files: Attachment, after: str = "", owner: str = "me") -> Done:
        turn = Turn((*([Text(words)] if words else []), *files))
        _, events = self.conversations.ask(owner, conversation, turn, after, threading.Event())
        *_, last = events
        assert isinstance(last, Done), last
        return last

    def leaf(self, conversation: str) -> StoredTurn:
        return self.history.turns("me", conversation)[-1]

    def close(self) -> None:
        self.history.close()
        self.assistant.close()
        self.library.close()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., ProgramRun]]:
    runs: list[ProgramRun] = []

    def make(
        engine: object = None, settings: Settings | None = None, classifier: KindClassifier | None = None
    ) -> ProgramRun:
        runs.append(ProgramRun(tmp_path / "data", engine, settings, classifier))
        return runs[-1]

    yield make
    for run in runs:
        run.close()


@pytest.fixture
def run(begin: Callable[..., ProgramRun]) -> ProgramRun:
    return begin().start()


@pytest.fixture
def notes(tmp_path: Path) -> Attachment:
    path = tmp_path / "notes.txt"
    path.write_text("Dana serviced the pump in March.")
    return Attachment(path, path.name)


def to_end(events: Iterator[Event]) -> Event:
    *_, last = events
    return last


def started(
    run: ProgramRun, conversation: str, words: str, stop: threading.Event | None = None
) -> tuple[StoredTurn, Iterator[Event]]:
    """An answer of which the first words have come."""
    stored, events = run.conversations.ask("me", conversation, Turn((Text(words),)), "", stop or threading.Event())
    next(event for event in events if isinstance(event, Delta))
    return stored, events


# What is kept


def test_a_conversation_goes_on_after_a_restart_as_in_one_run(
    tmp_path: Path, begin: Callable[..., ProgramRun], notes: Attachment
) -> None:
    receipt = make_picture(tmp_path / "receipt.png")
    spoken = write_wav(tmp_path / "question.wav", tone())
    run = begin().start()
    made = run.history.make("me").id
    files = [notes, Attachment(receipt, receipt.name), Attachment(spoken, spoken.name, spoken=True)]
    first = run.ask(made, "", *files)
    told = run.history.conversation("me", made)
    for file in files:
        file.path.unlink()  # the page's uploads are gone after a day
    run.close()

    after = begin().start()
    (stored,) = after.history.turns("me", made)
    assert stored.answer == first.answer
    assert after.history.conversation("me", made) == told
    assert set(after.library.sources(made)) == {file.source_id for file in stored.given if not file.spoken}
    done = after.ask(made, "What was the total on the receipt I showed you before?", after=stored.id)
    (citation,) = done.answer.citations
    assert citation.source == "receipt.png"
    assert done.answer.received.history_turns == 1
    kept = after.assistant.files.original(after.history.conversation("me", made), citation.source_id)
    assert kept is not None
    assert kept.suffix == ".png"
    (recording,) = [file for file in stored.given if file.spoken]
    assert after.originals.find(made, recording.source_id) is not None


def test_the_core_is_given_the_same_conversation_as_in_one_run(
    run: ProgramRun, tmp_path: Path, notes: Attachment
) -> None:
    """Turn by turn through the history, against one Conversation that lives on."""
    alone = make_assistant(saying(SCRIPT, sees_images=True))
    here = make_assistant(
        saying(SCRIPT, sees_images=True), originals=run.originals, library=ready("Library", run.library)
    )
    conversations = Conversations(run.history, here, run.originals)
    picture = make_picture(tmp_path / "receipt.png")
    made, lived, leaf = run.history.make("me").id, Conversation(), ""
    for words, files in (
        ("Who serviced the pump?", [notes]),
        ("What is the total?", [Attachment(picture, picture.name)]),
        ("And who was it?", []),
        ("Hello", []),
    ):
        turn = Turn((Text(words), *files))
        expected = to_end(alone.answer(turn, lived))
        stored, events = conversations.ask("me", made, turn, leaf, threading.Event())
        got, leaf = to_end(events), stored.id
        assert isinstance(expected, Done)
        assert isinstance(got, Done)
        assert replace(got.answer, timings=()) == replace(expected.answer, timings=())
        rebuilt = run.history.conversation("me", made)
        assert rebuilt.exchanges == lived.exchanges
        assert rebuilt.sources == lived.sources
        assert [(image.name, image.width) for image in rebuilt.images] == [(i.name, i.width) for i in lived.images]
    alone.close()


class ToldKinds:
    """A classifier that was told what each request is; what it was not told is a question."""

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        return {"where" if words == WHERE and "where" in candidates else "fact": 1.0}

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        return numpy.zeros(len(texts), numpy.float32)

    def exampled(self, words: str, kind: str) -> float:
        return 1.0

    def facet(self, words: str, kind: str) -> str:
        return ""


def test_after_a_restart_it_still_knows_where_an_answer_stands_and_what_it_was_about(
    tmp_path: Path, begin: Callable[..., ProgramRun], notes: Attachment
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("The novel has 400 pages.")
    run = begin(classifier=KindsByWord({WHERE: "where"})).start()
    made = run.history.make("me").id
    run.ask(made, "Who serviced the pump?", notes)
    first = run.leaf(made).id
    run.ask(made, "What is in the novel?", Attachment(other, other.name), after=first)
    run.close()

    after = begin(classifier=KindsByWord({WHERE: "where"})).start()
    branch = after.ask(made, "In which month?", after=first).answer.received
    assert branch.request is not None
    assert branch.request.meant == "last"
    assert [name for _, name in branch.names] == ["notes.txt"]
    (citation,) = after.ask(made, WHERE, after=first).answer.citations
    assert (citation.source, citation.quote) == ("notes.txt", "Dana serviced the pump in March.")


def test_at_the_start_only_what_belongs_to_no_conversation_is_forgotten(
    begin: Callable[..., ProgramRun], notes: Attachment
) -> None:
    run = begin().start()
    kept, deleted, passing = run.history.make("me").id, run.history.make("me").id, Conversation()
    run.ask(kept, "Who serviced the pump?", notes)
    run.ask(deleted, "Who serviced the pump?", notes)
    list(run.assistant.answer(Turn((Text("Who?"), notes)), passing))
    run.history.delete("me", deleted)
    run.close()
    after = begin()
    now = after.history.make("me").id
    after.history.delete("me", now)
    after.start()
    source = digest(notes.path)
    assert list(after.library.sources(kept)) == [source]
    for gone in (deleted, passing.id):
        assert after.library.sources(gone) == {}
        assert after.originals.find(gone, source) is None
    with pytest.raises(BadInput):
        after.history.undelete("me", deleted)
    assert after.history.undelete("me", now).id == now  # deleted in this run


def test_a_password_opens_the_file_once_and_is_written_nowhere(tmp_path: Path, run: ProgramRun) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_encryption("owner", "open sesame 4711")
    pdf.set_font("helvetica", size=12)
    pdf.add_page()
    pdf.multi_cell(0, 8, "Dana serviced the pump in March.")
    pdf.output(str(tmp_path / "locked.pdf"))
    made = run.history.make("me").id
    turn = Turn((Text("Who serviced the pump?"), Attachment(tmp_path / "locked.pdf", "locked.pdf")))
    stored, events = run.conversations.ask("me", made, turn, "", threading.Event())
    last = to_end(events)
    assert isinstance(last, Failed)
    assert last.locked
    assert "locked.pdf" in run.leaf(made).failure
    again, events = run.conversations.again("me", stored.id, threading.Event(), password="open sesame 4711")
    assert isinstance(to_end(events), Done)
    assert (run.leaf(made).id, run.leaf(made).branches) == (again.id, 2)
    done = run.ask(made, "Who serviced the pump?", after=again.id)
    assert done.answer.citations[0].source == "locked.pdf"
    run.history.close()
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or b"sesame" not in path.read_bytes(), path


# However it ends


def test_killed_in_the_middle_of_an_answer_the_words_so_far_are_there(
    tmp_path: Path, begin: Callable[..., ProgramRun]
) -> None:
    code = (
        "import sys, threading; from pathlib import Path\n"
        "from tests.conversations.test_conversations import ProgramRun, Turn, Text, Attachment, saying\n"
        "run = ProgramRun(Path(sys.argv[1]), saying([('', 'one two three four five six seven eight nine ten ' * 9)],"
        " delay_seconds=0.1)).start()\n"
        "notes = Path(sys.argv[1]) / 'notes.txt'; notes.write_text('Dana serviced the pump in March.')\n"
        "turn = Turn((Text('Who serviced the pump?'), Attachment(notes, 'notes.txt')))\n"
        "_, events = run.conversations.ask('me', run.history.make('me').id, turn, '', threading.Event())\n"
        "for event in events: print(event, flush=True)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "data")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        words = 0
        for line in child.stdout:
            words += line.startswith("Delta")
            if words == 25:
                break
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert words == 25
    after = begin().start()
    (info,) = after.history.list("me", "three four")
    (stored,) = after.history.turns("me", info.id)
    assert stored.state == "interrupted"
    assert stored.answer is None
    assert stored.partial.startswith("one two three four five six seven eight nine ten")  # 25 words took 2.5 s
    done = after.ask(info.id, "Who serviced the pump?", after=stored.id)
    assert done.answer.received.history_turns == 1
    assert list(after.library.sources(info.id).values()) == ["notes.txt"]


def test_the_words_so_far_are_written_now_and_then_and_not_with_every_token(tmp_path: Path, run: ProgramRun) -> None:
    class Counted(History):
        written: Sequence[str] = ()

        def write(self, turn_id: str, partial: str) -> None:
            self.written = (*self.written, partial)
            super().write(turn_id, partial)

    history = Counted(tmp_path / "counted", run.originals)
    long = make_assistant(
        saying([("", "".join(f"{page:04} and " for page in range(1000)))]), settings=Settings(answer_tokens=4000)
    )
    made = history.make("me").id
    _, events = Conversations(history, long, run.originals).ask(
        "me", made, Turn((Text("A novel?"),)), "", threading.Event()
    )
    assert sum(isinstance(event, Delta) for event in events) == 2000
    assert 4 <= len(history.written) <= 10  # 18,000 characters in about a second at the most
    history.close()


@pytest.mark.parametrize("way", ["close", "drop", "unasked"])
def test_an_answer_that_nobody_listens_to_any_more_is_interrupted(run: ProgramRun, way: str) -> None:
    made = run.history.make("me").id
    if way == "unasked":
        _, events = run.conversations.ask("me", made, Turn((Text("A novel?"),)), "", threading.Event())
    else:
        _, events = started(run, made, "Write a novel!")
    if way == "close":
        events.close()  # type: ignore[attr-defined]
    del events
    stored = run.leaf(made)
    assert stored.state == "interrupted"
    assert stored.partial == ("" if way == "unasked" else "word ")


def test_a_stopped_answer_keeps_what_was_said(run: ProgramRun) -> None:
    made, stop = run.history.make("me").id, threading.Event()
    _, events = started(run, made, "Write a novel!", stop)
    stop.set()
    assert isinstance(to_end(events), Done)
    stored = run.leaf(made)
    assert stored.state == "stopped"
    assert stored.answer is not None
    assert stored.answer.text.startswith("word")
    other, stop = run.history.make("me").id, threading.Event()
    _, events = started(run, other, "Write a novel!", stop)
    stop.set()
    events.close()  # type: ignore[attr-defined]
    assert (run.leaf(other).state, run.leaf(other).partial) == ("stopped", "word ")


def test_a_failure_and_a_fault_are_written_down_as_sentences(begin: Callable[..., ProgramRun]) -> None:
    run = begin(ScriptedEngine([])).start()
    made = run.history.make("me").id
    _, events = run.conversations.ask("me", made, Turn((Text("Hello"),)), "", threading.Event())
    with pytest.raises(LookupError):
        list(events)
    assert (run.leaf(made).state, run.leaf(made).failure) == ("failed", BROKEN)
    run.close()
    run = begin(ScriptedEngine([ScriptedLine("", EngineError("The model is gone."))])).start()
    _, events = run.conversations.ask("me", made, Turn((Text("Hello"),)), "", threading.Event())
    assert to_end(events) == Failed("The model is gone.")
    assert (run.leaf(made).state, run.leaf(made).failure) == ("failed", "The model is gone.")
    again = run.leaf(made)
    assert (again.branch, again.branches) == (2, 2)


def test_a_file_that_is_refused_fails_the_turn_and_is_not_copied(
    begin: Callable[..., ProgramRun], notes: Attachment
) -> None:
    run = begin(settings=Settings(limits=Limits(file_bytes=10))).start()
    made = run.history.make("me").id
    for file, sentence in (
        (notes, "I take 0 MB"),
        (Attachment(Path("/nowhere/a.pdf"), "a.pdf"), "There is no file a.pdf"),
    ):
        _, events = run.conversations.ask("me", made, Turn((Text("Who?"), file)), "", threading.Event())
        last = to_end(events)
        assert isinstance(last, Failed)
        assert sentence in last.message
        assert sentence in run.leaf(made).failure
        stored = run.leaf(made)
        assert [given.name for given in stored.given] == [file.name]
        with pytest.raises(BadInput, match="Hand it over again"):  # it is not left out without a word
            run.conversations.again("me", stored.id, threading.Event())
    assert run.originals.all(made) == {}


def test_what_cannot_be_kept_fails_the_turn_in_words(tmp_path: Path, run: ProgramRun, notes: Attachment) -> None:
    stands_there = Originals(notes.path)
    conversations = Conversations(run.history, run.assistant, stands_there)
    made = run.history.make("me").id
    _, events = conversations.ask("me", made, Turn((Text("Who?"), notes)), "", threading.Event())
    last = to_end(events)
    assert isinstance(last, Failed)
    assert "cannot keep notes.txt" in last.message
    assert run.leaf(made).state == "failed"
    with pytest.raises(BadInput, match="Hand it over again"):
        run.conversations.again("me", run.leaf(made).id, threading.Event())


def test_what_was_said_and_shown_hints_at_what_is_spoken_next(run: ProgramRun, notes: Attachment) -> None:
    made = run.history.make("me").id
    assert run.conversations.hints("me", made) == []
    run.ask(made, "Who serviced the pump?", notes)
    hints = run.conversations.hints("me", made)
    assert hints[:3] == ["Who serviced the pump?", "Dana serviced the pump.", notes.name]
    assert run.conversations.hints("somebody", made) == run.conversations.hints("me", "") == []


def test_a_conversation_that_goes_while_it_is_answered_ends_in_words(run: ProgramRun) -> None:
    made = run.history.make("me").id
    _, events = started(run, made, "Write a novel!")
    run.history.delete_everything("me")
    last = to_end(events)
    assert isinstance(last, Failed)
    assert "no such turn" in last.message


def test_a_name_that_no_disk_takes_is_kept_as_one_that_every_disk_takes(run: ProgramRun, notes: Attachment) -> None:
    made = run.history.make("me").id
    done = run.ask(made, "Who serviced the pump?", replace(notes, name="../a\\b\n.txt"))
    assert done.answer.citations[0].source == ".._a_b_.txt"
    assert run.leaf(made).given[0].name == ".._a_b_.txt"


# Again


def test_a_turn_is_asked_again_with_the_same_files_as_a_branch(
    tmp_path: Path, run: ProgramRun, notes: Attachment
) -> None:
    made = run.history.make("me").id
    spoken = write_wav(tmp_path / "question.wav", tone())
    run.ask(made, "", notes, Attachment(spoken, spoken.name, spoken=True))
    first = run.leaf(made)
    notes.path.unlink()
    second, events = run.conversations.again("me", first.id, threading.Event())
    done = to_end(events)
    assert isinstance(done, Done)
    assert done.answer.received.heard == "Who serviced the pump?"
    assert done.answer.citations[0].source == "notes.txt"
    assert done.answer.received.history_turns == 0
    third, events = run.conversations.again("me", second.id, threading.Event(), text=" Which pump? ")
    assert isinstance(to_end(events), Done)
    assert (third.asked, third.given, third.branch, third.branches) == ("Which pump?", first.given, 3, 3)
    assert len(run.originals.all(made)) == 2


def test_what_is_not_kept_any_more_is_told_when_it_is_asked_again(run: ProgramRun, notes: Attachment) -> None:
    made = run.history.make("me").id
    run.ask(made, "Who?", notes)
    run.originals.forget(made)
    with pytest.raises(BadInput, match=r"notes\.txt is not kept any more"):
        run.conversations.again("me", run.leaf(made).id, threading.Event())


# Whose it is, and for good


def test_another_owner_is_told_the_same_as_for_what_never_was(run: ProgramRun, notes: Attachment) -> None:
    made = run.history.make("me").id
    run.ask(made, "Who?", notes)
    stored, stop = run.leaf(made), threading.Event()
    for verb in (
        lambda owner, conversation, _: run.conversations.ask(owner, conversation, Turn((Text("Hi"), notes)), "", stop),
        lambda owner, _, turn: run.conversations.again(owner, turn, stop),
    ):
        said = []
        for owner, conversation, turn in (("you", made, stored.id), ("you", "0a" * 16, "0b" * 16)):
            with pytest.raises(BadInput) as told:
                verb(owner, conversation, turn)
            said.append(str(told.value))
        assert len(set(said)) == 1
    assert run.originals.all("0a" * 16) == {}
    going, events = started(run, made, "Write a novel!")
    run.history.delete("me", made)
    for owner in ("you", ""):
        assert not run.conversations.forget(owner, [made])
        assert not run.conversations.forget_everything(owner)
    assert run.history.deleted("you") == []
    assert run.library.sources(made)
    list(events)
    run.history.undelete("me", made)
    assert run.history.turn("me", going.id).state == "done"  # nor did they stop what is being answered there


def test_one_conversation_finds_nothing_of_another(run: ProgramRun, notes: Attachment) -> None:
    mine, other = run.history.make("me").id, run.history.make("me").id
    run.ask(mine, "Who serviced the pump?", notes)
    assert run.ask(other, "Who serviced the pump?").answer.citations == ()


def test_what_is_forgotten_is_gone_from_library_disk_and_history(run: ProgramRun, notes: Attachment) -> None:
    made, stays = run.history.make("me").id, run.history.make("me").id
    run.ask(made, "Who serviced the pump?", notes)
    run.ask(stays, "Who serviced the pump?", notes)
    assert run.conversations.forget("me", [made]) == ()  # it was not deleted
    run.history.delete("me", made)
    assert run.conversations.forget("me", [made]) == [made]
    assert run.library.sources(made) == {}
    assert run.originals.all(made) == {}
    assert run.library.sources(stays)
    assert run.conversations.forget_everything("me") == [stays]
    assert run.library.sources(stays) == {}
    assert run.history.removals() == []


def test_what_is_forgotten_before_the_library_is_open_goes_once_it_is(
    begin: Callable[..., ProgramRun], notes: Attachment
) -> None:
    run = begin().start()
    made = run.history.make("me").id
    run.ask(made, "Who serviced the pump?", notes)
    run.close()
    after = begin()
    assert after.conversations.forget_everything("me") == [made]
    assert after.library.sources(made)
    after.start()
    assert after.library.sources(made) == {}
    assert after.history.removals() == []


def test_forgetting_ends_an_answer_that_is_being_made(begin: Callable[..., ProgramRun]) -> None:
    run = begin(saying([("", "word " * 500)], delay_seconds=0.02)).start()
    made = run.history.make("me").id
    _, events = started(run, made, "Write a novel!")
    told: list[Event] = []
    answering = threading.Thread(target=lambda: told.extend(events))
    answering.start()
    run.history.delete("me", made)
    assert run.conversations.forget("me", [made]) == [made]
    answering.join(5)
    assert not answering.is_alive()
    assert sum(isinstance(one, Delta) for one in told) < 500


# At once, and beside libraries


def test_several_conversations_are_answered_at_once(begin: Callable[..., ProgramRun], tmp_path: Path) -> None:
    run = begin(saying([(f"number {n}", f"answer {n} " * 40) for n in range(6)], delay_seconds=0.005)).start()
    ids = [run.history.make("me").id for _ in range(6)]

    def work(number: int) -> None:
        path = tmp_path / f"{number}.txt"
        path.write_text(f"This is file number {number}.")
        file = Attachment(path, path.name)
        list(run.conversations.ask("me", ids[number], Turn((Text(f"number {number}"), file)), "", threading.Event())[1])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, made in enumerate(ids):
        (stored,) = run.history.turns("me", made)
        assert stored.state == "done", stored
        assert stored.said.startswith(f"answer {number}")
        assert list(run.library.sources(made).values()) == [f"{number}.txt"]


def test_the_libraries_of_a_conversation_are_searched_and_the_turn_is_counted_as_busy(
    run: ProgramRun, notes: Attachment
) -> None:
    shelf, active_turns = "0f" * 16, ActiveTurns()
    list(run.assistant.files.file_again(notes.path, notes.name, Conversation(shelf)))
    asked: list[tuple[str, Sequence[str]]] = []

    def scopes(owner: str, ids: Sequence[str]) -> tuple[str, ...]:
        asked.append((owner, ids))
        return (shelf,) if active_turns() and "pumps" in ids else ()

    conversations = Conversations(run.history, run.assistant, run.originals, scopes, active_turns)
    made = run.history.make("me").id
    run.history.use_libraries("me", made, ["pumps"])
    _, events = conversations.ask("me", made, Turn((Text("Who serviced the pump?"),)), "", threading.Event())
    last = to_end(events)
    assert isinstance(last, Done)
    assert last.answer.citations[0].source == "notes.txt"
    assert asked == [("me", ("pumps",))]
    assert not active_turns()

"""Answers that nothing is kept of, also where the process that made them was killed."""

import subprocess
import sys
import threading
from pathlib import Path

from assistant.conversations.fair_queue import FairQueue
from assistant.conversations.passing import Passing, PassingTurn
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.storage.api_keys import ApiKeys
from assistant.values.conversation import Conversation
from assistant.values.events import Done
from assistant.values.limits import VisitorShares
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import ended, make_assistant

ENGINE = ScriptedEngine([ScriptedLine("", "Hello there.")])


def a_number_of_nobody() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    return gone.pid


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    """Its folder, and what it had put into the library."""
    keys, assistant = ApiKeys(tmp_path / "keys"), make_assistant(ENGINE)
    left, given = tmp_path / "passing" / str(a_number_of_nobody()), tmp_path / "plan.txt"
    (left / "call").mkdir(parents=True)
    (left / "call" / "1.txt").write_text("The surgeon comes on Thursday.")
    given.write_text("The surgeon comes on Thursday.")
    conversation = Conversation()
    ended(assistant.files.file_again(given, "plan.txt", conversation))
    keys.begun(conversation.id)
    try:
        passing = Passing(assistant, FairQueue(), tmp_path / "passing", keys)
        assert not left.exists()
        keys.begun("of this run")
        passing.sweep()
        assert keys.unfinished() == ["of this run"]
        assert assistant.library.get().search("surgeon", conversation.id) == []
    finally:
        keys.close()
        assistant.close()


def test_the_folder_of_another_running_process_is_left_alone(tmp_path: Path) -> None:
    keys = ApiKeys(tmp_path / "keys")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        theirs = tmp_path / "passing" / str(other.pid)
        theirs.mkdir(parents=True)
        Passing(make_assistant(ENGINE), FairQueue(), tmp_path / "passing", keys)
        assert theirs.exists()
        other.communicate(b"\n")
    keys.close()


def test_a_file_is_gone_from_the_library_once_it_was_answered(tmp_path: Path) -> None:
    keys, assistant = ApiKeys(tmp_path / "keys"), make_assistant(ENGINE)
    passing = Passing(assistant, FairQueue(VisitorShares()), tmp_path / "passing", keys)
    plan = tmp_path / "plan.txt"
    plan.write_text("The surgeon comes on Thursday.")
    turn = Turn((Text("When does the surgeon come?"), Attachment(plan, "plan.txt")))
    seen: list[list[str]] = []
    try:
        for event in passing.answer("me", PassingTurn(turn), threading.Event()):
            seen.append(keys.unfinished())
            last = event
        assert isinstance(last, Done)
        (scope,) = seen[-1]  # while it was answered it was noted down
        assert keys.unfinished() == []
        assert assistant.library.get().sources(scope) == {}
    finally:
        keys.close()
        assistant.close()

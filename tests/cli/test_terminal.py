"""The terminal: what a person reads, what a program reads, and the exit status."""

import io
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.values.errors import BadInput
from assistant.values.events import Answer, Citation, Delta, Done, Failed, MadeFile, Received, ReceivedEvidence, Status
from assistant.values.evidence import Page
from assistant.values.messages import as_message
from assistant.values.request import Request
from tests.support.fakes import Tones, make_assistant, saying
from ui import terminal

ROOT = Path(__file__).parents[2]
ANSWER = Answer(
    "It was Dana.[1]",
    (Citation(1, "abc", "report.pdf", "text", Page(3), "serviced by\nDana"),),
    grounded=True,
    received=Received(evidence=(ReceivedEvidence("report.pdf", "text", Page(3), 0.9),), notes=("1 note.",)),
    timings=(("whole turn", 1.5),),
    models=(("chat", "tiny"),),
)


def shown(*events):
    out, err = io.StringIO(), io.StringIO()
    status = terminal.show(iter(events), out, err)
    return status, out.getvalue(), err.getvalue()


def test_a_person_reads_the_words_as_they_come_and_then_the_evidence():
    status, out, err = shown(
        Status("searching", as_message("Searching")), Delta("It was "), Delta("Dana."), Done(ANSWER)
    )
    assert status == 0
    assert out == "It was Dana.\n[1] report.pdf, page 3: “serviced by Dana”\n"
    assert "Searching" in err
    assert "1 note." in err


def test_how_a_request_was_understood_is_said_beside_the_answer():
    request = Request("what of it?", files=("abc",), meant="last", sure=False)
    received = replace(ANSWER.received, request=request, names=(("abc", "report.pdf"),))
    _, out, err = shown(Done(replace(ANSWER, received=received)))
    assert "Understood as: question · report.pdf (as in the turn before) (not sure)\n" in err
    assert "Understood" not in out


def test_a_status_that_goes_on_is_told_once():
    waiting = Status("loading", as_message("Language model: loading"))
    _, _, err = shown(waiting, waiting, Status("searching", as_message("Searching")), Done(ANSWER))
    assert err.count("Language model: loading") == 1


def test_what_turned_out_unsupported_is_followed_by_the_plain_sentence():
    plain = Answer("This is not in what you gave me (report.pdf).")
    _, out, _ = shown(Delta("It was Jane."), Done(plain))
    assert out.endswith("This is not in what you gave me (report.pdf).\n")


def test_what_nothing_supports_is_said_beside_the_answer():
    partly = Answer("950.[1] Bargain.", ANSWER.citations, grounded=True, unsupported=("Bargain.",))
    assert "Nothing you gave supports: Bargain.\n" in shown(Done(partly))[2]
    known = Received(prompt_tokens=9, request=Request("capital of France?", "knowledge"))
    assert shown(Done(Answer("Paris.", received=known)))[2].endswith("nothing you gave supports it.\n")


@pytest.mark.parametrize(("bad_input", "expected"), [(True, 2), (False, 1)])
def test_the_exit_status_tells_whose_fault_it_was(bad_input, expected):
    assert shown(Failed("No.", bad_input))[0] == expected


def test_json_is_one_object_with_everything():
    out = io.StringIO()
    assert terminal.show_json(iter([Delta("It"), Done(ANSWER)]), out) == 0
    told = json.loads(out.getvalue())
    assert told["answer"] == "It was Dana.[1]"
    assert told["citations"] == [
        {
            "number": 1,
            "source": "report.pdf",
            "medium": "text",
            "location": {"kind": "page", "number": 3, "boxes": [], "words": "page 3"},
            "quote": "serviced by\nDana",
            "seen": False,
            "link": "report.pdf#page=3",
        }
    ]
    assert told["received"]["evidence"][0]["location"]["number"] == 3
    assert told["timings"] == {"whole turn": 1.5}
    assert told["models"] == {"chat": "tiny"}


def test_json_of_a_failure_says_what_is_wrong():
    out = io.StringIO()
    assert terminal.show_json(iter([Failed("No such file.", True)]), out) == 2
    assert json.loads(out.getvalue()) == {"error": "No such file."}


def test_a_whole_turn_can_be_told_as_json(tmp_path):
    from assistant.values.conversation import Conversation
    from assistant.values.parts import Attachment, Text, Turn

    path = tmp_path / "a.txt"
    path.write_text("The pump was serviced by Dana Ortiz.")
    turn = Turn((Text("Who serviced the pump?"), Attachment(path, "a.txt")))
    out = io.StringIO()
    terminal.show_json(make_assistant(saying({"pump": "Dana Ortiz."})).answer(turn, Conversation()), out)
    assert json.loads(out.getvalue())["citations"][0]["quote"] == "The pump was serviced by Dana Ortiz."


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={"PATH": "", "HOME": "/nonexistent", **environment},
    )  # fmt: skip


def test_a_missing_file_ends_with_status_2_before_any_model_is_loaded():
    done = run("ask", "What?", "--file", "nowhere.pdf")
    assert done.returncode == 2
    assert "There is no file nowhere.pdf" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_ends_with_status_2_and_one_sentence():
    done = run("ask", "What?", MEDLEY_PORT="many")
    assert done.returncode == 2
    assert done.stderr == "MEDLEY_PORT must be a whole number, not “many”.\n"


def test_settings_may_stand_before_or_after_the_command():
    for arguments in (("--fusion", "attention", "ask", ""), ("ask", "", "--fusion", "attention")):
        assert "Ask something" in run(*arguments).stderr


def test_an_answer_is_read_into_a_file(tmp_path):
    told: list[str] = []
    assert [*terminal.noting(iter([Delta("It"), Done(ANSWER)]), told)] == [Delta("It"), Done(ANSWER)]
    speaker = Tones()
    terminal.read_aloud(told[0], speaker, 1.25, tmp_path / "answer.wav")
    assert speaker.said == [("It was Dana.", "", 1.25)]
    assert (tmp_path / "answer.wav").read_bytes()[:4] == b"RIFF"
    with pytest.raises(BadInput, match="cannot be written"):
        terminal.read_aloud(told[0], speaker, 1.0, tmp_path)


def test_files_of_the_answer_are_saved_beside_what_is_there(tmp_path):
    made = (MadeFile("talk.srt", "application/x-subrip", "1\n"), MadeFile("../../up.txt", "text/plain", "水泵\n"))
    done = Done(Answer("Here.", files=made))
    folder, err = tmp_path / "new" / "folder", io.StringIO()
    assert list(terminal.saving(iter([Delta("Here."), done]), folder, err)) == [Delta("Here."), done]
    assert (folder / "talk.srt").read_text() == "1\n"
    assert (folder / "up.txt").read_text(encoding="utf-8") == "水泵\n"
    assert err.getvalue() == f"Saved {folder / 'talk.srt'}\nSaved {folder / 'up.txt'}\n"
    list(terminal.saving(iter([done]), folder, err))
    assert sorted(path.name for path in folder.iterdir()) == ["talk (2).srt", "talk.srt", "up (2).txt", "up.txt"]
    assert not (tmp_path / "up.txt").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    done = Done(Answer("Here.", files=(MadeFile("a.txt", "text/plain", ""),)))
    with pytest.raises(BadInput, match="cannot be written"):
        list(terminal.saving(iter([done]), tmp_path / "file", io.StringIO()))


def test_json_has_the_files_whole():
    out = io.StringIO()
    terminal.show_json(iter([Done(Answer("Here.", files=(MadeFile("a.srt", "application/x-subrip", "1\n"),)))]), out)
    assert json.loads(out.getvalue())["files"] == [
        {"name": "a.srt", "media_type": "application/x-subrip", "text": "1\n"}
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix has them")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_whoever_ends_it_by_a_signal_is_answered_like_ctrl_c(name: str) -> None:
    program = "import app, sys; print('here', flush=True); sys.exit(app.main(['ask', '-']))"
    command = [sys.executable, "-c", program]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **streams) as child:  # type: ignore[call-overload]
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        time.sleep(1)  # until it waits for the question
        child.send_signal(getattr(signal, name))
        _, err = child.communicate(timeout=20)
    assert (child.returncode, err) == (130, "\nStopped.\n")

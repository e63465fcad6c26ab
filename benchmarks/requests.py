"""What people ask of their files, whole conversations in one process: how often the answer is right.

    python benchmarks/requests.py FILE.jsonl [--files FOLDER] [--only ID,ID] [--kind KIND] [--limit N] [--llm NAME]
                               [--spoken] [--json]

FILE holds a case a line (benchmarks/cases.py says how), such as benchmarks/data/requests.jsonl. The files that it
names are looked for in FOLDER, by default the folder `files` beside FILE. Every case is a conversation of its own.
Prints a line for every case, then right/all by kind and by language, the seconds, and, as far as the answers tell it,
which kinds of request the cases were taken for. A turn that ended without an answer is judged by what the person was
told instead.

--spoken: every question is read aloud by Medley's own voice, in English or Chinese, and handed over as a recording, as
somebody does who asks with the microphone; what was heard stands behind the answer.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.ports.speech import Speaker
from assistant.settings.settings import from_environment
from assistant.setup.models import Models
from assistant.speech.synthesis.sound_file import wav
from assistant.speech.synthesis.speakable import speakable
from assistant.text.tokens import is_cjk
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done, Failed
from assistant.values.evidence import describe
from assistant.values.parts import Attachment, Text, Turn
from benchmarks.cases import Case, CaseAnswer, lacks, read

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

SHOWN = 100  # characters of an answer
SHORT = 40  # of each thing that it lacks
Row = dict[str, Any]  # what is told of one case


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="where the files lie that the cases name")
    parser.add_argument("--only", default="", metavar="ID,ID", help="these cases alone")
    parser.add_argument("--kind", default="", help="the cases of this kind alone")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N of them")
    parser.add_argument("--llm", metavar="NAME", help="the chat model, as app.py takes it")
    parser.add_argument("--spoken", action="store_true", help="the questions are spoken")
    parser.add_argument("--json", action="store_true", help="one JSON object with every answer whole")
    options = parser.parse_args()
    folder = options.files or options.file.parent / "files"
    cases = chosen(read(options.file), options.only, options.kind)[: options.limit]
    if lost := sorted({name for case in cases for name in given(case) if not (folder / name).is_file()}):
        parser.error(f"not in {folder}: {', '.join(lost)}")
    assistant = open_assistant(options.llm)
    speaker = open_speaker() if options.spoken else None
    rows = []
    try:
        for case in cases:
            rows.append(row(case, list(answers(assistant, case, folder, speaker)), datetime.now()))
            print(line(rows[-1]), file=sys.stderr if options.json else sys.stdout, flush=True)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # what was answered so far is told
    finally:
        assistant.close()
    if options.json:
        print(json.dumps(summary(rows) | {"cases": rows}, ensure_ascii=False, indent=2))
    else:
        show(summary(rows))
    return 0


def open_assistant(llm: str | None, only_chat: bool = False) -> "Assistant":
    """The assistant that app.py builds, loaded, which keeps nothing. What app.py offers is used here alone.

    only_chat: its other models are loaded when they are needed, if ever.
    """
    from cli.main import QUIET
    from cli.wiring import wire

    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    assistant = wire(from_environment(os.environ, llm=llm), None)[1]
    others = (assistant.library, assistant.transcriber, assistant.reader, assistant.classifier)
    for part in (assistant.engine, *(() if only_chat else others)):
        part.get()  # so that no case's seconds hold the loading
    return assistant


def chosen(cases: Sequence[Case], only: str, kind: str) -> list[Case]:
    ids = {one.strip() for one in only.split(",") if one.strip()}
    if unknown := ids - {case.id for case in cases}:
        raise SystemExit(f"There is no case {', '.join(sorted(unknown))}.")
    return [case for case in cases if (not ids or case.id in ids) and (not kind or case.kind == kind)]


def given(case: Case) -> tuple[str, ...]:
    return (*case.files, *([case.voice] if case.voice else []))


def answers(assistant: "Assistant", case: Case, folder: Path, speaker: Speaker | None = None) -> Iterator[CaseAnswer]:
    """One for every turn, in a conversation that is forgotten afterwards. speaker: reads the questions aloud."""
    conversation = Conversation()
    with tempfile.TemporaryDirectory() as made:
        try:
            for number, text in enumerate(case.turns or ("",)):
                parts = asked(text, Path(made) / f"question_{number}.wav", speaker)
                if number == 0:
                    parts += [Attachment(folder / case.voice, case.voice, spoken=True)] if case.voice else []
                    parts += [Attachment(folder / name, name) for name in case.files]
                yield one_turn(assistant, Turn(tuple(parts)), conversation)
        finally:
            assistant.files.forget(conversation.id)


def asked(text: str, recording: Path, speaker: Speaker | None) -> list[Text | Attachment]:
    """The words, or the file that `speaker` says them in."""
    if not text:
        return []
    if speaker is None:
        return [Text(text)]
    spoken = speaker.say(speakable(text, "zh" if is_cjk(text) else "en"))
    recording.write_bytes(wav([spoken]))
    return [Attachment(recording, recording.name, spoken=True)]


def open_speaker() -> Speaker:
    return Models(from_environment(os.environ)).speaker.get()


def one_turn(assistant: "Assistant", turn: Turn, conversation: Conversation) -> CaseAnswer:
    began = time.perf_counter()
    *_, last = assistant.answer(turn, conversation)
    seconds = time.perf_counter() - began
    match last:
        case Done(answer):
            cited = tuple(f"{one.source}, {describe(one.location)}" for one in answer.citations)
            heard = answer.received.heard
            return CaseAnswer(answer.text, cited, request_of(answer), False, seconds, answer.confidence, heard)
        case Failed(message):
            return CaseAnswer(message, failed=True, seconds=seconds)
        case _:
            raise AssertionError("an answer ends with Done or Failed")


def request_of(answer: Answer) -> str:
    """The kind of request that the assistant took this for; "" where it does not tell."""
    told = getattr(answer.received, "request", "")
    return str(getattr(told, "kind", told) or "")


def row(case: Case, said: Sequence[CaseAnswer], now: datetime) -> Row:
    last = said[-1]
    wrong = lacks(case, said, now)
    return {
        "id": case.id,
        "kind": case.kind,
        "language": case.language or "not told",
        "right": not wrong,
        "lacks": wrong,
        "seconds": round(sum(one.seconds for one in said), 2),
        "failed": any(one.failed for one in said),
        "expected request": case.request,
        "request": last.request,
        "cited": list(last.cited),
        "answers": [one.text for one in said],
        "heard": [one.heard for one in said if one.heard],
    }


def line(one: Row) -> str:
    answer = " ".join(one["answers"][-1].split())[:SHOWN]
    wrong = f"  (lacks {'; '.join(text[:SHORT] for text in one['lacks'])})" if one["lacks"] else ""
    heard = f"  (heard {' / '.join(one['heard'])})" if one["heard"] else ""
    return f"{'right' if one['right'] else 'WRONG'}  {one['id']}  {one['seconds']:.1f} s  {answer}{wrong}{heard}"


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "right": share(rows),
        "by kind": shares(rows, "kind"),
        "by language": shares(rows, "language"),
    }
    if rows:
        seconds = [one["seconds"] for one in rows]
        told["seconds"] = {"median": round(statistics.median(seconds), 1), "total": round(sum(seconds), 1)}
    told["failed"] = sum(one["failed"] for one in rows)
    expected = [one for one in rows if one["expected request"] and one["request"]]
    if expected:
        told["requests as expected"] = share(expected, lambda one: one["request"] == one["expected request"])
    if any(one["request"] for one in rows):
        kinds = dict.fromkeys(one["kind"] for one in rows)
        told["kind × request"] = {
            kind: dict(Counter(one["request"] or "not told" for one in rows if one["kind"] == kind).most_common())
            for kind in kinds
        }
    return told


def shares(rows: Sequence[Row], name: str) -> dict[str, str]:
    groups = dict.fromkeys(one[name] for one in rows)
    return {group: share([one for one in rows if one[name] == group]) for group in groups}


def share(rows: Sequence[Row], holds: Callable[[Row], bool] = lambda one: one["right"]) -> str:
    return f"{sum(holds(one) for one in rows)}/{len(rows)}"


def show(told: dict[str, Any]) -> None:
    print()
    for name, value in told.items():
        if name == "kind × request":
            show_table(name, value)
        elif isinstance(value, dict):
            print(f"{name}: " + ", ".join(f"{key} {one}" for key, one in value.items()))
        else:
            print(f"{name}: {value}")


def show_table(name: str, table: dict[str, dict[str, int]]) -> None:
    """Rows: kinds of cases. Columns: kinds of request, the commonest first."""
    columns = [one for one, _ in sum((Counter(counts) for counts in table.values()), Counter()).most_common()]
    first = max(len(name), *map(len, table))
    print("  ".join([name.ljust(first), *columns]))
    for kind, counts in table.items():
        cells = [str(counts.get(column, "·")).rjust(len(column)) for column in columns]
        print("  ".join([kind.ljust(first), *cells]))


if __name__ == "__main__":
    sys.exit(main())

"""One turn in the terminal: streamed to a person, or as one JSON object. Knows no browser and no Gradio."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TextIO

from assistant.ports.speech import Speaker
from assistant.values.answer_json import printed
from assistant.values.errors import BadInput
from assistant.values.events import Answer, Delta, Done, Event, Failed, Status
from assistant.values.evidence import describe
from assistant.values.messages import as_message
from assistant.values.standing import standing
from ui.understood import understood
from ui.words.chat import ENGLISH

ANSWERED, FAILED, BAD_INPUT = 0, 1, 2
QUOTED = 240  # letters of a quote below the answer


def show(events: Iterator[Event], out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> int:
    """Statuses to `err`, the answer to `out` as it is written, then its evidence. Returns the exit status."""
    streamed, told = "", ""
    for event in events:
        match event:
            case Status(_, text):
                if not streamed and text != told:
                    told = text
                    print(_dim(f"· {text}", err), file=err, flush=True)
            case Delta(text):
                streamed += text
                print(text, end="", file=out, flush=True)
            case Done(answer):
                _finish(answer, streamed, out, err)
                return ANSWERED
            case Failed(message, bad_input):
                print(("\n" if streamed else "") + message, file=err, flush=True)
                return BAD_INPUT if bad_input else FAILED
    raise AssertionError("an answer ends with Done or Failed")


def show_json(events: Iterator[Event], out: TextIO = sys.stdout) -> int:
    """One object on `out`: the answer, or {"error": …}. Returns the exit status."""
    for event in events:
        match event:
            case Done(answer):
                print(json.dumps(printed(answer), ensure_ascii=False, indent=2), file=out, flush=True)
                return ANSWERED
            case Failed(message, bad_input):
                print(json.dumps({"error": message}, ensure_ascii=False), file=out, flush=True)
                return BAD_INPUT if bad_input else FAILED
            case _:
                pass
    raise AssertionError("an answer ends with Done or Failed")


def noting(events: Iterator[Event], told: list[str]) -> Iterator[Event]:
    """The same events; the text of the answer is put into `told`."""
    for event in events:
        if isinstance(event, Done):
            told.append(event.answer.text)
        yield event


def saving(events: Iterator[Event], folder: Path, err: TextIO = sys.stderr) -> Iterator[Event]:
    """The same events; the files of the answer are put into this folder, beside what is there. Raises BadInput where
    that cannot be done."""
    for event in events:
        if isinstance(event, Done):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                for made in event.answer.files:
                    path = _free(folder, made.name)
                    path.write_bytes(made.text.encode("utf-8"))
                    print(_dim(f"Saved {path}", err), file=err, flush=True)
            except OSError as error:
                raise BadInput(as_message(f"{folder} cannot be written: {error.strerror}.")) from error
        yield event


def read_aloud(answer: str, speaker: Speaker, speed: float, path: Path) -> None:
    """The answer as a WAV file. Raises BadInput where it cannot be written, EngineError where nobody can say it."""
    from assistant.speech.synthesis.sound_file import wav
    from assistant.speech.synthesis.spoken_answer import SpokenAnswer

    made = wav([speaker.say(piece, "", speed) for piece in SpokenAnswer(answer).pieces])
    try:
        path.write_bytes(made)
    except OSError as error:
        raise BadInput(as_message(f"{path} cannot be written: {error.strerror}.")) from error


def _finish(answer: Answer, streamed: str, out: TextIO, err: TextIO) -> None:
    if not streamed:
        print(answer.text, end="", file=out)
    elif not answer.text.startswith(streamed.strip()[:20]):
        print(f"\n{answer.text}", end="", file=out)  # what was streamed turned out to be unsupported
    print(file=out)
    for citation in answer.citations:
        quote = " ".join(citation.quote.split())
        quote = quote if len(quote) <= QUOTED else f"{quote[:QUOTED].rstrip()} …"
        print(f"[{citation.number}] {citation.source}, {describe(citation.location)}: “{quote}”", file=out)
    for number, line in enumerate(understood(answer.received, "en")):
        print(_dim(f"  - {line}" if number else line, err), file=err)
    for sentence in _unsupported(answer):
        print(_dim(sentence, err), file=err)
    for note in answer.received.notes:
        print(_dim(note, err), file=err)
    out.flush()


def _unsupported(answer: Answer) -> list[str]:
    match standing(answer):
        case "partly":
            return [f"Nothing you gave supports: {sentence}" for sentence in answer.unsupported]
        case "itself":
            return [ENGLISH.not_grounded]
        case "seen or itself":
            return [ENGLISH.seen_or_itself]
        case "another script":
            return [ENGLISH.another_script]
        case "":
            return []


def _free(folder: Path, name: str) -> Path:
    """Where nothing is yet: nobody's file is written over. A name is one of a file in this folder, whatever it says."""
    plain = PurePath(name.replace("\\", "/")).name or "answer.txt"
    path, number = folder / plain, 1
    while path.exists():
        number += 1
        path = folder / f"{PurePath(plain).stem} ({number}){PurePath(plain).suffix}"
    return path


def _dim(text: str, stream: TextIO) -> str:
    return f"\x1b[2m{text}\x1b[0m" if stream.isatty() else text

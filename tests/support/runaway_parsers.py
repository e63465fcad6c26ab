"""Parsers that misbehave, for the tests of the process that parses: what the file says is what it does."""

import ctypes
import os
import time
from pathlib import Path

from PIL import Image

from assistant.values.evidence import Document, Page, Passage
from assistant.values.messages import as_message, say
from retrieval.parse_context import ParseContext


def parse(path: Path, name: str, media_type: str, reading: ParseContext) -> Document:
    match path.read_text().split():
        case ["spin"]:
            while True:
                pass
        case ["sleep"]:
            time.sleep(60)
        case ["eat"]:
            eaten = []
            while True:
                eaten.append(bytearray(50_000_000))
        case ["crash"]:
            ctypes.string_at(0)
        case ["raise"]:
            raise ZeroDivisionError("a fault of the parser")
        case ["exit"]:
            os._exit(0)
        case ["print"]:
            os.write(1, b"a library that talks")
            print("a library that talks")  # noqa: T201
        case ["look", width]:
            lines = reading.lines_of(
                Image.new("RGB", (int(width), 50), "white"), say("page {page} of {pages}", page=7, pages=9)
            )
            return Document("id", name, "text", (Passage(" ".join(line.text for line in lines), Page(7)),))
        case ["environment"]:
            return Document("id", name, "text", (Passage(" ".join(sorted(os.environ)), Page(1)),))
    return Document("id", name, "text", (Passage(str(os.getpid()), Page(1)),), 1, (as_message("well"),))

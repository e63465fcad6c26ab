"""Examples: what people say for each kind of request, as data: prompts/requests/KIND.jsonl.

A line is {"language": "en", "wording": "transcribe this", "facet": "plain"}; facet may be missing. A new kind is a
new file; nothing else has to be told of it but the way that answers it. Wordings that tell a facet where the kind is
known, and would say too little of the kind ("can I use it on a tablet?"), stand in prompts/requests/facets.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prompts import REQUESTS

FACETS = REQUESTS / "facets"


@dataclass(frozen=True)
class LabelledRequest:
    """A wording and what is meant by it. facet: "" where its kind has none."""

    kind: str
    language: str
    wording: str
    facet: str = ""


@cache
def examples(folder: Path = REQUESTS) -> tuple[LabelledRequest, ...]:
    """All of a folder, by file name. Raises ValueError naming the line that is none."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                given = json.loads(line)
                found.append(LabelledRequest(file.stem, given["language"], given["wording"], given.get("facet", "")))
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise ValueError(f"{file.name}, line {number}, is no example: {error}") from error
    return tuple(found)


def digest(these: tuple[LabelledRequest, ...], learnt: tuple[float, ...] = ()) -> str:
    """SHA-256 (hex) of these examples, and of how they are learnt, for what is computed from them and kept."""
    told = json.dumps([[one.kind, one.language, one.wording, one.facet] for one in these], ensure_ascii=False)
    told += json.dumps(learnt)
    return hashlib.sha256(told.encode()).hexdigest()

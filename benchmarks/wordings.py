"""What people say that stands in no example: requests with their right kind, and what is there when they are said.

A line of data/wordings*.jsonl is {"language": "en", "wording": "transcrbe pls", "kind": "transcript", "files":
["audio"], "answered": false}; "also" names kinds that are right, too. Where something was answered before, the files
were given then.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.kinds.examples import examples
from assistant.answering.understanding import There
from assistant.values.conversation import Conversation, Exchange
from assistant.values.evidence import Medium
from assistant.values.files import FileFacts

SETS = tuple(Path(__file__).parent / "data" / name for name in ("wordings.jsonl", "wordings2.jsonl"))
MEDIUM: dict[str, Medium] = {
    "document": "text", "table": "text", "image": "image", "audio": "audio", "video": "video"
}  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """kinds: those that are right."""

    words: str
    language: str
    kinds: frozenset[str]
    there: There

    @property
    def group(self) -> str:
        return self.language if self.language in ("en", "zh") else "others"


def unseen(*files: Path) -> list[Wording]:
    """Those of these files, or of all, that no example says, whatever its capitals and full stops."""
    known = {_same(one.wording) for one in examples()}
    return [one for file in files or SETS for one in _read(file) if _same(one.words) not in known]


def _read(file: Path) -> Iterator[Wording]:
    for line in file.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        also = told.get("also") or []
        kinds = frozenset([told["kind"], *([also] if isinstance(also, str) else also)])
        yield Wording(told["wording"], told["language"], kinds, _there(told["files"], told["answered"]))


def _there(media: list[str], answered: bool) -> There:
    files = tuple(FileFacts(f"id{n}", f"IMG_000{n}", MEDIUM[medium]) for n, medium in enumerate(media))
    meant = tuple(one.source_id for one in files)
    if not answered:
        return There(files, meant, frozenset(), Conversation())
    return There(files, (), frozenset(), Conversation(exchanges=[Exchange("What is it?", "It is 9.", files=meant)]))


def _same(wording: str) -> str:
    return wording.casefold().strip(" ?!.,…？！。，")

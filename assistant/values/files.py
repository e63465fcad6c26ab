"""What is known of a file exactly, beside its text: so that nobody has to ask a model how many pages it has."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import get_args

from assistant.values.evidence import Medium


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file. A field is 0, "", () or None where it does not apply or is not known."""

    source_id: str
    name: str
    medium: Medium = "text"
    media_type: str = ""
    """What its bytes are."""
    bytes: int = 0
    pages: int = 0
    """How many pages it has."""
    slides: int = 0
    """How many slides it has."""
    seconds: float = 0.0
    """The length of a recording or film."""
    width: int = 0
    """Of a picture or film as it is shown, in pixels."""
    height: int = 0
    """Of a picture or film as it is shown, in pixels."""
    sheets: tuple[str, ...] = ()
    """The names of its sheets."""
    outline: tuple[str, ...] = ()
    """Its headings in order, without the title."""
    words: int = 0
    """How many words its text has, or are spoken in a recording. Chinese and Japanese characters count one each."""
    title: str = ""
    """What the document itself says."""
    author: str = ""
    """What the document itself says."""
    written: str = ""
    """What the document itself says, as an ISO 8601 date or time."""
    taken: str = ""
    """When a photo was taken, as "2024-05-17 18:03"."""
    camera: str = ""
    """The camera with which a photo was taken."""
    language: str = ""
    """The language that is spoken, ISO 639-1."""
    speech: bool | None = None
    """Whether somebody speaks in a recording, so far, where it is still being taken in. None: it has no sound."""

    speakers: int = 0
    """How many voices are told apart on one channel; 0: nobody tried."""

    def grown(self, more: "FileFacts") -> "FileFacts":
        """Of a recording of which more came in. more: the words of that part, and what is known of the whole by now."""
        return replace(
            self,
            seconds=more.seconds or self.seconds,
            words=self.words + more.words,
            language=self.language or more.language,
            speech=self.speech if more.speech is None else more.speech,
            speakers=max(self.speakers, more.speakers),
        )

    def to_json(self) -> dict[str, object]:
        """What is known and nothing else."""
        known = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}

    @classmethod
    def from_json(cls, told: Mapping[str, object]) -> "FileFacts":
        """The inverse. What an older or newer version left out, called otherwise or wrote otherwise is not known."""
        known: dict[str, object] = {"source_id": "", "name": ""}
        for name, value in told.items():
            if name in _DEFAULTS and (fitting := _fitting(value, name, _DEFAULTS[name])) is not None:
                known[name] = fitting
        return cls(**known)  # type: ignore[arg-type]


_DEFAULTS: dict[str, object] = {one.name: "" if one.default is MISSING else one.default for one in fields(FileFacts)}


def _fitting(value: object, name: str, default: object) -> object:
    """The value as its field holds it; None where it does not fit."""
    if name == "medium":
        return value if value in get_args(Medium) else None
    if default is None:
        return value if isinstance(value, bool) else None
    match default, value:
        case (_, bool()):
            return None
        case (tuple(), list() | tuple()):
            return tuple(part for part in value if isinstance(part, str))
        case (float(), int() | float()):
            return float(value)
        case (int(), int()) | (str(), str()):
            return value
        case _:
            return None

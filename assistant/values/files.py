"""What is known of a file exactly, beside its text: so that nobody has to ask a model how many pages it has."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import get_args

from assistant.values.evidence import Medium


@dataclass(frozen=True)
class FileFacts:
    """Zero, "", () or None where it does not apply or is not known.

    media_type: what its bytes are. pages, slides: their number. seconds: the length of a recording or film.
    width, height: of a picture or film as it is shown, in pixels. sheets: their names. outline: its headings in order,
    without the title. words: of its text, of a recording those that are spoken; Chinese and Japanese characters count
    one each. title, author, written: what the document says of itself; written is an ISO 8601 date or time.
    taken: "2024-05-17 18:03". language: of what is spoken, ISO 639-1. speech: whether somebody speaks, in a recording
    that is still being taken in so far; None: it has no sound.
    """

    source_id: str
    name: str
    medium: Medium = "text"
    media_type: str = ""
    bytes: int = 0
    pages: int = 0
    slides: int = 0
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    sheets: tuple[str, ...] = ()
    outline: tuple[str, ...] = ()
    words: int = 0
    title: str = ""
    author: str = ""
    written: str = ""
    taken: str = ""
    camera: str = ""
    language: str = ""
    speech: bool | None = None

    def grown(self, more: "FileFacts") -> "FileFacts":
        """Of a recording of which more came in. more: the words of that part, and what is known of the whole by now."""
        return replace(
            self,
            seconds=more.seconds or self.seconds,
            words=self.words + more.words,
            language=self.language or more.language,
            speech=self.speech if more.speech is None else more.speech,
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

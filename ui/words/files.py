"""The words of the files of a conversation: the line that shows them, and what can be done with each."""

from dataclasses import dataclass, field

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class FileWords:
    """Strings with {names} are filled with `str.format`. does: what stands on a button. asks: the question it asks."""

    language: Language = SOURCE
    files: str = "Files of this conversation"
    more: str = "What can be done with {name}"
    hearing: str = "heard {at} of {of}"
    watching: str = "looked at {at} of {of}"
    stuck: str = "not taken in"
    dropped: str = "removed"
    does: dict[str, str] = field(
        default_factory=lambda: {
            "transcript": "Transcript",
            "summary": "Summary",
            "text": "Text",
            "table": "Table",
            "describe": "What is in it",
        }
    )
    asks: dict[str, str] = field(
        default_factory=lambda: {
            "transcript": "Write down everything that is said in {name}.",
            "summary": "Summarise {name}.",
            "text": "What is written in {name}?",
            "table": "Show {name} as a table.",
            "describe": "Describe {name}.",
        }
    )
    keep: str = "Keep in “{library}”"
    kept: str = "“{name}” is being added to “{library}”."
    remove: str = "Remove from this conversation"
    take_back: str = "Have it back"
    kilobytes: str = "{size:.0f} kB"
    megabytes: str = "{size:.1f} MB"


ENGLISH = FileWords()

"""The words for a request as it was understood: what was wanted, of which files, and in which form."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnderstoodWords:
    """Strings with {names} are filled with `str.format`. meant: how the files were found out. What its kinds are
    called, each way of answering declares.
    """

    one: str = "Understood as: {request}"
    several: str = "Understood as several requests:"
    between: str = " · "
    unsure: str = "{request} (not sure)"
    files: str = "{names} ({meant})"
    more: str = "{names} and {count} more"
    counted: str = "{count} files"
    page: str = "page {first}"
    pages: str = "pages {first}–{last}"
    span: str = "{start}–{end}"
    span_on: str = "from {start} on"
    span_around: str = "around {at}"
    span_last: str = "the last {length}"
    sentence: str = "in one sentence"
    sentences: str = "in {count} sentences"
    items: str = "{count} of them"
    language: str = "answer in {language}"
    points_back: str = "with the turn before in mind"
    shapes: dict[str, str] = field(
        default_factory=lambda: {
            "words": "in words",
            "list": "as a list",
            "table": "as a table",
            "csv": "as CSV",
            "json": "as JSON",
            "srt": "as SRT",
            "vtt": "as WebVTT",
            "times": "with times",
        }
    )
    meant: dict[str, str] = field(
        default_factory=lambda: {
            "given now": "handed over now",
            "named": "named",
            "ordinal": "by its number",
            "medium": "by its kind",
            "last": "as in the turn before",
            "all": "everything here",
            "answer": "of the answer before",
            "libraries": "in everything that may be searched",
            "none": "without a file",
        }
    )


ENGLISH = UnderstoodWords()

"""The words for a request as it was understood: what was wanted, of which files, and in which form."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnderstoodWords:
    """Strings with {names} are filled with `str.format`. kinds: by the name of a file in prompts/requests. facets: by
    kind and facet, "clock date"; a facet that is not here is called as its kind. meant: how the files were found out.
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
    kinds: dict[str, str] = field(
        default_factory=lambda: {
            "about_medley": "question about Medley",
            "calculate": "calculation",
            "clock": "date and time",
            "compare": "comparison",
            "compute": "calculation with what stands there",
            "describe": "description",
            "fact": "question",
            "fields": "certain values, picked out",
            "file_facts": "facts about files",
            "knowledge": "question of general knowledge",
            "language": "which language it is in",
            "list": "list",
            "moment": "the moment when it comes up",
            "read": "the text as it stands",
            "rework": "another form",
            "small_talk": "small talk",
            "source": "which file it is in",
            "table": "table",
            "transcript": "transcript",
            "translate": "translation",
            "verify": "whether it is so",
            "where": "where it says so",
            "whole": "what it is about as a whole",
            "write": "a new text",
        }
    )
    facets: dict[str, str] = field(
        default_factory=lambda: {
            "clock date": "the date",
            "clock time": "the time",
            "clock until": "time until or since a day",
            "clock weekday": "the day of the week",
            "compute average": "average",
            "compute count": "count",
            "compute days": "number of days",
            "compute difference": "difference",
            "compute least": "the smallest value",
            "compute most": "the largest value",
            "compute percent": "percentage",
            "compute sum": "sum",
            "file_facts author": "author of a file",
            "file_facts date": "date of a file",
            "file_facts files": "which files there are",
            "file_facts length": "length of a recording",
            "file_facts outline": "headings of a file",
            "file_facts pages": "number of pages",
            "file_facts pixels": "size of a picture in pixels",
            "file_facts sheets": "sheets of a table",
            "file_facts size": "size of a file",
            "file_facts slides": "number of slides",
            "file_facts type": "type of a file",
            "file_facts words": "number of words",
            "transcript srt": "subtitles (SRT)",
            "transcript times": "transcript with times",
            "transcript vtt": "subtitles (WebVTT)",
            "whole decisions": "decisions",
            "whole explain": "explanation",
            "whole minutes": "minutes of a meeting",
            "whole outline": "outline",
            "whole points": "main points",
            "whole quiz": "quiz",
            "whole summary": "summary",
            "whole title": "title",
        }
    )
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

"""Requests read by everything that reads them, beside files with text, tables and days; no model is asked.

As a program: tells, as JSON, each pattern that was compiled for it, and each line that asked for one. Those are made of
tables of words when they are needed, and stand in no module.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator

from assistant.answering.kinds.examples import examples
from assistant.answering.slots import language_asked
from assistant.answering.tuning import tuning_for
from assistant.answering.understanding import There, understand
from assistant.answering.ways import Way, way_for
from assistant.values.errors import AssistantError
from assistant.values.evidence import Page, Passage
from assistant.values.files import FileFacts
from assistant.values.request import Request
from prompts import render_text
from retrieval.table import passage_of
from tests.support.turn_made import TurnRoom, heard

FACETS = {  # kind → what its examples call facets
    "calculate": ("",),
    "clock": ("time", "date", "weekday", "until"),
    "compute": ("sum", "count", "average", "most", "days"),
    "file_facts": ("pages", "size", "author", "date", "sheets", "outline"),
}
EVERY = 40  # of so many examples one is read
STAFF = [
    ("Name", "Town", "Joined", "Salary"),
    ("Ada Novak", "Brno", "2019-03-01", "2400"),
    ("Paul Stein", "Graz", "2022-07-15", "2100"),
    ("Mei Tan", "Brno", "2024-01-10", "2250.50"),
]
LETTER = "Invoice 12 of 3 March 2025.\nTea 3.50\nCoffee 4.00\nTotal: 7.50 €\nPayable by 5 May 2026."
BILL = "Rechnung 13 vom 3. März 2025.\nGesamtbetrag: 50,00 €"


def beside_files() -> TurnRoom:
    room = TurnRoom()
    rows = passage_of("Staff", [(number, list(row)) for number, row in enumerate(STAFF, 1)], "staff.xlsx", 10_000)
    assert rows is not None
    room.give(FileFacts("a", "staff.xlsx", sheets=("Staff",)), rows)
    room.give(FileFacts("b", "letter.txt"), Passage(LETTER, Page(1)))
    room.give(FileFacts("c", "bill.txt"), Passage(BILL, Page(1)))
    return room


def read(words: str, language: str, room: TurnRoom) -> None:
    context = room.context()
    understand(words, There(context.files, (), frozenset(), room.conversation), None, tuning_for(None))
    language_asked(words, anywhere=True)
    files = tuple(one.source_id for one in context.files)
    for kind, facets in FACETS.items():
        for facet in facets:
            answer(way_for(kind), Request(words, kind, facet, language, files), room)


def answer(way: Way, request: Request, room: TurnRoom) -> None:
    try:
        heard(way.answer(request, room.context()))
    except AssistantError:
        assert request.kind == "compute"  # it wants a formula of a model, and there is none


def compiled() -> Iterator[re.Pattern[str]]:
    """Each pattern that is compiled while examples of all kinds are read."""
    room = beside_files()
    render_text("")  # the language of templates has patterns, too, which no request meets
    re.purge()
    kept: dict[object, re.Pattern[str]] = re._cache  # type: ignore[attr-defined]
    re._MAXCACHE = 100_000  # type: ignore[attr-defined]
    for each in examples()[::EVERY]:
        read(each.wording, each.language, room)
    yield from (one for one in kept.values() if isinstance(one.pattern, str))


def watched(places: set[tuple[str, int]]) -> None:
    """From now on each line that asks `re` for something is noted, with its file."""

    def noting(verb: Callable[..., object]) -> Callable[..., object]:
        def asked(*given: object, **more: object) -> object:
            frame = sys._getframe(1)
            places.add((frame.f_code.co_filename, frame.f_lineno))
            return verb(*given, **more)

        return asked

    for name in ("compile", "search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split"):
        setattr(re, name, noting(getattr(re, name)))


if __name__ == "__main__":
    asked_for: set[tuple[str, int]] = set()
    watched(asked_for)
    json.dump({"patterns": [[one.pattern, one.flags] for one in compiled()], "places": sorted(asked_for)}, sys.stdout)

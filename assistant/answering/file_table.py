"""Several files as the rows of one table: what each comes to, and its day; so that they can be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.tables import Row, Stretch, Table
from assistant.answering.totals import total_of
from assistant.text.dates import dates_in
from assistant.text.day_labels import is_labelled
from assistant.values.evidence import Evidence
from assistant.values.files import FileFacts

HEADERS = ("file", "total", "date")
LEAST = 2  # files


@dataclass(frozen=True)
class _Day:
    """A day that stands on a line."""

    day: date
    line: Stretch
    labelled: bool


def file_table(files: Sequence[tuple[FileFacts, Sequence[Evidence]]]) -> Table | None:
    """None where fewer than two of the files say what they come to, or of which day they are."""
    rows: list[Row] = []
    for file, pieces in files:
        total = total_of(file, pieces)
        day = _day(pieces)
        stands = [Stretch(total.piece, *total.line)] if total is not None else []
        if day is not None and day.line not in stands:
            stands.append(day.line)
        if stands:
            amount = (
                f"{total.written} {total.quantity.unit if total.quantity.is_money else ''}".strip() if total else ""
            )
            rows.append(Row((file.name, amount, day.day.isoformat() if day else ""), tuple(stands)))
    filled = [at for at in (1, 2) if sum(bool(row.cells[at]) for row in rows) >= LEAST]
    if not filled:
        return None
    kept = (0, *filled)
    cut = tuple(Row(tuple(row.cells[at] for at in kept), row.stands) for row in rows)
    return Table("", "files", "", tuple(HEADERS[at] for at in kept), cut)


def _day(pieces: Sequence[Evidence]) -> _Day | None:
    """That which a line calls its date; else the only one there is."""
    found = list(_days(pieces))
    labelled = [one for one in found if one.labelled]
    if labelled:
        return labelled[0]
    return found[0] if len({one.day for one in found}) == 1 else None


def _days(pieces: Sequence[Evidence]) -> Iterator[_Day]:
    for piece in pieces:
        start = 0
        for line in piece.content.split("\n"):
            for one in dates_in(line, 0) if len(line) < 200 else ():
                if one.year_said and one.precision == "day":
                    yield _Day(one.day, Stretch(piece, start, start + len(line)), is_labelled(line[: one.start]))
            start += len(line) + 1

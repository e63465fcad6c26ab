"""Several files as the rows of one table: what each comes to, and its day; so that they can be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.tables import CellSpan, Row, Table
from assistant.answering.totals import total_of
from assistant.text.answer_language import N_
from assistant.text.dates import dates_in
from assistant.text.day_labels import is_labelled
from assistant.values.evidence import Evidence
from assistant.values.files import FileFacts

HEADERS = (N_("file"), N_("total"), N_("date"))
LEAST = 2  # files
_FILES = "files"


@dataclass(frozen=True)
class _Day:
    """A day that stands on a line."""

    day: date
    line: CellSpan
    labelled: bool


@dataclass(frozen=True)
class FileTable:
    """lines: of each row, by the header of a column, where its cell stands."""

    table: Table
    lines: tuple[dict[str, CellSpan], ...]

    def about(self, column: int | None) -> Table:
        """The same with the lines of this column alone, so that nothing else is cited."""
        header = self.table.headers[column] if column is not None else ""
        kept = [
            row._replace(stands=(lines[header],)) if header in lines else row
            for row, lines in zip(self.table.rows, self.lines, strict=True)
        ]
        return replace(self.table, rows=tuple(kept))


def file_table(files: Sequence[tuple[FileFacts, Sequence[Evidence]]]) -> FileTable | None:
    """None where fewer than two of the files say what they come to, or of which day they are."""
    found: list[tuple[str, dict[str, str], dict[str, CellSpan]]] = []
    for file, pieces in files:
        cells, lines = {}, {}
        if (total := total_of(file, pieces)) is not None:
            unit = total.quantity.unit if total.quantity.is_money else ""
            cells["total"], lines["total"] = f"{total.written} {unit}".strip(), CellSpan(total.piece, *total.line)
        if (day := _day(pieces)) is not None:
            cells["date"], lines["date"] = day.day.isoformat(), day.line
        if cells:
            found.append((file.name, cells, lines))
    headers = [header for header in HEADERS[1:] if sum(header in cells for _, cells, _ in found) >= LEAST]
    if not headers:
        return None
    rows = tuple(
        Row((name, *(cells.get(header, "") for header in headers)), tuple(dict.fromkeys(lines.values())))
        for name, cells, lines in found
    )
    return FileTable(Table("", _FILES, "", (HEADERS[0], *headers), rows), tuple(lines for _, _, lines in found))


def is_of_files(table: Table) -> bool:
    return not table.source_id and table.source == _FILES


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
                    yield _Day(one.day, CellSpan(piece, start, start + len(line)), is_labelled(line[: one.start]))
            start += len(line) + 1

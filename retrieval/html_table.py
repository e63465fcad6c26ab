"""A table of a web page as rows: cells that span reach every row and column that they stand over (HTML, section 4.9).

A number under two rows of headings gets both of them; a heading that spans all of it stands by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOST_COLUMNS = 1_000  # that a cell spans, and that a row has
_MOST_CELLS = 1_000_000  # that are made of those that span
_MOST_HEADER_ROWS = 5
_BETWEEN = " / "  # between a heading and the one below it


@dataclass(frozen=True)
class TableRow:
    """A row as it is read, or a heading that stands over those below it."""

    cells: list[str]
    is_heading: bool = False


@dataclass
class _Cell:
    text: str
    is_header: bool
    columns: int
    rows: int


def is_laid_out(table: "Tag") -> bool:
    """Whether it only lays a page out: its cells hold tables, or headings with text below them."""
    first = table.find("tr")
    is_data = first is not None and first.find("th", recursive=False) is not None
    if not is_data and table.find("table") is not None:
        return True
    for inner in table.find_all(list(HEADINGS)):
        cell = inner.find_parent(["td", "th"])
        row = cell.parent if cell is not None else None
        if cell is None or row is None or cell.name == "th":
            continue
        alone = len(row.find_all(["td", "th"], recursive=False)) == 1
        if not alone or len(cell.get_text(strip=True)) > len(inner.get_text(strip=True)):
            return True
    return False


def rows_of(table: "Tag", text_of: Callable[["Tag"], str]) -> Iterator[TableRow]:
    """Its rows in order, what stands over all columns as one cell, its caption first."""
    caption = table.find("caption", recursive=False)
    if caption is not None and (told := text_of(caption)):
        yield TableRow([told])
    source = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    source.sort(key=lambda row: row.parent is not None and row.parent.name == "tfoot")  # which may stand first
    grid = list(_grid(source, text_of))
    headers = _header_rows(source, grid)
    waiting: list[list[_Cell | None]] = []
    width = max((len(row) for row in grid), default=0)
    for number, row in enumerate(grid):
        whole = _whole(row, width)
        if waiting and number >= headers:
            yield TableRow(_joined(waiting))
            waiting = []
        if whole is not None and width > 1:
            is_heading = _only_heading(source[number])
            if whole.text:
                yield TableRow([whole.text], is_heading)
        elif number < headers:
            waiting.append(row)
        else:
            yield TableRow(_cells(row))
    if waiting:
        yield TableRow(_joined(waiting))


def _grid(source: list["Tag"], text_of: Callable[["Tag"], str]) -> Iterator[list[_Cell | None]]:
    """Each row by its columns: a cell stands in each place that it covers."""
    reaching: dict[int, tuple[_Cell, int]] = {}  # column → the cell from above, and for how many rows it goes on
    made = 0
    for row in source:
        places: list[_Cell | None] = []
        tags = iter(row.find_all(["td", "th"], recursive=False))
        while True:
            above = reaching.get(len(places))
            if above is not None:
                places.append(above[0])
                made += 1
                _go_on(reaching, len(places) - 1)
                continue
            tag = next(tags, None)
            if tag is None:
                if any(column > len(places) for column in reaching):
                    places.append(None)
                    continue
                break
            cell = _Cell(text_of(tag), tag.name == "th", _span(tag, "colspan"), _span(tag, "rowspan") or len(source))
            for _ in range(min(cell.columns or 1, _MOST_COLUMNS - len(places))):
                if cell.rows > 1 and made < _MOST_CELLS:
                    reaching[len(places)] = (cell, cell.rows - 1)
                places.append(cell)
                made += 1
            if len(places) >= _MOST_COLUMNS:
                reaching = {column: kept for column, kept in reaching.items() if column < _MOST_COLUMNS}
                break
        if made >= _MOST_CELLS:
            reaching.clear()
        yield places


def _go_on(reaching: dict[int, tuple[_Cell, int]], column: int) -> None:
    cell, left = reaching.pop(column)
    if left > 1:
        reaching[column] = (cell, left - 1)


def _span(tag: "Tag", name: str) -> int:
    value = str(tag.get(name) or "1").strip()
    return min(int(value), _MOST_CELLS) if value.isdecimal() and len(value) < 9 else 1


def _header_rows(source: list["Tag"], grid: list[list[_Cell | None]]) -> int:
    """How many rows at the top are headings: those of <thead>, or those of nothing but <th>, or that a cell of the
    first row reaches down to."""
    count, width = 0, max((len(row) for row in grid), default=0)
    for row, cells in zip(source[:_MOST_HEADER_ROWS], grid, strict=False):
        in_head = row.parent is not None and row.parent.name == "thead"
        filled = [cell for cell in cells if cell is not None and cell.text]
        if not in_head and not (filled and all(cell.is_header for cell in filled)):
            break
        if count and not in_head and _whole(cells, width) is not None:
            break  # a heading of the rows below it
        count += 1
    if count == 0 and grid and _spans_down(grid[0]):
        count = 2 if len(grid) > 2 else 0
    return count


def _spans_down(row: list[_Cell | None]) -> bool:
    """Whether some cells of a first row reach into the second, and others stand over several columns of it."""
    cells = [cell for cell in row if cell is not None]
    return any(cell.rows == 2 for cell in cells) and any(1 < cell.columns < len(row) for cell in cells)


def _whole(row: list[_Cell | None], width: int) -> _Cell | None:
    """The cell that is all of a row."""
    first = row[0] if row else None
    return first if first is not None and len(row) >= width and all(cell is first for cell in row) else None


def _only_heading(row: "Tag") -> bool:
    inner = row.find(list(HEADINGS))
    return inner is not None and inner.get_text(strip=True) == row.get_text(strip=True)


def _joined(rows: list[list[_Cell | None]]) -> list[str]:
    """Rows of headings as one: a column is called by all that stands over it."""
    columns = []
    for at in range(max(len(row) for row in rows)):
        told: list[str] = []
        for row in rows:
            cell = row[at] if at < len(row) else None
            if cell is not None and cell.text and cell.text not in told:
                told.append(cell.text)
        columns.append(_BETWEEN.join(told))
    return columns


def _cells(row: list[_Cell | None]) -> list[str]:
    """Of a cell that spans columns the text once; of one that spans rows in each of them."""
    told: list[str] = []
    for at, cell in enumerate(row):
        again = at > 0 and cell is not None and cell is row[at - 1]
        told.append("" if cell is None or again else cell.text)
    return told

"""Extracting: a table out of what was given, or named values as fields; valid CSV or JSON by construction.

The model writes rows or an object; what is shown is made anew from what it wrote, parsed. A value that stands nowhere
in the material is left empty. What cannot be parsed is asked for once more, and is then an ordinary list.
"""

import csv
import io
import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.answering import judging, material
from assistant.answering.context import Context, Reply
from assistant.answering.generation import GeneratedText
from assistant.answering.tables import Table, tables_in, ungrouped
from assistant.answering.ways import Kind
from assistant.citing import citations
from assistant.citing.citations import Cited
from assistant.text.tokens import tokens
from assistant.values.events import Citation, Delta, Event, MadeFile
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request, to_parse

FENCE = "```"
COPIED = 0.6  # share of a table's rows that a model must name for it to be that table which was meant
LONGEST_COLUMN = 30  # characters of a column's name
_COLUMNS = re.compile(r"[:：](?P<columns>[^:：\n]+)$")
_COMMA = re.compile(r"[,，、;；]\s?(?:(?:and|und|et|y|e)\s|和)?|\s(?:and|und|et|y)\s")
Rows = list[list[str]]


class Extracting:
    kinds: Mapping[str, Kind] = {
        "table": Kind(
            needs=("file or answer",),
            about="files or answer",
            wanted="a table or CSV made of what is in the files",
            name=say("table"),
        ),
        "fields": Kind(
            needs=("file or answer",),
            about="files or answer",
            wanted="certain named values picked out of a form, receipt or contract, as fields or JSON",
            name=say("certain values, picked out"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        answer = context.conversation.exchanges[-1].answer if request.meant == "answer" else ""
        found = [] if answer else material.gathered(request, context, engine)
        if not found and not answer and not (engine.profile.sees_images and context.conversation.images):
            return material.nothing_to_read(request, context)
        as_fields = request.form.shape == "json" or (
            request.kind == "fields" and request.form.shape not in ("csv", "table")
        )
        prompt = "fields.md.j2" if as_fields else "table.md.j2"
        for _ in range(2):
            said = yield from material.do(request, context, engine, prompt, found, answer=answer, silently=True)
            reply = _fields(said, found) if as_fields else _table(said, found, request)
            if reply is not None:
                yield Delta(reply.said)
                return reply
            if context.record.stop.is_set():
                break
        yield Delta(said.text)
        return judging.cite(said, request, context, engine, extracted=True)


def _table(said: GeneratedText, found: Sequence[Evidence], request: Request) -> Reply | None:
    rows = as_it_stands(parsed_rows(said.text), found, request)
    if rows and (head := _head_above(rows[0], found)):
        rows = [head, *rows]
    if len(rows) < 2:
        return None
    cited: list[Citation] = []
    numbers = [""] + [_number(" ".join(row), found, cited) for row in rows[1:]]
    text = _csv(rows)
    made = (MadeFile("table.csv", "text/csv", text),)
    if request.form.shape == "csv" or "csv" in request.words.lower():
        shown = f"```csv\n{text.strip()}\n```"
        marks = "".join(dict.fromkeys(numbers))
        return Reply(
            Cited(f"{shown}\n\n{marks}".strip(), tuple(cited), ()), said.prompt, made, said=shown, written=said.text
        )
    with_numbers = [[*row[:-1], row[-1] + number] for row, number in zip(rows, numbers, strict=True)]
    plain = _markdown(rows)
    return Reply(Cited(_markdown(with_numbers), tuple(cited), ()), said.prompt, made, said=plain, written=said.text)


def _fields(said: GeneratedText, found: Sequence[Evidence]) -> Reply | None:
    values = parsed_object(said.text)
    if values is None:
        return None
    everything = "\n".join(piece.content for piece in found)
    if found:
        values = {name: value if _stands(value, everything) else None for name, value in values.items()}
    cited: list[Citation] = []
    lines = []
    for name, value in values.items():
        number = _number(f"{name} {_plain(value)}", found, cited) if value is not None else ""
        if number:
            lines.append(f"{name}{number}")
    text = json.dumps(values, ensure_ascii=False, indent=2)
    shown = f"```json\n{text}\n```"
    told = f"{shown}\n\n{' · '.join(lines)}".strip()
    made = (MadeFile("fields.json", "application/json", text + "\n"),)
    return Reply(Cited(told, tuple(cited), ()), said.prompt, made, said=shown, written=said.text)


def _head_above(first: list[str], found: Sequence[Evidence]) -> list[str]:
    """Where the model's first row is no head but a row of a table, the head that stands above it; else nothing."""
    if not any(character.isdigit() for cell in first for character in cell):
        return []
    for piece in found:
        lines = [[cell.strip() for cell in line.split("|")] for line in piece.content.splitlines()]
        for above, line in pairwise(lines):
            if line == first and len(above) == len(first) and not any(c.isdigit() for cell in above for c in cell):
                return above
    return []


def as_it_stands(rows: Rows, found: Sequence[Evidence], request: Request) -> Rows:
    """The whole table of the material where a model set out to copy just that, and lost rows, columns or the head on
    the way; else its own rows."""
    wanted = columns_named(request)
    written = {cell.casefold() for row in rows for cell in row}
    for table in map(ungrouped, tables_in(found)):
        labels = {row.cells[0].casefold() for row in table.rows}
        width = len(table.headers)
        if not labels or len(labels & written) < COPIED * len(labels) or (wanted and len(wanted) != width):
            continue
        own = list(table.headers) if all(table.headers) else []
        head = wanted or own or (rows[0] if rows and len(rows[0]) == width and not _is_row(rows[0], table) else [])
        if not head or (not wanted and rows and len(rows[0]) < width):
            continue  # a part of its columns was asked for
        if not wanted and rows and len(rows[0]) > width:
            continue
        totals = table.totals if table.is_sheet else ()
        return [head, *(list(row.cells) for row in (*table.rows, *totals))]
    return rows


def columns_named(request: Request) -> list[str]:
    """The columns that a request lists: "as csv please: thing, number"; none where it lists none."""
    match = _COLUMNS.search(to_parse(request.words))
    named = [one.strip(" .?!。") for one in _COMMA.split(match["columns"])] if match else []
    return named if len(named) > 1 and all(0 < len(one) <= LONGEST_COLUMN for one in named) else []


def _is_row(cells: list[str], table: Table) -> bool:
    return cells[0].casefold() in {row.cells[0].casefold() for row in table.rows}


def parsed_rows(text: str) -> Rows:
    """The rows of CSV or of a Markdown table, all as long as the first; none where it is neither."""
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if line and not line.startswith(FENCE)]
    if not lines:
        return []
    if lines[0].startswith("|"):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
        rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    else:
        try:
            rows = [[cell.strip() for cell in row] for row in csv.reader(lines, skipinitialspace=True) if row]
        except csv.Error:
            return []
    width = len(rows[0]) if rows else 0
    if width < 2 and not all(len(row) == 1 for row in rows):
        return []
    return [row + [""] * (width - len(row)) for row in rows if len(row) <= width]


def parsed_object(text: str) -> dict[str, object] | None:
    """The JSON object that it holds, of plain values, lists and objects; None where it holds none."""
    begins, ends = text.find("{"), text.rfind("}")
    try:
        made = json.loads(text[begins : ends + 1]) if 0 <= begins < ends else None
    except (json.JSONDecodeError, RecursionError):
        return None
    return made if isinstance(made, dict) and made else None


def _number(words: str, found: Sequence[Evidence], cited: list[Citation]) -> str:
    """ "[2]" of the place that supports these words, added to the citations if it is new; "" where none does."""
    for one in citations.cite(words, found).citations:
        known = [(each.source_id, each.quote) for each in cited]
        same = known.index((one.source_id, one.quote)) + 1 if (one.source_id, one.quote) in known else 0
        if not same:
            cited.append(replace(one, number=len(cited) + 1))
        return f"[{same or len(cited)}]"
    return ""


def _stands(value: object, everything: str) -> bool:
    """Whether each word and number of it stands in the material."""
    there = {token.text for token in tokens(everything)}
    return all(token.text in there for token in tokens(_plain(value)))


def _plain(value: object) -> str:
    match value:
        case dict():
            return " ".join(_plain(each) for each in value.values())
        case list():
            return " ".join(map(_plain, value))
        case None:
            return ""
        case _:
            return str(value)


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _markdown(rows: Rows) -> str:
    escaped = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    head, *rest = escaped
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)

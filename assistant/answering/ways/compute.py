"""Number work over values in the files: totals, counts, averages, the largest, how many days until it is due.

The numbers are read and worked out here. Only where no table, no total and no date answers, a language model is asked
for a formula, which is checked against the files and worked out here as well.
"""

from collections.abc import Generator, Mapping, Sequence

from assistant.answering import day_counts, formulas, table_answers, totals
from assistant.answering.context import Context, Reply
from assistant.answering.table_questions import operation_of, question
from assistant.answering.tables import Table, is_said_of_picture, tables_in
from assistant.answering.ways import Needs
from assistant.citing.citations import Cited
from assistant.ports.engine import Generation
from assistant.text.numerals import plain_numbers
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.parts import Message, Text
from assistant.values.request import Request, to_parse
from prompts import render

MOST_FILES = 50
FORMULA_TOKENS = 48
MOST_EVIDENCE = 6  # pieces shown for a formula


class Compute:
    kinds: Mapping[str, Needs] = {"compute": ("file",)}

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        files = list(context.facts(request) or context.files)[:MOST_FILES]
        language = "zh" if request.language == "zh" else ""
        read = [(file, context.pieces([file.source_id])) for file in files]
        pieces = [piece for _, of_file in read for piece in of_file]
        tables = tables_in(pieces)
        cited = _exact(request, context, read, pieces, tables, language)
        if cited is None and not _is_beyond_a_formula(request, tables):
            cited = yield from _by_formula(request, context, files, language)
        if cited is None:
            return None
        yield Delta(_without_numbers(cited))
        return Reply(cited)


def _exact(
    request: Request,
    context: Context,
    read: Sequence[tuple[FileFacts, Sequence[Evidence]]],
    pieces: Sequence[Evidence],
    tables: Sequence[Table],
    language: str,
) -> Cited | None:
    words, facet = to_parse(request.words), request.facet
    if day_counts.asks_for_days(words, facet):
        if (days := day_counts.told(words, pieces, context.now().date(), language)) is not None:
            return days
        if facet == "days":
            return None
    if len(read) > 1 and (together := totals.told(words, facet, read, language)) is not None:
        return together
    asked = question(words, facet, tables)
    return table_answers.answer(asked, language) if asked is not None else None


def _is_beyond_a_formula(request: Request, tables: Sequence[Table]) -> bool:
    """Whether it asks for rows of a sheet: a model that sees a few of them could only guess."""
    operation = operation_of(to_parse(request.words), request.facet)
    return operation in ("most", "least") or (any(table.is_sheet for table in tables) and operation is not None)


def _by_formula(
    request: Request, context: Context, files: Sequence[FileFacts], language: str
) -> Generator[Event, None, Cited | None]:
    within = [file.source_id for file in files]
    found = context.search(request.words, within, MOST_EVIDENCE)
    evidence = [piece for piece in found if not is_said_of_picture(piece)]
    if not evidence:
        return None
    engine = yield from context.engine()
    yield Status("answering", say("Working out a formula"))
    asked = render(
        "formula.md.j2", question=request.words, evidence=[plain_numbers(piece.content) for piece in evidence]
    )
    with context.record.timed("answering"):
        written = "".join(
            engine.generate(
                [Message("user", (Text(asked),))], Generation(max_tokens=FORMULA_TOKENS), context.record.stop, ""
            )
        )
    formula = formulas.read(written)
    return formulas.told(formula, evidence, to_parse(request.words), language) if formula is not None else None


def _without_numbers(cited: Cited) -> str:
    text = cited.text
    for citation in cited.citations:
        text = text.replace(f"[{citation.number}]", "")
    return text

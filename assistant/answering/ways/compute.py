"""Number work over values in the files: totals, counts, averages, the largest, how many days until it is due.

The numbers are read and worked out here. Where the words alone do not tell what is asked of tables, totals and dates, a
language model is asked for a query of them, and where no table answers, for a formula: both are checked against the
files, and worked out here as well.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answering import day_counts, formulas, judging, queries, table_answers, totals
from assistant.answering.context import Context, Reply
from assistant.answering.file_table import file_table
from assistant.answering.nearest import nearest
from assistant.answering.prompt import NOTHING as NO_PROMPT
from assistant.answering.table_questions import operation_of, question
from assistant.answering.tables import Table, is_said_of_picture, tables_in
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited
from assistant.ports.engine import ASIDE, Engine, Generation
from assistant.text.numerals import plain_numbers
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.files import FileFacts
from assistant.values.messages import NOTHING, say
from assistant.values.parts import ChatMessage, Text
from assistant.values.request import Request, to_parse
from prompts import render

MOST_FILES = 50
FORMULA_TOKENS = 48
QUERY_TOKENS = 80
FORMULAS, QUERIES = ASIDE + "formulas", ASIDE + "queries"
MOST_EVIDENCE = 6  # pieces looked through for a formula
SHORT_EVIDENCE = 400  # characters that are shown whole
MOST_SENTENCES = 4  # of more, those nearest to the question


class Compute:
    kinds: Mapping[str, Kind] = {
        "compute": Kind(
            needs=("file",),
            asks=True,
            wanted="a number worked out from values in the files: a sum, count, average, most, least, difference",
            name=say("calculation with what stands there"),
            facets={
                "average": say("average"),
                "count": say("count"),
                "days": say("number of days"),
                "difference": say("difference"),
                "least": say("the smallest value"),
                "most": say("the largest value"),
                "other": NOTHING,
                "percent": say("percentage"),
                "sum": say("sum"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        files = _files(request, context)
        if not files:
            return None
        language = request.answer_language
        read = [(file, context.pieces([file.source_id])) for file in files]
        pieces = [piece for _, of_file in read for piece in of_file]
        tables = tables_in(pieces)
        printed = _printed(request, read, tables)
        if printed is not None and request.kind not in self.kinds:
            return None  # what is looked up finds that line, and says it in a sentence
        cited = _exact(request, context, read, pieces, tables, language)
        if printed is not None and (cited is None or printed.amount.written not in cited.text):
            cited = printed.cited(language)  # what stands there and does not come to it has other lines between
        if cited is None:
            cited = yield from _by_query(request, context, read, tables, language)
        if cited is None and not _is_beyond_a_formula(request, tables):
            cited = yield from _by_formula(request, context, files, language)
        if cited is None:
            return None
        yield Delta(_without_numbers(cited))
        return Reply(cited)


def _files(request: Request, context: Context) -> list[FileFacts]:
    """Those that are meant; of libraries those that hold what comes near to the question, since some number of a
    thousand files would always do."""
    if request.meant != "libraries":
        meant = list(context.facts(request))
        alone = request.meant == "ordinal" and len(meant) == 1
        if alone and operation_of(to_parse(request.words), request.facet) == "difference":
            meant = []  # "how much more is the second one?": than the others
        return (meant or list(context.files))[:MOST_FILES]
    tuning = context.tuning
    found = context.search(request.words, limit=tuning.searched)
    least = tuning.near_of_many if len(found) >= tuning.searched else tuning.near
    near = {piece.source_id for piece in found[:MOST_EVIDENCE] if piece.score >= least}
    return [file for file in context.files if file.source_id in near]


def may_compute(request: Request, context: Context) -> bool:
    """Whether another kind is the likelier, and this still likely enough to be tried before it."""
    return dict(request.scores).get("compute", 0.0) >= context.tuning.also_computed


def _printed(
    request: Request,
    read: Sequence[tuple[FileFacts, Sequence[Evidence]]],
    tables: Sequence[Table],
) -> totals.PrintedTotal | None:
    """The total of one receipt or bill, where it stands on it."""
    if len(read) != 1 or any(table.is_sheet for table in tables):
        return None
    return totals.printed(to_parse(request.words), request.facet, *read[0])


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
        if (days := day_counts.rendered_answer(words, pieces, context.now().date(), language)) is not None:
            return days
        if facet == "days":
            return None
    if len(read) > 1 and (together := totals.rendered_answer(words, facet, read, language)) is not None:
        return together
    asked = question(words, facet, tables)
    return table_answers.answer(asked, language) if asked is not None else None


def _by_query(
    request: Request,
    context: Context,
    read: Sequence[tuple[FileFacts, Sequence[Evidence]]],
    tables: Sequence[Table],
    language: str,
) -> Generator[Event, None, Cited | None]:
    """Where the words alone do not tell what is asked of the tables, a model does, by a query that is checked."""
    if request.facet == "days":
        return None  # between days, which no column adds up
    of_files = file_table(read) if len(read) > 1 else None
    known = [*([of_files.table] if of_files is not None else []), *tables]
    if not known:
        return None
    engine = yield from context.engine()
    yield Status("answering", say("Working out a formula"))
    written = _written(_query_asked(request.words, known), QUERY_TOKENS, engine, context, QUERIES)
    query = queries.read(written, known, to_parse(request.words), context.likeness)
    if query is not None and of_files is not None and query.table is of_files.table:
        query = replace(query, table=of_files.about(query.column))
    return table_answers.answer(query, language) if query is not None else None


def _is_beyond_a_formula(request: Request, tables: Sequence[Table]) -> bool:
    """Whether it asks for rows of a sheet: a model that sees a few of them could only guess."""
    operation = operation_of(to_parse(request.words), request.facet)
    return operation in ("most", "least") or (any(table.is_sheet for table in tables) and operation is not None)


def _by_formula(
    request: Request, context: Context, files: Sequence[FileFacts], language: str
) -> Generator[Event, None, Cited | None]:
    here = files if request.meant in ("given now", "ordinal", "all", "libraries") else context.files[:MOST_FILES]
    within = [file.source_id for file in here]  # "and together with the plumber?" speaks of another file
    found = context.search(request.words, within, MOST_EVIDENCE)
    evidence = [piece for piece in found if not is_said_of_picture(piece)]
    if not evidence:
        return None
    words = to_parse(request.words)
    if operation_of(words, request.facet) == "difference" and (change := formulas.of_change(evidence)) is not None:
        return formulas.rendered_answer(change, evidence, words, language)
    engine = yield from context.engine()
    yield Status("answering", say("Working out a formula"))
    shown = [piece.content for piece in evidence]
    if sum(map(len, shown)) > SHORT_EVIDENCE:  # of a longer text a small model takes any number
        shown = [one.text for one in nearest(request.words, evidence, context.likeness, MOST_SENTENCES)] or shown
    asked = render("formula.md.j2", question=request.words, evidence=[plain_numbers(text) for text in shown])
    formula = formulas.read(_written([ChatMessage("user", (Text(asked),))], FORMULA_TOKENS, engine, context, FORMULAS))
    cited = formulas.rendered_answer(formula, evidence, words, language) if formula is not None else None
    if cited is None or (request.kind in Compute.kinds and request.meant != "libraries"):
        return cited
    sure = judging.how_sure(Reply(cited, NO_PROMPT, said=_without_numbers(cited)), request, context, engine, evidence)
    return None if sure is not None and sure < context.tuning.doubted_supported else cited


def _query_asked(words: str, tables: Sequence[Table]) -> list[ChatMessage]:
    """Examples of questions with their queries, then this question of these tables."""
    messages = [ChatMessage("system", (Text(render("query.md.j2", part="system")),))]
    known = queries.EXAMPLE_TABLES
    for example, answer in queries.EXAMPLES:
        asked = render("query.md.j2", part="question", question=example, tables=known)
        messages += [ChatMessage("user", (Text(asked),)), ChatMessage("assistant", (Text(answer),))]
        known = ()  # the next questions are of the same
    asked = render("query.md.j2", part="question", question=words, tables=queries.shown(tables))
    return [*messages, ChatMessage("user", (Text(asked),))]


def _written(messages: Sequence[ChatMessage], most: int, engine: Engine, context: Context, name: str) -> str:
    """The model's words for this alone; they are shown to nobody. name: under which its examples stay in the cache."""
    with context.record.timed("answering"):
        return "".join(engine.generate(messages, Generation(max_tokens=most), context.record.stop, name))


def _without_numbers(cited: Cited) -> str:
    text = cited.text
    for citation in cited.citations:
        text = text.replace(f"[{citation.number}]", "")
    return text

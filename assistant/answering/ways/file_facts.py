"""Facts about files as files: how many pages, how long, which sheets, who wrote it. No model is asked."""

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answering import file_sentences
from assistant.answering.context import Context, Reply, plain
from assistant.answering.fact_words import SAYS
from assistant.answering.numbered_citations import NumberedCitations
from assistant.answering.tables import tables_in
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited
from assistant.text.answer_language import AnswerLanguage, in_language
from assistant.text.dates import dates_in
from assistant.values.events import Delta, Event
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.request import Request

MOST_FILES = 40  # listed
FEW = 3  # files of which each is told that it has no such thing; of more it may have been meant otherwise
MOST_HEADINGS = 60
MOST_DATES = 3  # quoted from the text of a file that carries none itself
_AS_TABLE = re.compile(
    r"\b(?:rows?|columns?|headings?|headers?|zeilen?|spalten?|lignes?|colonnes?|filas?|columnas?|linhas?|colunas?)\b"
    r"|行|列|表头|欄|строк|столбц",
    re.IGNORECASE,
)
_NAMES_AUTHOR = re.compile(
    r"\b(?:written|compiled|edited|prepared|drawn up|recorded) by\b|\bauthors?\b|\b(?:from|by|sender|signed):"
    r"|(?:verfasst|geschrieben|erstellt) von|\bautor(?:in)?\b|\bauteur\b|écrit par|escrito por|作者|撰写|编写|执笔",
    re.IGNORECASE,
)
_EVERY = ("none", "all", "last", "libraries")  # ways of meaning files that mean no certain ones


class FactsOfFiles:
    kinds: Mapping[str, Kind] = {
        "file_facts": Kind(
            exact=True,
            wanted="facts about a file as a file: pages, length, size, type, author, its date, which files there are",
            name=say("facts about files"),
            facets={
                "author": say("author of a file"),
                "date": say("date of a file"),
                "files": say("which files there are"),
                "length": say("length of a recording"),
                "outline": say("headings of a file"),
                "pages": say("number of pages"),
                "pixels": say("size of a picture in pixels"),
                "sheets": say("sheets of a table"),
                "size": say("size of a file"),
                "slides": say("number of slides"),
                "type": say("type of a file"),
                "words": say("number of words"),
            },
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        words = in_language(request.answer_language)
        request = replace(request, facet=_facet(request))
        if not context.files or request.facet == "files":
            text = _listed(request, context, words)
            yield Delta(text)
            return plain(text)
        files = context.facts(request) or context.files
        told = _FactSentences(request, context, words)
        for file in files[:MOST_FILES]:
            told.tell(file)
        if told.left_to_lookup or (len(files) > FEW and not told.known):
            return None
        told.add_up(files)
        yield Delta(told.said)
        return Reply(Cited(told.text, tuple(told.lines.citations), ()))


def _facet(request: Request) -> str:
    """As the words name it, where they name one fact; else as the nearest examples do."""
    named = [facet for facet, words in SAYS if re.search(words, request.words.lower())]
    return named[0] if len(named) == 1 and request.facet not in ("files", named[0]) else request.facet


class _FactSentences:
    """The sentences of one answer, one for each file."""

    def __init__(self, request: Request, context: Context, words: AnswerLanguage) -> None:
        self._request, self._context, self._words = request, context, words
        self._sentences: list[str] = []
        self.lines = NumberedCitations()
        self.left_to_lookup = False
        self.known = 0
        """Of how many files the fact is known."""

    @property
    def text(self) -> str:
        if len(self._sentences) == 1:
            return self._sentences[0]
        return "\n".join(f"- {sentence}" for sentence in self._sentences)

    @property
    def said(self) -> str:
        return self.lines.without_numbers(self.text)

    def tell(self, file: FileFacts) -> None:
        facet = self._request.facet
        match facet:
            case "pages" | "slides":
                self._count_of_pages(file, facet)
            case "length":
                self._say("length" if file.seconds else "no length", file)
            case "size":
                self._say("size" if file.bytes else "no size", file)
            case "pixels":
                self._say("pixels" if file.width else "no pixels", file)
            case "sheets":
                self._sheets(file)
            case "outline":
                self._outline(file)
            case "author":
                self._author(file)
            case "date":
                self._date(file)
            case "type":
                self._say("type" if file.media_type or "." in file.name else "no type", file)
            case "words":
                self._say("words" if file.words else "no words", file)
            case _:
                self._sentences.append(file_sentences.all_known(file, self._words))
                self.known += 1

    def add_up(self, files: Sequence[FileFacts]) -> None:
        """What several come to together, where each is known."""
        facet = self._request.facet
        each = [_counted(file, facet) for file in files]
        if not 1 < len(files) <= MOST_FILES or not all(each):
            return
        total = sum(each)
        if facet == "length":
            words = file_sentences.length(total, self._words)
        elif facet == "size":
            words = file_sentences.size(int(total), self._words)
        else:
            words = file_sentences.counted(facet, int(total), self._words)
        self._sentences.append(file_sentences.sentence("together", files[0], self._words, words))

    def _say(self, says: str, file: FileFacts, **values: object) -> None:
        self._sentences.append(file_sentences.sentence(says, file, self._words, None, **values))
        self.known += not says.startswith("no ")

    def _count_of_pages(self, file: FileFacts, facet: str) -> None:
        if file.slides and not file.pages:
            self._say("slides", file)
        else:
            self._say("pages" if file.pages else f"no {facet}", file)

    def _sheets(self, file: FileFacts) -> None:
        tables = tables_in(self._context.pieces([file.source_id])) if file.medium == "text" else []
        tables = [table for table in tables if table.is_sheet]
        if tables and (not file.sheets or _AS_TABLE.search(self._request.words)):
            for table in tables:
                headers = [header for header in table.headers if header]
                self._say("table", file, sheet=table.name, rows=len(table.rows), headers=headers)
            return
        self._say("sheets" if file.sheets else "no sheets", file)

    def _outline(self, file: FileFacts) -> None:
        if not file.outline:
            self._say("no outline", file)
            return
        self._say("outline", file)
        pieces = self._context.pieces([file.source_id])
        for number, heading in enumerate(file.outline[:MOST_HEADINGS], 1):
            cited = self.lines.cite(pieces, heading)
            mark = "- " if re.match(r"\d", heading) else f"{number}. "
            self._sentences[-1] += f"\n  {mark}{heading}{cited}"
        if len(file.outline) > MOST_HEADINGS:
            self._sentences[-1] += "\n  …"

    def _author(self, file: FileFacts) -> None:
        if file.medium == "image" and file.camera:
            self._say("camera", file)
        elif file.author:
            self._say("author", file)
        elif any(_NAMES_AUTHOR.search(piece.content) for piece in self._context.pieces([file.source_id])):
            self.left_to_lookup = True  # its text may say it
        else:
            self._say("no author", file)

    def _date(self, file: FileFacts) -> None:
        if file.taken or file.written:
            self._say("date", file)
            return
        year, pieces = self._context.now().year, self._context.pieces([file.source_id])
        lines = [
            (piece, line)
            for piece in pieces
            for line in piece.content.split("\n")
            if len(line) < 200 and any(one.year_said for one in dates_in(line, year))
        ][:MOST_DATES]
        quoted = [self._words.quoted(line.strip()) + self.lines.cite([piece], line.strip()) for piece, line in lines]
        self._say("no date", file, quotes=quoted)


def _counted(file: FileFacts, facet: str) -> float:
    """What of a file can be added up; 0 where nothing can, or it is not known."""
    match facet:
        case "pages" | "slides" | "words":
            return {"pages": file.pages, "slides": file.slides, "words": file.words}[facet]
        case "length":
            return file.seconds
        case "size":
            return file.bytes
        case _:
            return 0


def _listed(request: Request, context: Context, words: AnswerLanguage) -> str:
    meant = context.facts(request) if request.meant not in _EVERY else ()
    files = meant or context.files
    told = [
        {"name": file.name, "about": words.beside([about for about in _about(file, words) if about])}
        for file in files[:MOST_FILES]
    ]
    return words.render("files_given.md.j2", files=told, count=len(files))


def _about(file: FileFacts, words: AnswerLanguage) -> tuple[str, str]:
    return file_sentences.kind(file, words), file_sentences.known(file, words, without=("words",))

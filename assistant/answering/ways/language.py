"""Which language is spoken or written in a file."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering import text_languages
from assistant.answering.context import Context, Reply
from assistant.answering.text_languages import Quote, TextLanguage
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited
from assistant.text.answer_language import in_language
from assistant.values.events import Citation, Delta, Event, Status
from assistant.values.evidence import Evidence, Page, Seconds, Slide
from assistant.values.files import FileFacts
from assistant.values.messages import say
from assistant.values.request import Request

SURE, PERHAPS = 0.6, 0.25  # of how sure a text must be of its language
MOST_FILES = 12


@dataclass(frozen=True)
class _LanguageSentence:
    """A sentence of language.md.j2. others: languages that some of it is in."""

    says: str
    name: str
    tongue: str = ""
    quote: Quote | None = None
    others: list[tuple[str, Quote]] = field(default_factory=list)


class WhichLanguage:
    """Exact where it is spoken: what heard it knows. A text's is told from its letters and words."""

    kinds: Mapping[str, Kind] = {
        "language": Kind(
            needs=("file",),
            asks=True,
            wanted="which language a file is written or spoken in",
            name=say("which language it is in"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        files = context.facts(request) or context.files[-1:]
        if not files:
            return None
        yield Status("reading", say("Reading {name}", name=files[0].name))
        told = [one for file in files[:MOST_FILES] for one in _of_file(file, request, context)]
        yield Delta(_words(told, request.answer_language, ()))
        citations = tuple(_citations(told))
        return Reply(Cited(_words(told, request.answer_language, citations), citations, ()))


def _of_file(file: FileFacts, request: Request, context: Context) -> Iterator[_LanguageSentence]:
    pieces = _in_pages(context.pieces([file.source_id]), request.pages)
    if file.medium not in ("audio", "video"):
        yield _written(file.name, text_languages.text_languages(pieces), request.answer_language)
        return
    heard, seen = (_of_sense(pieces, sense) for sense in ("heard", "seen"))
    spoken = text_languages.text_languages(heard)
    shown = text_languages.text_languages(seen) if file.medium == "video" else []
    if spoken:
        first, *others = spoken
        code = first.code if others else file.language or first.code
        named = text_languages.name(code, request.answer_language, spoken=True)
        more = [
            (text_languages.name(one.code, request.answer_language, spoken=True), one.quote)
            for one in others
            if one.quote is not None
        ]
        yield _LanguageSentence("spoken", file.name, named, first.quote, more)
    elif file.language:
        yield _LanguageSentence(
            "spoken", file.name, text_languages.name(file.language, request.answer_language, spoken=True)
        )
    else:
        yield _LanguageSentence("no sound" if file.speech is None else "no speech", file.name)
    if shown and shown[0].sureness >= SURE:
        yield _LanguageSentence("shown", file.name, _named(shown[0], request.answer_language), shown[0].quote)


def _written(name: str, found: Sequence[TextLanguage], language: str) -> _LanguageSentence:
    if not found:
        return _LanguageSentence("no text", name)
    first, *others = found
    if first.sureness < PERHAPS:
        return _LanguageSentence("unsure", name, quote=first.quote)
    if first.sureness < SURE:
        return _LanguageSentence("perhaps", name, _named(first, language), first.quote)
    more = [(_named(one, language), one.quote) for one in others if one.quote is not None]
    return _LanguageSentence("written", name, _named(first, language), first.quote, more)


def _named(tongue: TextLanguage, language: str) -> str:
    return text_languages.name(tongue.code, language, text=tongue.quote.text if tongue.quote is not None else "")


def _words(told: Sequence[_LanguageSentence], language: str, citations: Sequence[Citation]) -> str:
    """With the numbers of these citations, or with none."""
    numbers = iter(range(1, 10_000))

    def quoted(quote: Quote | None) -> dict[str, object]:
        text = " ".join(quote.text.split()) if quote is not None else ""
        return {"quote": text, "number": next(numbers) if text else 0}

    listed = [
        {
            "says": one.says,
            "name": one.name,
            "tongue": one.tongue,
            **quoted(one.quote),
            "more": [{"tongue": tongue, **quoted(quote)} for tongue, quote in one.others],
        }
        for one in told
    ]
    text = in_language(language).render("language.md.j2", told=listed)
    if not citations:
        for number in range(next(numbers)):
            text = text.replace(f"[{number}]", "")
    return text


def _citations(told: Sequence[_LanguageSentence]) -> Iterator[Citation]:
    quotes = [quote for one in told for quote in (one.quote, *(quote for _, quote in one.others)) if quote is not None]
    for number, quote in enumerate(quotes, 1):
        piece = quote.piece
        at = piece.locate(quote.start, quote.end)
        yield Citation(number, piece.source_id, piece.source, piece.medium, at, quote.text, piece.content)


def _of_sense(pieces: Sequence[Evidence], sense: str) -> list[Evidence]:
    """What is of no moment of a film is no text of it."""
    return [one for one in pieces if isinstance(at := one.location, Seconds) and at.sense == sense and at.end > 0]


def _in_pages(pieces: list[Evidence], pages: tuple[int, int] | None) -> list[Evidence]:
    if pages is None:
        return pieces
    first, last = pages
    return [
        one for one in pieces if isinstance(at := one.location, Page | Slide) and first <= at.number <= last
    ] or pieces

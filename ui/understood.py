"""A request as it was understood, in a line of words; of several requests in one, a line each. Plain text."""

from assistant.answering.slots import language_name
from assistant.answering.ways import kind_named
from assistant.values.events import Received
from assistant.values.evidence import clock
from assistant.values.request import Request, Span
from ui.words import in_language
from ui.words.catalogues import Language
from ui.words.core import said
from ui.words.understood import UnderstoodWords

MOST_NAMES = 3
SAYS_WHAT_IT_POINTS_AT = ("given now", "last", "answer")


def understood(received: Received, language: Language) -> tuple[str, ...]:
    """Nothing where an older version answered; where there are several lines, the first says so."""
    request, words = received.request, in_language(language, UnderstoodWords)
    if request is None:
        return ()
    told = [_sentence(part, dict(received.names), words, language) for part in request.every_part]
    return (words.one.format(request=told[0]),) if len(told) == 1 else (words.several, *told)


def _sentence(request: Request, names: dict[str, str], words: UnderstoodWords, language: Language) -> str:
    form, facet = request.form, request.facet
    told = [said(kind_named(request.kind).called(facet), language) or request.kind.replace("_", " ")]
    told += _about(request, names, words)
    if request.pages is not None:
        first, last = request.pages
        told.append((words.page if first == last else words.pages).format(first=first, last=last))
    if request.span is not None:
        told.append(_span(request.span, words))
    if form.shape and form.shape not in (request.kind, facet):
        told.append(words.shapes[form.shape])
    if form.sentences:
        told.append((words.sentence if form.sentences == 1 else words.sentences).format(count=form.sentences))
    if form.items:
        told.append(words.items.format(count=form.items))
    if form.language:
        told.append(words.language.format(language=language_name(form.language, language)))
    if request.points_back and request.meant not in SAYS_WHAT_IT_POINTS_AT:
        told.append(words.points_back)
    line = words.between.join(told)
    return line if request.sure else words.unsure.format(request=line)


def _about(request: Request, names: dict[str, str], words: UnderstoodWords) -> list[str]:
    """Which files it means and how that was found out; nothing where it means none."""
    meant = words.meant[request.meant]
    if request.meant in ("answer", "libraries"):
        return [meant]
    if not request.files:
        return []
    known = [names[source_id] for source_id in request.files if source_id in names]
    if not known:
        told = words.counted.format(count=len(request.files))
    elif len(known) > MOST_NAMES:
        told = words.more.format(names=", ".join(known[:MOST_NAMES]), count=len(known) - MOST_NAMES)
    else:
        told = ", ".join(known)
    return [words.files.format(names=told, meant=meant)]


def _span(span: Span, words: UnderstoodWords) -> str:
    if span.from_end:
        return words.span_last.format(length=clock(span.end))
    if span.point:
        return words.span_around.format(at=clock((span.start + span.end) / 2))
    if span.end == float("inf"):
        return words.span_on.format(start=clock(span.start))
    return words.span.format(start=clock(span.start), end=clock(span.end))

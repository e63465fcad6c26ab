"""When in a recording or film something is said or shown: its time and its words."""

from collections.abc import Generator, Mapping

from assistant.answering import by_time, moments
from assistant.answering.context import Context, Reply
from assistant.answering.ways import Kind
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request

LASTING = ("audio", "video")
SEARCHED = 48  # pieces, where so many recordings may be meant that nobody reads them all
FEW = 8  # recordings that are read whole


class WhenIsIt:
    """Exact: without a model that writes. What is nowhere near is the lookup's."""

    kinds: Mapping[str, Kind] = {
        "moment": Kind(
            needs=("recording",),
            about="recordings",
            asks=True,
            wanted="at which minute of a recording or film something is said or seen",
            name=say("the moment when it comes up"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        yield Status("searching", say("Searching what you gave me"))
        what = moments.sought(request.words, request.language)
        pieces = _pieces(request, context, what.text)
        found = moments.find(what, by_time.meant(pieces, request.words), context.embedder())
        found = found or moments.find(what, pieces, context.embedder())
        if not found:
            return None
        cited = moments.rendered_answer(found, request.answer_language)
        yield Delta(_without_numbers(cited.text, len(found)))
        return Reply(cited, confidence=max(moment.nearness for moment in found))


def _pieces(request: Request, context: Context, words: str) -> list[Evidence]:
    """Of the recordings meant, or of all; in the span that is named."""
    known = context.facts(request) or context.files
    lasting = [one.source_id for one in known if one.medium in LASTING]
    if len(lasting) > FEW:
        pieces = context.search(words or request.words, lasting, SEARCHED)
    else:
        pieces = context.pieces(lasting)
    if (span := request.span) is None:
        return pieces
    return [
        cut
        for source_id in lasting
        for there in [[piece for piece in pieces if piece.source_id == source_id]]
        for cut in by_time.during(there, by_time.placed(span, there))
    ]


def _without_numbers(text: str, count: int) -> str:
    for number in range(1, count + 1):
        text = text.replace(f"[{number}]", "")
    return text

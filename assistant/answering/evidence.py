"""Evidence: what of the files a request means is put before the model.

The subject of a request, what was handed over now or is meant, needs no gate: it is read whole, in its order, where it
fits; else its best parts with their neighbours, its beginning, and over its whole length where all of it is meant.
"""

from collections.abc import Callable, Sequence

from assistant.answering import by_time
from assistant.answering.context import Context
from assistant.answering.hidden_pieces import without_hidden
from assistant.answering.picture_differences import is_read
from assistant.values.evidence import Evidence, Page, Seconds, Slide
from assistant.values.messages import say
from assistant.values.request import Request

BEGINNING = 1  # pieces of each file that are always shown of what does not fit
HEADING = 12  # tokens of a piece's heading in the prompt
FOUND = 16  # pieces that a search within the subject brings

Count = Callable[[str], int]


def subject(
    context: Context, request: Request, budget_tokens: int, count: Count, looks: bool = False
) -> list[Evidence]:
    """In reading order, file after file; score 1. Empty where nothing is meant, or nothing can be read in it.

    looks: what is known of a picture but stands not in it - its size, its colours, guesses - is asked for as well.
    """
    pieces = without_hidden(context.pieces(request.files), request.words)
    pieces = within(pieces, request) if looks else within(_words_of(pieces), request)
    if sum(count(piece.content) + HEADING for piece in pieces) <= budget_tokens:
        return pieces
    found = context.search(_sought(context, request), request.files, FOUND)  # hidden ones are none of the pieces
    return _parts(pieces, found, budget_tokens, count)


def everything(context: Context, request: Request, budget_tokens: int, count: Count) -> list[Evidence]:
    """The same for what is about all of it ("summarise"): evenly over the whole, where not all fits."""
    pieces = within(_words_of(context.pieces(request.files)), request)
    costs = [count(piece.content) + HEADING for piece in pieces]
    if sum(costs) <= budget_tokens:
        return pieces
    most = max(1, int(budget_tokens / (sum(costs) / len(costs))))
    kept = by_time.spread(pieces, most)
    context.record.notes.append(say("This is about the whole, so I took parts from all of its length."))
    return kept


def within(pieces: Sequence[Evidence], request: Request) -> list[Evidence]:
    """Those of the pages or seconds that the request names; all where it names none, or none of theirs."""
    if request.pages is not None:
        first, last = request.pages
        numbered = [
            one for one in pieces if isinstance(one.location, Page | Slide) and first <= one.location.number <= last
        ]
        if numbered:
            return numbered
    if request.span is not None and any(isinstance(one.location, Seconds) for one in pieces):
        span = by_time.placed(request.span, [one for one in pieces if isinstance(one.location, Seconds)])
        if there := by_time.meant(by_time.during(pieces, span), request.words):
            return there
    return list(pieces)


def _words_of(pieces: Sequence[Evidence]) -> list[Evidence]:
    """Without what is only known of a picture, where words can be read in it."""
    read = {piece.source_id for piece in pieces if piece.medium == "image" and is_read(piece)}
    return [piece for piece in pieces if piece.source_id not in read or is_read(piece)]


def _sought(context: Context, request: Request) -> str:
    return f"{context.conversation.last_question()} {request.words}" if request.points_back else request.words


def _parts(pieces: Sequence[Evidence], found: Sequence[Evidence], budget_tokens: int, count: Count) -> list[Evidence]:
    """The beginning of each file, then the best pieces, each with what stands before and behind it, while they fit."""
    at = {(piece.source_id, piece.content): number for number, piece in enumerate(pieces)}
    wanted: list[int] = []
    seen: dict[str, int] = {}
    for number, piece in enumerate(pieces):
        if seen.setdefault(piece.source_id, 0) < BEGINNING:
            seen[piece.source_id] += 1
            wanted.append(number)
    best = [at[key] for piece in found if (key := (piece.source_id, piece.content)) in at]
    wanted = best[:2] + wanted + best[2:]
    for number in best:
        wanted += [near for near in (number + 1, number - 1) if 0 <= near < len(pieces)]
    kept: set[int] = set()
    left = budget_tokens
    for number in dict.fromkeys(wanted):
        needed = count(pieces[number].content) + HEADING
        if needed <= left or not kept:
            kept.add(number)
            left -= needed
    return [pieces[number] for number in sorted(kept)]

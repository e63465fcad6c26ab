"""Finding the source: which file or page holds something, and which a picture is of. No model is asked."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering import origin
from assistant.answering.context import Context, Reply
from assistant.answering.nearest import Near, nearest
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited, drop_made_up_numbers
from assistant.text.answer_language import in_language
from assistant.text.tokens import tokens
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence, describe
from assistant.values.messages import say
from assistant.values.request import Request

SEARCHED = 60  # pieces that are looked through
MOST_TOLD = 4  # files
RARE = 0.75  # share of the pieces that a word may stand in, to tell one from another
CLOSE = 0.8  # of the best one, from which another file is as good
_NAMING = (  # words that ask for a source, and name none
    "which file document page slide text picture recording mention mentions talk contain say write find stand name "
    "come show part where"
)


@dataclass(frozen=True)
class _Held:
    """A file with the place in it that holds most of what is sought. weight: of the sought words that stand there."""

    piece: Evidence
    weight: float


class FindingSource:
    kinds: Mapping[str, Kind] = {
        "source": Kind(
            needs=("file",),
            asks=True,
            wanted="in which of the files something is",
            name=say("which file it is in"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        shown = [document for document in context.record.documents if document.medium == "image"]
        others = [one for one in context.files if one.source_id not in {each.source_id for each in shown}]
        if shown and others and context.library is not None:
            yield Status("searching", say("Looking for where this comes from"))
            with context.record.timed("searching"):
                known = origin.find(shown, context.library, context.conversation.scopes)
            if known is not None:
                cited = origin.rendered_answer(known, request.answer_language)
                yield Delta(drop_made_up_numbers(cited.text))
                return Reply(cited)
        own = [one.source_id for one in context.files if one.source_id in context.conversation.sources]
        held = _holding(request.words, context.pieces(own) or context.search(request.words, (), SEARCHED))
        if not held:
            return None
        cited = _rendered_answer(held, request)
        yield Delta(drop_made_up_numbers(cited.text))
        return Reply(cited)


def _holding(words: str, pieces: Sequence[Evidence]) -> list[_Held]:
    """The files that hold most of what is sought, by words that stand in some pieces and not in most; best first."""
    naming = {token.text for token in tokens(_NAMING)}
    sought = {token.text for token in tokens(words)} - naming
    there = [sought & {token.text for token in tokens(piece.content)} for piece in pieces]
    counts = Counter(word for found in there for word in found)
    telling = {word: 1.0 / count for word, count in counts.items() if count <= max(1, RARE * len(pieces))}
    best: dict[str, _Held] = {}
    for piece, found in zip(pieces, there, strict=True):
        weight = sum(1.0 for word in found if word in telling)
        if weight and (piece.source_id not in best or weight > best[piece.source_id].weight):
            best[piece.source_id] = _Held(piece, weight)
    most = max((one.weight for one in best.values()), default=0.0)
    held = [one for one in best.values() if one.weight >= CLOSE * most]
    return sorted(held, key=lambda one: -one.weight)[:MOST_TOLD]


def _rendered_answer(held: Sequence[_Held], request: Request) -> Cited:
    words = in_language(request.answer_language)
    near: list[Near] = [nearest(request.words, [one.piece], None, 1)[0] for one in held]
    cited = tuple(one.citation(number) for number, one in enumerate(near, 1))
    places = [
        {
            "number": one.number,
            "source": one.source,
            "place": words.said(describe(one.location)),
            "quote": " ".join(one.quote.split()),
        }
        for one in cited
    ]
    text = words.render("source.md.j2", places=places)
    return Cited(text, cited, ())

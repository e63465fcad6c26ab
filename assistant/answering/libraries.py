"""A question put to everything that is filed: searched in one ranking over text, pictures and moments, with a gate.

The best of a thousand pieces is near by chance, so here a model is not asked where nothing is near, and what a small
one says of the best is doubted: how it is asked depends on how near the evidence is to the question. Small models say
"not found" of most things once they may, and something of everything while they may not.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.answering import fusion, judging, search_query
from assistant.answering.context import ANSWERING, Context, Reply
from assistant.answering.generation import GeneratedText, abstains, count, stream
from assistant.answering.prompt import MOST_HISTORY, NOTHING, PromptInput
from assistant.answering.tuning import AnswerTuning, tuning_for
from assistant.citing import citations
from assistant.ports.engine import Engine
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request
from prompts import render


def answer(request: Request, context: Context) -> Generator[Event, None, Reply]:
    """From all files of the conversation and of the libraries that it searches."""
    yield Status("searching", say("Searching what you gave me"))
    engine = yield from context.engine()
    tuning = tuning_for(engine.profile)
    found = _searched(request, context, engine, tuning)
    nearness = max((piece.score for piece in found), default=0.0)
    many = len(found) >= tuning.searched
    context.record.nearness = nearness
    images = context.conversation.images if engine.profile.sees_images else []
    if not found and not images:
        return judging.not_there(request, context, (), NOTHING, show_nearest=False)
    if nearness < (tuning.near_of_many if many else tuning.near) and not images:
        return judging.not_there(request, context, (), NOTHING, show_nearest=False)
    fused = fusion.weigh(found, request.words, context.settings.fusion)
    context.record.media_weights = fused.media_weights
    budget = engine.profile.evidence_tokens
    kept = fusion.choose(fused.evidence, budget, lambda text: count(engine, text), request.words)
    asking = _LibraryQuestion(request, context, engine, tuning, kept, nearness, many)
    yield Status("answering", ANSWERING)
    said = yield from asking.asked()
    if not said.text or abstains(said.text):
        return asking.refused(said)
    reply = judging.cite(said, request, context, engine)
    unsupported = not reply.cited.citations and reply.cited.unsupported and not reply.cited.foreign
    if unsupported and not said.prompt.images:
        asking.doubted = reply
        return asking.refused(said)
    return replace(reply, confidence=asking.sure)


def _searched(request: Request, context: Context, engine: Engine, tuning: AnswerTuning) -> list[Evidence]:
    """With the question as it stands in the conversation; translated, where what is filed is in another script."""
    record, words = context.record, request.words
    if request.points_back:
        with record.timed("searching"):
            words = search_query.standing_alone(words, context.conversation, engine, record.stop)
        record.notes.append(say("I searched for “{words}”.", words=words))
    found = context.search(words, limit=tuning.searched)
    scopes, library = context.conversation.scopes, context.library
    if not found and library is not None and search_query.is_foreign(words, library.beginning(scopes, limit=3)):
        with record.timed("searching"):
            words = search_query.translated(words, engine, record.stop)
        record.notes.append(
            say("I searched for “{words}”, since what you gave me is in another language.", words=words)
        )
        found = context.search(words, limit=tuning.searched)
    return found


@dataclass
class _LibraryQuestion:
    """One question asked of one engine over what was found. sure: the confidence, once it was weighed. doubted: the
    answer that it was too little for."""

    request: Request
    context: Context
    engine: Engine
    tuning: AnswerTuning
    evidence: Sequence[Evidence]
    nearness: float
    many: bool
    sure: float | None = None
    doubted: Reply | None = None

    def asked(self) -> Generator[Event, None, GeneratedText]:
        """What is near is asked of a small model outright, and its words are doubted afterwards; what is less near, and
        everything asked of a larger one, comes with a way out."""
        small = self.engine.profile.small
        outright = small and self.nearness >= self.tuning.outright
        said = (yield from self._say(strict=False)) if outright else (yield from self._with_a_way_out())
        if not small or not said.prompt.evidence or not said.text or abstains(said.text):
            return said
        yield Status("checking", say("Checking that this answers the question"))
        reply = judging.cite(said, self.request, self.context, self.engine)
        near = self.nearness if self.many else 1.0
        self.sure = judging.how_sure(reply, self.request, self.context, self.engine, nearness=near)
        if self.sure is not None:
            if self.sure >= self.tuning.doubted:
                return said
            self.doubted = reply
            return replace(said, text="")
        if outright and self._speaks_beside(said):
            second = yield from self._say(strict=True, silently=True)
            return second if abstains(second.text) else said
        return said

    def refused(self, said: GeneratedText) -> Reply:
        """That the files do not say it, with what comes nearest; where the model may be right, as not said in so many
        words."""
        request, context = self.request, self.context
        roughly = self.doubted is not None and self.sure is not None and self.sure >= self.tuning.denied
        nothing = judging.not_there(request, context, self.evidence, said.prompt, doubted=self.doubted, roughly=roughly)
        return replace(nothing, confidence=self.sure)

    def _with_a_way_out(self) -> Generator[Event, None, GeneratedText]:
        """Asked so that it may say "not found"; where the evidence seems to contradict that, outright, once."""
        said = yield from self._say(strict=True)
        if self.engine.profile.small and self.many and self._speaks_beside(said):
            return replace(said, text="")  # the best of many is near by chance, and a small model takes what it gets
        everything = "\n".join(piece.content for piece in said.prompt.evidence)
        covered = citations.coverage(self.request.words, everything)
        if abstains(said.text) and covered >= self.tuning.ask_again and not self.context.record.stop.is_set():
            yield Status("checking", say("Looking again"))
            again = yield from self._say(strict=False, silently=True)
            reply = judging.cite(again, self.request, self.context, self.engine)
            if reply.cited.citations and not reply.cited.unsupported and not self._speaks_beside(again):
                yield Delta(again.text)
                return again
        return said

    def _speaks_beside(self, said: GeneratedText) -> bool:
        """Whether the quotes that support these words hold little of the question: it may be a near miss."""
        if not said.text or abstains(said.text):
            return False
        supporting = judging.quotes(judging.cite(said, self.request, self.context, self.engine))
        covered = citations.coverage(self.request.words, "\n".join(supporting))
        return bool(supporting) and covered <= self.tuning.beside

    def _say(self, strict: bool, silently: bool = False) -> Generator[Event, None, GeneratedText]:
        small = self.engine.profile.small
        language = "zh" if self.request.language == "zh" else ""
        record = self.context.record

        def instructions(pictures: Sequence[str]) -> str:
            return render(
                "ways/fact.md.j2", pictures=bool(pictures), strict=strict, language=language, into="", small=small
            )

        history = MOST_HISTORY[small] if self.request.points_back or not small else 0
        images = self.context.conversation.images if self.engine.profile.sees_images else []
        asked = PromptInput(
            self.request.words, instructions, self.evidence, history=history, images=images, new=record.new_images,
            meant=record.meant,
        )  # fmt: skip
        return (yield from stream(self.context, self.engine, asked, silently))

"""Asking: the evidence put before the engine, so that what it says can be trusted or is doubted.

How it is asked depends on how near the evidence is to the question. Small models say "not found" of most
things once they may, and something of everything while they may not.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from assistant.answering import confidence, fusion
from assistant.answering.fusion import Prompt
from assistant.answering.search_query import points_back
from assistant.answering.turn import TurnRecord
from assistant.citing import citations
from assistant.ports.engine import Engine, Generation
from assistant.settings.settings import Settings
from assistant.text.tokens import is_cjk, is_question
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.parts import Image
from assistant.vision.grounding import hidden_from

SURE = 0.55  # best score from which the answer is asked for outright; see benchmarks/answers.py
ASK_AGAIN = 0.7  # share of the question that the evidence must hold before a "not found" is doubted
BESIDE = 0.5  # share of the question up to which quotes may speak of something beside it
ABSTENTION = "NOT FOUND"  # the words that prompts/answer.md.j2 asks for


@dataclass(frozen=True)
class Asking:
    """One turn's asking of one engine."""

    engine: Engine
    settings: Settings
    record: TurnRecord

    def ask(self, evidence: Sequence[Evidence]) -> Generator[Event, None, tuple[str, Prompt]]:
        """The engine's words, and the prompt they answer.

        What is near is asked of a small model outright, and its words are doubted afterwards; what is less near,
        and everything asked of a larger one, comes with a way out; what is about the whole is simply done.
        """
        if self.record.about_whole:
            return (yield from self._say(evidence, "whole"))
        small = self.engine.profile.small
        outright = bool(evidence) and self.record.nearness >= SURE and small
        if outright:
            said, prompt = yield from self._say(evidence, "outright")
        else:
            said, prompt = yield from self._ask_with_a_way_out(evidence)
        if not small or not prompt.evidence or not said or abstains(said) or self.record.stop.is_set():
            return said, prompt
        yield Status("checking", "Checking that this answers the question")
        self._weigh(said, prompt)
        if self.record.confidence is not None:
            return (said if self.record.confidence >= confidence.ENOUGH else ABSTENTION), prompt
        if outright and self._speaks_beside(said, prompt):
            second, _ = yield from self._say(evidence, "strict", silently=True)
            return (second if abstains(second) else said), prompt
        return said, prompt

    def _weigh(self, said: str, prompt: Prompt) -> None:
        """Asks the engine how much speaks for its words, if the question is of the kind that this was measured on."""
        asked = self.record.question
        if is_question(asked) and not is_cjk(asked) and not points_back(asked, self.record.conversation):
            nearness = self.record.nearness if self.record.among_many else 1.0
            best = prompt.evidence[0].content
            quotes = self._quotes(said, prompt) or [best]  # what its words are not found in may support its meaning
            claim = confidence.Claim(asked, said, "\n".join(quotes), best, nearness)
            with self.record.timed("answering"):
                self.record.confidence = confidence.confidence(claim, self.engine, self.record.stop)

    def _ask_with_a_way_out(self, evidence: Sequence[Evidence]) -> Generator[Event, None, tuple[str, Prompt]]:
        """Asked so that it may say "not found"; where the evidence seems to contradict that, outright, once."""
        said, prompt = yield from self._say(evidence, "strict")
        if self.engine.profile.small and self.record.among_many and self._speaks_beside(said, prompt):
            return ABSTENTION, prompt  # the best of many is near by chance, and a small model takes what it gets
        everything = "\n".join(piece.content for piece in prompt.evidence)
        hasty = abstains(said) and citations.coverage(self.record.question, everything) >= ASK_AGAIN
        if hasty and not self.record.stop.is_set():
            yield Status("checking", "Looking again")
            again, second = yield from self._say(evidence, "outright", silently=True)
            cited = citations.cite(again, second.evidence, self.record.question, numbers=self.record.numbers)
            if cited.citations and not cited.unsupported and not self._speaks_beside(again, second):
                yield Delta(again)
                return again, second
        return said, prompt

    def _speaks_beside(self, said: str, prompt: Prompt) -> bool:
        """Whether the quotes that support these words hold little of the question: it may be a near miss."""
        quotes = self._quotes(said, prompt)
        return bool(quotes) and citations.coverage(self.record.question, "\n".join(quotes)) <= BESIDE

    def _quotes(self, said: str, prompt: Prompt) -> list[str]:
        """What supports these words."""
        cited = citations.cite(said, prompt.evidence, self.record.question, numbers=self.record.numbers)
        return [citation.quote for citation in cited.citations]

    def _say(
        self, evidence: Sequence[Evidence], ask: str, silently: bool = False
    ) -> Generator[Event, None, tuple[str, Prompt]]:
        prompt = self._build(evidence, ask)
        return (yield from self._stream(prompt, silently)), prompt

    def _build(self, evidence: Sequence[Evidence], ask: str) -> Prompt:
        """A small model mixes earlier answers into this one, so it is shown them only where they are needed."""
        alone = bool(evidence) and not points_back(self.record.question, self.record.conversation)
        return fusion.build(
            self.record.question,
            evidence,
            self.pictures,
            self.record.conversation,
            self.engine.profile,
            self.engine.count_tokens,
            self.settings.answer_tokens,
            self.engine.sent,
            ask,
            new=self.record.new_images,
            meant=self.record.meant,
            with_history=not (alone and self.engine.profile.small),
        )

    @property
    def pictures(self) -> list[Image]:
        """Those of the conversation, for an engine that sees."""
        return self.record.conversation.images if self.engine.profile.sees_images else []

    def _stream(self, prompt: Prompt, silently: bool = False) -> Generator[Event, None, str]:
        """All that the engine says; words that may yet become "not found", and places in pictures, are held back."""
        options = Generation(prompt.answer_tokens, self.settings.temperature)
        said, shown = "", 0
        with self.record.timed("answering"):
            for piece in self.engine.generate(prompt.messages, options, self.record.stop, self.record.conversation.id):
                self.record.mark_first_word()
                said += piece
                if not silently and not (prompt.evidence and _may_abstain(said)):
                    end = hidden_from(said) if prompt.images else len(said)
                    if end > shown:
                        yield Delta(said[shown:end])
                        shown = end
            end = hidden_from(said, whole=True) if prompt.images else len(said)
            if end > shown and not silently and not abstains(said):
                yield Delta(said[shown:end])
        return said.strip()


def abstains(said: str) -> bool:
    return said.strip().strip(".。\"'").upper().startswith(ABSTENTION)


def _may_abstain(said: str) -> bool:
    begun = said.lstrip().upper()[: len(ABSTENTION)]
    return ABSTENTION.startswith(begun)

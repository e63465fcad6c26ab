"""Classifiers that ask a language model: by how likely it finds what each way declares of its kinds, or by its word.

Neither learns from examples. Facets and likeness, which a model is not asked, another classifier tells.
"""

import json
import math
import re
import threading
from collections.abc import Collection, Mapping, Sequence

from assistant.answering.ways import all_kinds
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Vectors
from assistant.ports.engine import ASIDE, Engine, Generation
from assistant.values.parts import ChatMessage, Text
from prompts import render

SHARPNESS = 3.0  # how much a difference of one in a token's mean logarithm is worth
REPLY = Generation(max_tokens=24)
_OBJECT = re.compile(r"\{[^{}]*\}")


class _EngineClassifier:
    """What both have in common. otherwise: tells facets and likeness, and kinds where the model does not."""

    def __init__(self, engine: Engine, otherwise: KindClassifier) -> None:
        self._engine, self._otherwise = engine, otherwise

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        return self._otherwise.likeness(words, texts)

    def exampled(self, words: str, kind: str) -> float:
        return self._otherwise.exampled(words, kind)

    def facet(self, words: str, kind: str) -> str:
        return self._otherwise.facet(words, kind)


class LikelihoodClassifier(_EngineClassifier):
    """Implements KindClassifier: how much likelier the request makes each kind's line than no request does."""

    def __init__(self, engine: Engine, otherwise: KindClassifier) -> None:
        super().__init__(engine, otherwise)
        self._unasked: dict[str, float] = {}

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        """Shares that add up to 1; those of the other classifier where the engine cannot say."""
        told = self._means(words, sorted(candidates))
        if told is None:
            return self._otherwise.scores(words, candidates)
        if missing := sorted(set(candidates) - self._unasked.keys()):
            self._unasked |= self._means("…", missing) or {}
        raised = {kind: math.exp(SHARPNESS * (mean - self._unasked.get(kind, 0.0))) for kind, mean in told.items()}
        total = sum(raised.values())
        return {kind: value / total for kind, value in raised.items()}

    def _means(self, words: str, kinds: Sequence[str]) -> dict[str, float] | None:
        """kind → mean logarithm of the chances of its line's tokens."""
        known = all_kinds()
        lines = [known[kind].wanted or kind.replace("_", " ") for kind in kinds]
        asked = [
            ChatMessage("system", (Text(render("kind_of_request.md.j2", kinds=())),)),
            ChatMessage("user", (Text(words),)),
        ]
        told = self._engine.likelihood(asked, lines, threading.Event(), ASIDE + "kinds by likelihood")
        if told is None:
            return None
        return {kind: sum(tokens) / max(len(tokens), 1) for kind, tokens in zip(kinds, told, strict=True)}


class ReplyClassifier(_EngineClassifier):
    """Implements KindClassifier, for large and remote models: one short prompt, one word back."""

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        """1 for the kind that the model names; as the other classifier says where it names none of these."""
        known = all_kinds()
        listed = [(kind, known[kind].wanted or kind.replace("_", " ")) for kind in sorted(candidates)]
        asked = [
            ChatMessage("system", (Text(render("kind_of_request.md.j2", kinds=listed)),)),
            ChatMessage("user", (Text(words),)),
        ]
        written = "".join(self._engine.generate(asked, REPLY, threading.Event(), ASIDE + "kinds by reply"))
        kind = _named(written)
        if kind not in candidates:
            return self._otherwise.scores(words, candidates)
        return {each: float(each == kind) for each in candidates}


def _named(written: str) -> str:
    """The kind in the JSON of a reply, which may stand among other words; "" where there is none."""
    for found in _OBJECT.findall(written):
        try:
            kind = json.loads(found).get("kind")
        except json.JSONDecodeError:
            continue
        if isinstance(kind, str):
            return kind.strip()
    return ""

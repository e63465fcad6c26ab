"""How nearly two sentences mean the same, by an embedder, on a scale of its own: 0 unrelated, 1 said in other words.

One embedder gives unrelated sentences a cosine of 0.05, the next 0.75, and an English one gives any two Chinese
sentences 0.5. So each is shown the same few pairs once, and a script that it cannot read is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from assistant.ports.embedding import Embedder
from assistant.text.tokens import is_cjk

_SPACED = (
    ("The shop opens at nine o'clock.", "You can enter the store from nine."),
    ("Her father taught mathematics.", "Her dad was a teacher of maths."),
    ("The storm damaged the roof of the school.", "The school's roof was harmed by the storm."),
    ("Tickets must be bought in advance.", "You have to purchase tickets beforehand."),
    ("The lake freezes in December.", "In December ice covers the lake."),
    ("He sold his car to a neighbour.", "A neighbour bought his car."),
    ("The medicine lowers blood pressure.", "Blood pressure goes down with this drug."),
    ("The city has two airports.", "There are two airports in the city."),
)
_UNSPACED = (
    ("商店九点开门。", "九点起可以进店。"),
    ("她父亲教数学。", "她爸爸是数学老师。"),
    ("暴风雨损坏了学校的屋顶。", "学校的屋顶被暴风雨毁坏了。"),
    ("票必须提前购买。", "需要预先买票。"),
    ("湖水十二月结冰。", "到了十二月，湖面会冻住。"),
    ("他把车卖给了邻居。", "邻居买下了他的车。"),
    ("这种药能降低血压。", "服用此药后血压会下降。"),
    ("这座城市有两个机场。", "该市的机场共有两座。"),
)


@dataclass(frozen=True)
class _Scale:
    """What the cosines of an embedder mean."""

    zero: float
    """The cosine of unrelated sentences."""
    same: float
    """The cosine of sentences that mean the same."""
    reads: bool
    """Whether the embedder tells them apart."""


class Likeness:
    """Of one embedder; its scale for each script is found when first needed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._scales: dict[bool, _Scale] = {}

    @classmethod
    def of_embedder(cls, embedder: Embedder) -> "Likeness":
        """The one of this embedder, made once: its scale costs as much as embedding 16 sentences."""
        known = _KNOWN.get(id(embedder))
        if known is None or known._embedder is not embedder:
            _KNOWN.clear()  # one embedder at a time
            known = _KNOWN[id(embedder)] = cls(embedder)
        return known

    def of(self, sentence: str, texts: Sequence[str]) -> list[float]:
        """For each text, about 0 to 1; all 0 where the embedder cannot read the script."""
        scale = self._scale(is_cjk(sentence))
        if not scale.reads or not texts:
            return [0.0] * len(texts)
        vectors = self._embedder.embed_passages([sentence, *texts])
        return [float((cosine - scale.zero) / (scale.same - scale.zero)) for cosine in vectors[1:] @ vectors[0]]

    def _scale(self, cjk: bool) -> _Scale:
        if cjk not in self._scales:
            pairs = _UNSPACED if cjk else _SPACED
            one, other = (self._embedder.embed_passages([pair[side] for pair in pairs]) for side in (0, 1))
            cosines = one @ other.T
            own, others = cosines.diagonal(), cosines[~numpy.eye(len(pairs), dtype=bool)]
            zero, same = float(numpy.median(others)), float(numpy.median(own))
            reads = bool((cosines.argmax(axis=1) == numpy.arange(len(pairs))).all()) and float(own.min()) > float(
                others.max()
            )
            self._scales[cjk] = _Scale(zero, same, reads and same > zero + 0.05)
        return self._scales[cjk]


_KNOWN: dict[int, Likeness] = {}

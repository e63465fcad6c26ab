"""The likely subject of a photo: a guess with its probability, or nothing. Names nobody and no place."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from assistant.vision.things import OF_PAPER, Thing, thing_of

if TYPE_CHECKING:
    from PIL import Image as Pillow

SURE = 0.6  # the share from which a guess is said; benchmarks/reader.py --photos lists what it lets pass
NAMED = 0.5  # of a thing's share: from it on its kind is said too
FLAT = 0.45  # share of neighbouring pixels that are exactly alike, from which a picture was drawn and not taken
_WEIGHTS, _NAMES = "efficientnet-lite2.pth", "names.json"


@dataclass(frozen=True)
class Subject:
    """What a picture shows most likely."""

    kind: str
    """As exactly as the classifier names it, such as "golden retriever"."""
    share: float
    """How likely it is among all that it could be, 0 to 1."""
    thing: Thing | None = None
    """The same in everyday words, such as "a dog"; None where only the kind has a name."""


class SubjectClassifier:
    """EfficientNet-Lite2 over ImageNet's thousand classes. Any thread may call it."""

    def __init__(self, network: object, names: list[str]) -> None:
        self._network, self._names = network, names

    @classmethod
    def load(cls, folder: Path) -> "SubjectClassifier":
        """folder: with the weights and the names of the classes, whose digests were checked."""
        import torch

        from assistant.vision.efficientnet import EfficientNetLite2

        network = EfficientNetLite2()
        network.load_state_dict(torch.load(folder / _WEIGHTS, map_location="cpu", weights_only=True))
        network.eval()
        return cls(network, json.loads((folder / _NAMES).read_text(encoding="utf-8")))

    def subject(self, picture: "Pillow.Image") -> Subject | None:
        """None where nothing is likely enough, and for what was drawn or printed."""
        if is_drawn(picture):
            return None
        subject = self.likeliest(picture)
        return subject if subject is not None and subject.share >= SURE else None

    def likeliest(self, picture: "Pillow.Image") -> Subject | None:
        """However unlikely; None for paper and screens, whose text is read."""
        chances = self.chances(picture)
        if int(chances.argmax()) in OF_PAPER:
            return None
        shares: dict[Thing | int, float] = {}
        for at, chance in enumerate(chances):
            what: Thing | int = thing_of(at) or at
            shares[what] = shares.get(what, 0.0) + float(chance)
        best = max(shares, key=lambda what: shares[what])
        if not isinstance(best, Thing):
            return Subject(self._names[best], shares[best])
        at = max(best.classes, key=lambda one: float(chances[one]))
        kind = self._names[at] if chances[at] >= NAMED * shares[best] else ""
        return Subject(kind, shares[best], best)

    def chances(self, picture: "Pillow.Image") -> "numpy.typing.NDArray[numpy.float32]":
        """Of each class, the mean of two looks: at the whole picture, and at its middle. Shape (1000,)."""
        import torch

        from assistant.vision.efficientnet import SIDE

        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        middle = picture.crop((left, top, left + side, top + side)).crop(_inset(side))
        looks = [numpy.asarray(look.resize((SIDE, SIDE)), dtype=numpy.float32) for look in (picture, middle)]
        values = (numpy.stack(looks) - 127.0) / 128.0
        with torch.inference_mode():
            logits = self._network(torch.from_numpy(values.transpose(0, 3, 1, 2)))  # type: ignore[operator]
        mean: numpy.typing.NDArray[numpy.float32] = logits.softmax(1).mean(0).numpy()
        return mean


def _inset(side: int) -> tuple[int, int, int, int]:
    edge = side // 16
    return edge, edge, max(edge + 1, side - edge), max(edge + 1, side - edge)


def is_drawn(picture: "Pillow.Image") -> bool:
    """Whether large parts are exactly of one colour, as in drawings, screenshots and documents, and never in photos."""
    levels = numpy.asarray(picture)
    if min(picture.size) < 32:
        return True  # too small to show anything
    alike = (levels[:, 1:] == levels[:, :-1]).all(axis=2) & ~_white(levels[:, 1:])
    white = _white(levels).mean()
    return bool(alike.mean() / max(1e-6, 1 - white) > FLAT or white > 0.85)


def _white(levels: "numpy.typing.NDArray[numpy.uint8]") -> "numpy.typing.NDArray[numpy.bool_]":
    """Things are photographed before white."""
    return numpy.asarray((levels >= 250).all(axis=2))

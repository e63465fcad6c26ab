"""Who spoke, by voice: each sentence of a recording is given to one of the voices heard so far, or to a new one.

What is known of the voices goes along in the cursor of the recording, so that speaker 2 is the same one an hour and a
restart later. Knows vectors, and nothing of how a voice becomes one; names nobody.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.ports.speech import VoiceEncoder
from assistant.values.evidence import Passage, Seconds, TextSpan

MOST = 8  # voices; whoever is heard after these is given to the nearest one
NEW = 2.5  # seconds that a voice must be heard for, to be a new one
SURE = 60.0  # seconds of a voice after which more of it changes nothing
LONGEST = 12.0  # seconds of a sentence that are looked at


@dataclass(frozen=True)
class _Unit:
    """A sentence: characters start to end of a passage. vector: None where it is too short to tell."""

    passage: int
    start: int
    end: int
    at: Seconds
    vector: Vectors | None

    @property
    def seconds(self) -> float:
        return self.at.end - self.at.start


@dataclass
class Voices:
    """The voices of a recording so far: the sum of the vectors of each by their seconds."""

    _sums: list[Vectors] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._sums)

    def told_apart(
        self, passages: Sequence[Passage], samples: Vectors, begins: float, encoder: VoiceEncoder
    ) -> tuple[Passage, ...]:
        """The passages, each sentence with its speaker as the track. samples: of the stretch that begins at that second
        of the recording."""
        units = [unit for number, one in enumerate(passages) for unit in _units(number, one, samples, begins, encoder)]
        speakers = self._speakers(units, encoder)
        found: list[Passage] = []
        for number, passage in enumerate(passages):
            own = [(unit, who) for unit, who in zip(units, speakers, strict=True) if unit.passage == number]
            found.append(_labelled(passage, own))
        return tuple(found)

    def _speakers(self, units: Sequence[_Unit], encoder: VoiceEncoder) -> list[int]:
        """Of each unit the number of its speaker, from 1; 0 where there is none yet."""
        groups = _grouped([(unit.vector, unit.seconds) for unit in units], encoder.same)
        of_group: dict[int, int] = {}
        for group in dict.fromkeys(one for one in groups if one is not None):
            members = [unit for unit, one in zip(units, groups, strict=True) if one == group]
            total = sum((unit.vector * unit.seconds for unit in members if unit.vector is not None), numpy.float32(0))
            of_group[group] = self._known(numpy.asarray(total), sum(unit.seconds for unit in members), encoder.same)
        told = [of_group[group] if group is not None else 0 for group in groups]
        for at, who in enumerate(told):  # what is too short goes with what was said before it, else after it
            if not who:
                told[at] = told[at - 1] if at and told[at - 1] else next((one for one in told[at:] if one), 0)
        return told

    def _known(self, total: Vectors, seconds: float, same: float) -> int:
        near = [_cosine(total, one) for one in self._sums]
        best = max(range(len(near)), key=near.__getitem__, default=-1)
        if best >= 0 and (near[best] >= same or seconds < NEW or len(self._sums) >= MOST):
            if near[best] >= same:
                self._sums[best] = self._sums[best] + total
                if (length := float(numpy.linalg.norm(self._sums[best]))) > SURE:
                    self._sums[best] = self._sums[best] * (SURE / length)
            return best + 1
        self._sums.append(total)
        return len(self._sums)

    def to_json(self) -> str:
        """ "" where nobody was heard. A byte for each number is enough to tell voices apart."""
        rows = []
        for one in self._sums:
            length = float(numpy.linalg.norm(one))
            most = float(numpy.abs(one).max()) or 1.0
            row = numpy.round(one / most * 127).astype(numpy.int8)
            rows.append([round(length, 1), base64.b85encode(row.tobytes()).decode()])
        return json.dumps(rows, separators=(",", ":")) if rows else ""

    @classmethod
    def from_json(cls, text: str) -> "Voices":
        """The inverse; what cannot be read is nobody."""
        try:
            rows = [
                (float(length), numpy.frombuffer(base64.b85decode(row), numpy.int8).astype(numpy.float32))
                for length, row in json.loads(text or "[]")
            ]
        except (ValueError, TypeError):
            return cls()
        return cls([row * numpy.float32(length / max(float(numpy.linalg.norm(row)), 1e-9)) for length, row in rows])


def _units(number: int, passage: Passage, samples: Vectors, begins: float, encoder: VoiceEncoder) -> list[_Unit]:
    places = passage.places or (TextSpan(0, len(passage.text), passage.location),)
    found = []
    for place in places:
        if not isinstance(at := place.location, Seconds):
            continue
        first, last = (max(0, round((second - begins) * SAMPLE_RATE)) for second in (at.start, at.end))
        heard = samples[first : min(last, first + round(LONGEST * SAMPLE_RATE))]
        vector = encoder.embed(heard) if len(heard) >= encoder.shortest * SAMPLE_RATE else None
        found.append(_Unit(number, place.start, place.end, at, vector))
    return found


def _grouped(units: Sequence[tuple[Vectors | None, float]], same: float) -> list[int | None]:
    """Of each the group of those that are alike: the two nearest are joined until none are near."""
    groups: list[list[int]] = [[at] for at, (vector, _) in enumerate(units) if vector is not None]
    sums = [vector * seconds for vector, seconds in units if vector is not None]
    while len(groups) > 1:
        unit = numpy.stack([one / max(float(numpy.linalg.norm(one)), 1e-9) for one in sums])
        near = unit @ unit.T
        numpy.fill_diagonal(near, -1)
        first, second = divmod(int(near.argmax()), len(groups))
        if near[first, second] < same:
            break
        first, second = min(first, second), max(first, second)
        groups[first] += groups.pop(second)
        sums[first] = sums[first] + sums.pop(second)
    of_unit: list[int | None] = [None] * len(units)
    for group in groups:
        for at in group:
            of_unit[at] = min(group)
    return of_unit


def _labelled(passage: Passage, units: Sequence[tuple[_Unit, int]]) -> Passage:
    if not units:
        return passage

    def called(at: Seconds, who: int) -> Seconds:
        return replace(at, track=f"speaker {who}" if who else "")

    whom = {who for _, who in units}
    at = passage.location
    location = called(at, whom.pop()) if isinstance(at, Seconds) and len(whom) == 1 else at
    places = tuple(TextSpan(one.start, one.end, called(one.at, who)) for one, who in units) if passage.places else ()
    return Passage(passage.text, location, places)


def _cosine(one: Vectors, other: Vectors) -> float:
    return float(one @ other) / max(float(numpy.linalg.norm(one) * numpy.linalg.norm(other)), 1e-9)

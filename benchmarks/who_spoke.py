"""Who spoke, by voice, measured: how much of what is said is given to somebody else (diarisation error beside truth).

    OMP_NUM_THREADS=1 python -m benchmarks.who_spoke [--speakers auto|FOLDER] [--heard] [--json]

Talks on one channel, in turns: the voice's speakers, two and three at a time, near and by telephone, one of them alone;
and real recordings of the public domain (see real_speech.py), which Kennedy, a reader and somebody at a microphone
speak. Voices are given to sentences at their true times; with --heard at those of the recogniser, the whole way of a
recording that is handed over. The error is the share of the seconds of speech that another one than their speaker has,
with the best pairing of speakers and voices; more voices than speakers, and fewer, are told.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import numpy

from assistant.intake.recordings import hear
from assistant.intake.voices import Voices
from assistant.media import SAMPLE_RATE, read_samples
from assistant.models.profiles import VOICE_ENCODER
from assistant.ports.embedding import Vectors
from assistant.ports.speech import VoiceEncoder
from assistant.settings.settings import from_environment
from assistant.speech.diarization import load_voice_encoder
from assistant.values.evidence import Passage, Seconds
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.parts import Attachment
from assistant.weights import Weights
from benchmarks import two_channels
from benchmarks.real_speech import recordings
from benchmarks.two_channels import TALKS, Call, Keeping, by_telephone, load_speaker, write

READERS = {"jfk": "Kennedy", "librivox": "reader", "cards": "player"}  # whoever else speaks is another one
STRETCH = 60.0  # seconds that are looked at together, as a recording is taken in


@dataclass(frozen=True)
class Said:
    """What somebody says, from start to end in seconds."""

    who: str
    start: float
    end: float


@dataclass(frozen=True)
class Talk:
    name: str
    samples: Vectors
    said: tuple[Said, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speakers", default="auto", help="auto, or a folder with a model of voices")
    parser.add_argument("--heard", action="store_true", help="at the recogniser's own times")
    parser.add_argument("--keep", type=Path, help="a folder for what the voice said, so that it is made once")
    parser.add_argument("--talks", type=int, default=2, help="how many made ones in each language")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    weights = Weights(from_environment(os.environ).cache)
    folder = weights.fetch(VOICE_ENCODER) if options.speakers == "auto" else Path(options.speakers)
    encoder, table = load_voice_encoder(folder), {}
    for talk in chain(real(weights), made(Keeping(load_speaker(weights), options.keep), options.talks)):
        told = as_heard(talk, encoder, weights) if options.heard else at_true_times(talk, encoder)
        table[talk.name] = measured(talk, told)
        if not options.json:
            print(f"{talk.name}: {json.dumps(table[talk.name])}", flush=True)
    if options.json:
        print(json.dumps(table, indent=2, ensure_ascii=False))


def made(voices: Keeping, talks: int) -> Iterator[Talk]:
    english = [line for lines in TALKS["en"][:talks] for line in lines]
    casts = {
        "made, two": ("af_heart", "am_michael"),
        "made, two women": ("af_heart", "bf_emma"),
        "made, three": ("af_heart", "am_michael", "bf_emma"),
        "made, one alone": ("af_heart",),
    }
    for name, cast in casts.items():
        lines = [(cast[at % len(cast)], words) for at, words in enumerate(english)]
        talk = _laid(name, [(who, voices.spoken(words, who)) for who, words in lines])
        yield talk
        yield _by_telephone(talk)
    for name, cast in (("made, two, Chinese", two_channels.VOICES["zh"]),):
        chinese = [line for lines in TALKS["zh"][:talks] for line in lines]
        yield _laid(name, [(cast[at % 2], voices.spoken(words, cast[at % 2])) for at, words in enumerate(chinese)])


def real(weights: Weights) -> Iterator[Talk]:
    """Kennedy's sentence in two halves, so that each speaks several times."""
    turns: dict[str, list[Vectors]] = defaultdict(list)
    for one in recordings(weights):
        who = next((who for part, who in READERS.items() if part in one.name), "somebody")
        half = len(one.samples) // 2
        turns[who] += [one.samples[:half], one.samples[half:]] if who == "Kennedy" else [one.samples]
    mixed = []
    for at in range(max(map(len, turns.values()))):
        mixed += [(who, sounds[at]) for who, sounds in turns.items() if at < len(sounds)]
    yield _laid("real, four", mixed)
    yield _by_telephone(_laid("real, four", mixed))
    for who, sounds in turns.items():
        yield _laid(f"real, {who} alone", [(who, sound) for sound in sounds])


def _laid(name: str, turns: Sequence[tuple[str, Vectors]]) -> Talk:
    parts: list[Vectors] = []
    said, at = [], 0.3
    parts.append(numpy.zeros(round(at * SAMPLE_RATE)))
    for who, sound in turns:
        level = 0.1 / max(float(numpy.sqrt((sound**2).mean())), 1e-6)
        parts += [sound * min(level, 1 / float(numpy.abs(sound).max())), numpy.zeros(round(0.5 * SAMPLE_RATE))]
        seconds = len(sound) / SAMPLE_RATE
        said.append(Said(who, at, at + seconds))
        at += seconds + 0.5
    return Talk(name, numpy.concatenate(parts).astype(numpy.float32), tuple(said))


def _by_telephone(talk: Talk) -> Talk:
    call = by_telephone(Call(talk.samples, talk.samples, ()), numpy.random.default_rng(7))
    with tempfile.TemporaryDirectory() as folder:
        return Talk(f"{talk.name}, by telephone", read_samples(write(Path(folder) / "a.wav", call)), talk.said)


def at_true_times(talk: Talk, encoder: VoiceEncoder) -> list[Said]:
    voices, told = Voices(), []
    for first in range(1 + int(talk.said[-1].end / STRETCH)):
        begins = first * STRETCH
        inside = [one for one in talk.said if begins <= one.start < begins + STRETCH]
        passages = [Passage("Words.", Seconds(one.start, one.end)) for one in inside]
        samples = talk.samples[round(begins * SAMPLE_RATE) :]
        told += _said(voices.told_apart(passages, samples, begins, encoder))
    return told


def as_heard(talk: Talk, encoder: VoiceEncoder, weights: Weights) -> list[Said]:
    from dataclasses import replace

    context = replace(two_channels.context_of(two_channels.load_hearing(weights)), voices=encoder)
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.wav", Call(talk.samples, talk.samples, ()))
        steps = [step for step in hear(Attachment(path, path.name), context, Cursor()) if isinstance(step, IngestBatch)]
    return _said([passage for step in steps for passage in step.passages])


def _said(passages: Sequence[Passage]) -> list[Said]:
    places = [place.location for one in passages for place in one.places] + [
        one.location for one in passages if not one.places
    ]
    return [Said(at.track, at.start, at.end) for at in places if isinstance(at, Seconds)]


def measured(talk: Talk, told: Sequence[Said]) -> dict[str, Any]:
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for true in talk.said:
        for one in told:
            shared[true.who, one.who] += max(0.0, min(true.end, one.end) - max(true.start, one.start))
    total = sum(one.end - one.start for one in talk.said)
    people, voices = sorted({one.who for one in talk.said}), sorted({one.who for one in told if one.who})
    return {
        "seconds": round(total, 1),
        "speakers": len(people),
        "voices": len(voices),
        "error": round(1 - _best(people, voices, shared) / max(sum(shared.values()), 1e-9), 3),
        "without a voice": round(1 - sum(shared.values()) / total, 3),
    }


def _best(people: Sequence[str], voices: Sequence[str], shared: dict[tuple[str, str], float]) -> float:
    from scipy.optimize import linear_sum_assignment

    table = numpy.array([[shared[who, voice] for voice in voices] for who in people] or [[0.0]])
    rows, columns = linear_sum_assignment(-table)
    return float(table[rows, columns].sum())


if __name__ == "__main__":
    main()

"""Real speech with its words, from package archives: opened as data, pinned by digest, kept in the cache of weights.

pocketsphinx's source package carries sentences of Jane Austen's "Sense and Sensibility" as LibriVox reads it (public
domain), with every word's time, and commands that its makers spoke (BSD-2-Clause); `tests/support/media` holds
President Kennedy (public domain).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy

from assistant.media import read_samples
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Word
from assistant.values.checkpoint import Checkpoint, CheckpointFile, Member
from assistant.weights import Weights

_FOLDER = "pocketsphinx-5.1.1/test/data/"
_BOOK = "librivox/sense_and_sensibility_01_austen_64kb-"
_FILES = {
    f"{_BOOK}0870.wav": ("b0557cf95c974d930577e58e46b7f068c432a6e3afcc286563d88922b2a5315c", 227244),
    f"{_BOOK}0880.wav": ("fbec491ef00ee734a67f0ee318e98c51c157b479e1629ff4f4426861ecac0414", 95724),
    f"{_BOOK}0890.wav": ("5793ffbdee55fb8bfd284943a6866864c832d9d4accf2661cabd39915c84ee10", 169644),
    f"{_BOOK}0920.wav": ("40882414ef4cc51f3ff7a63bad0c8c87e7f595ffeb8209fbf756c8ebc5c28a59", 193644),
    f"{_BOOK}0930.wav": ("954adbf0b56ac8a148cbe77b39ca18d76b5f2a1e1f405565bd786ce3e68a68b7", 105324),
    "cards/001.wav": ("899951e768666f27c8f8b1d4090b96fe7909cae9cec01bec0a5d5d1b8a8d566e", 35096),
    "cards/003.wav": ("00d283e46bc257ae479e4aa86593cadb541656eba1d19fc8abeece37f6a5a18b", 49266),
    "cards/005.wav": ("090f18f5f76cf8b2b43cd9e6b07823f4685a4742d9a36cd98b174a6586c18cf9", 112124),
    "goforward.raw": ("f15c60ec54059d8b66e410d0064945a0b0a04ea56e1ddca1958e493c0cf70e71", 89160),
    "something.raw": ("eb95b74ce3f3037487e49dcfd935bbcf8c158b5f4083dd19451729c3ee694f5f", 95958),
    f"{_BOOK}0870.json": ("6d3883a910d6646b74e73480922e2f0bcd294f617bd19f2c885a736088a9532c", 1303),
    f"{_BOOK}0880.json": ("ecd310a6bae6db4c4ad142e46257681d412fbd62634d66664084fe932ac692cb", 560),
    f"{_BOOK}0890.json": ("eca493f8d07b95a03c9ac99f614c8346111e72f624b665650d6a0d122dac7b24", 868),
    f"{_BOOK}0920.json": ("e81bd5f50b920e3f81831e49b1566c2361db67d393ecd9d8f313b3b6b81ec866", 1054),
    f"{_BOOK}0930.json": ("06d7a9eaaa5801ce8589d2218ea2fe8ea2e4b0c8783470bdfa68c49b043f7479", 526),
}
SPEECH = Checkpoint(
    "pocketsphinx-speech",
    files=tuple(
        CheckpointFile(name, digest, size, members=(Member("pocketsphinx", "5.1.1", _FOLDER + name, "sdist"),))
        for name, (digest, size) in _FILES.items()
    ),
)
_SAID = {
    f"{_BOOK}0870.wav": "and mister john dashwood had then leisure to consider how much there might be prudently "
    "in his power to do for them",
    f"{_BOOK}0880.wav": "he was not an ill disposed young man",
    f"{_BOOK}0890.wav": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    f"{_BOOK}0920.wav": "had he married a more amiable woman he might have been made still more respectable "
    "than he was",
    f"{_BOOK}0930.wav": "he might even have been made amiable himself",
    "cards/001.wav": "ten of clubs",
    "cards/003.wav": "seven of clubs",
    "cards/005.wav": "eight of spades four of clubs seven of hearts",
    "goforward.raw": "go forward ten meters",
    "something.raw": "go somewhere and do something",
}
_KENNEDY = Path(__file__).parent.parent / "tests" / "support" / "media" / "jfk.flac"
_KENNEDY_SAID = (
    "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
)


@dataclass(frozen=True)
class Recording:
    """words: with their times, where somebody aligned them (pocketsphinx did, by force); else none."""

    name: str
    samples: Vectors
    said: str
    words: tuple[Word, ...] = ()


def recordings(weights: Weights) -> list[Recording]:
    """Fetched the first time. Raises Unreachable where no index answers."""
    folder = weights.fetch(SPEECH)
    found = [Recording("jfk", read_samples(_KENNEDY), _KENNEDY_SAID)]
    for name, said in _SAID.items():
        times = folder / f"{name.removesuffix('.wav')}.json"
        found.append(Recording(name, _samples(folder / name), said, _words(times) if times.is_file() else ()))
    return found


def _samples(path: Path) -> Vectors:
    """Raw files are 16-bit, 16 kHz, little-endian."""
    if path.suffix == ".wav":
        return read_samples(path)
    return numpy.fromfile(path, "<i2").astype(numpy.float32) / 32768


def _words(path: Path) -> tuple[Word, ...]:
    told = json.loads(path.read_text(encoding="utf-8"))["w"]
    return tuple(
        Word(one["b"], one["b"] + one["d"], one["t"].partition("(")[0]) for one in told if not one["t"].startswith("<")
    )

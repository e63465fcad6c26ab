"""Hearing, measured: word errors, speed, what is heard where nobody speaks, and the times of words.

    python benchmarks/voice.py [--models NAME,…] [--minutes 60] [--rounds 3] [--only PART,…] [--json]

Parts: words (word error rate on real speech, after Whisper's own English normaliser), times (how far word times lie
from a forced alignment), speed (seconds of work a second of speech; and our way over the bare engine, one after the
other in turns on the same recording), rooms (the same words by telephone, quiet, clipped, in noise), phantoms
(segments in so many minutes in which nobody speaks, with names hinted at, too), names (how many names in spoken
questions are spelt as they are in the conversation, without its hints and with them; made speech), chinese (character
error rate on speech that Kokoro makes: no real Chinese recording with a free licence lies in a package index that we
know of).
"""

import argparse
import io
import json
import os
import statistics
import sys
import time
import wave
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import numpy

from assistant.media import SAMPLE_RATE
from assistant.models import device
from assistant.models.profiles import profile_named
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Speaker, Transcriber
from assistant.settings.settings import Settings, from_environment
from assistant.speech import load_transcriber
from assistant.speech.recognition.configured_transcriber import ConfiguredTranscriber
from assistant.text.chinese_scripts import folded
from assistant.text.numerals import plain_numbers
from assistant.weights import Weights
from benchmarks.not_speech import KINDS
from benchmarks.not_speech import pieces as without_speech
from benchmarks.pieces import Piece, SettingUp
from benchmarks.real_speech import Recording, recordings

PARTS = ("words", "times", "speed", "rooms", "phantoms", "names", "chinese")
CHINESE = (
    "请问，谁保养了水泵？下一次保养是什么时候？",
    "合同的有效期为三年，租金每月两千八百元。",
    "百分之二十五的水泵在五月保养过。",
    "会议在二零二四年五月三号下午两点开始。",
    "李明和王芳在上海开会，讨论了软件发布计划。",
    "温度降到了零下十二摄氏度。",
    "第三章讲的是质量管理体系。",
    "我以每小时八十公里的速度开了二十分钟。",
    "其中一个坏了，另外一个没有问题。",
    "谢谢你的帮助，我们明天再联系。",
)
NAMES = (
    ("When did Anneliese Voss sign the lease?", ("Anneliese Voss",)),
    ("What does Brightwater Logistics owe us?", ("Brightwater",)),
    ("Who serviced the Kestrel pump, Dana Ortiz or Yusuf Demir?", ("Kestrel", "Dana Ortiz", "Yusuf Demir")),
    ("Did Siobhan Kavanagh call from Tromsoe?", ("Siobhan", "Kavanagh")),
    ("How many seats has the Zephyrus hall?", ("Zephyrus",)),
    ("Is Aurelio Marchetti in the photo?", ("Aurelio", "Marchetti")),
    ("Where is the Wexcombe site?", ("Wexcombe",)),
    ("What did Thandiwe say about the Halcyon project?", ("Thandiwe", "Halcyon")),
)
HINTS = (
    "The lease was signed by Anneliese Voss.",
    "Brightwater Logistics owes 950 euros.",
    "Yusuf Demir and Dana Ortiz serviced the Kestrel pump at the Wexcombe site.",
    "Siobhan Kavanagh, Aurelio Marchetti and Thandiwe work on the Halcyon project in the Zephyrus hall.",
)
PAUSE = numpy.zeros(SAMPLE_RATE, numpy.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="whisper-base,whisper-tiny.en", help="profiles of the table")
    parser.add_argument("--minutes", type=int, default=60, help="of sounds without speech")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    weights = Weights(from_environment(os.environ).cache)
    parts = options.only.split(",")
    table = {}
    for name in options.models.split(","):
        table[name] = measure(name, weights, parts, options.minutes, options.rounds)
        if not options.json:
            print(name)
            for what, value in table[name].items():
                print(f"  {what}: {value}")
    if options.json:
        print(json.dumps(table, indent=2, ensure_ascii=False))


def measure(name: str, weights: Weights, parts: Sequence[str], minutes: int, rounds: int) -> dict[str, Any]:
    profile = profile_named(name)
    assert profile is not None, name
    assert profile.checkpoint is not None, name
    folder, here = weights.fetch(profile.checkpoint), device.look()
    hearing = ConfiguredTranscriber(load_transcriber(profile, folder, here), Settings)
    told: dict[str, Any] = {}
    spoken = recordings(weights) if {"words", "times", "speed", "rooms"} & set(parts) else []
    if "words" in parts:
        told |= words(hearing, spoken)
    if "times" in parts:
        told |= times(hearing, spoken)
    if "rooms" in parts:
        told |= {f"word error rate, {room}": round(rate, 3) for room, rate in rooms(hearing, spoken).items()}
    if "speed" in parts:
        bare = bare_faster(folder) if profile.family == "faster-whisper" else bare_openai(folder)
        told |= speed(hearing, bare, spoken, rounds)
    if "phantoms" in parts:
        told |= phantoms(hearing, minutes)
        told["phantom segments with names hinted at"] = phantoms(hearing, minutes, HINTS)["phantom segments"]
    if "names" in parts:
        told |= names(hearing, weights)
    if "chinese" in parts and profile.languages != "English":
        told |= chinese(hearing, weights)
    return told


def word_error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    import jiwer
    from whisper.normalizers import EnglishTextNormalizer

    plain = EnglishTextNormalizer()
    return float(jiwer.wer([plain(one) for one in said], [plain(one) or "—" for one in heard]))


def words(hearing: Transcriber, spoken: Sequence[Recording]) -> dict[str, Any]:
    heard = [hearing.transcribe(one.samples).text for one in spoken]
    said = [one.said for one in spoken]
    book = [n for n, one in enumerate(spoken) if len(one.said.split()) > 5]
    return {
        "recordings": len(spoken),
        "words": sum(len(one.split()) for one in said),
        "word error rate": round(word_error_rate(said, heard), 3),
        "word error rate, sentences": round(word_error_rate([said[n] for n in book], [heard[n] for n in book]), 3),
        "heard otherwise": [(a, b) for a, b in zip(said, heard, strict=True) if word_error_rate([a], [b]) > 0],
    }


def times(hearing: Transcriber, spoken: Sequence[Recording]) -> dict[str, Any]:
    """Of words that both agree on, how far their starts lie apart."""
    apart = []
    for one in spoken:
        if not one.words:
            continue
        heard = [word for part in hearing.transcribe(one.samples, words=True).segments for word in part.words]
        last = -1.0
        for word in heard:
            same = [real for real in one.words if real.text == _letters(word.text) and real.start > last]
            if same:
                nearest = min(same, key=lambda real: abs(real.start - word.start))
                apart.append(abs(nearest.start - word.start))
                last = nearest.start
    if not apart:
        return {"word times": "none"}
    return {
        "word times compared": len(apart),
        "word starts apart, median seconds": round(statistics.median(apart), 3),
        "word starts apart, most": round(max(apart), 3),
    }


def rooms(hearing: Transcriber, spoken: Sequence[Recording]) -> dict[str, float]:
    random = numpy.random.default_rng(7)
    ways: dict[str, Callable[[Vectors], Vectors]] = {
        "telephone, 8 kHz": lambda samples: _telephone(samples),
        "a hundredth as loud": lambda samples: samples / 100,
        "clipped": lambda samples: numpy.clip(samples * 20, -0.5, 0.5),
        "noise 10 dB below": lambda samples: _noisy(samples, 10, random),
        "noise 5 dB below": lambda samples: _noisy(samples, 5, random),
    }
    said = [one.said for one in spoken]
    return {
        room: word_error_rate(said, [hearing.transcribe(way(one.samples).astype("f4")).text for one in spoken])
        for room, way in ways.items()
    }


def speed(
    hearing: Transcriber, bare: Callable[[Vectors], object], spoken: Sequence[Recording], rounds: int
) -> dict[str, Any]:
    """On all recordings as one, with a second between them, so that both have windows of 30 seconds to fill."""
    whole = numpy.concatenate([part for one in spoken for part in (one.samples, PAUSE)])
    ways: dict[str, Callable[[], object]] = {"ours": lambda: hearing.transcribe(whole), "bare": lambda: bare(whole)}
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(rounds + 1):
        for way in ("ours", "bare") if number % 2 else ("bare", "ours"):
            began = time.perf_counter()
            ways[way]()
            if number:  # the first round warms up
                took[way].append(time.perf_counter() - began)
    seconds = len(whole) / SAMPLE_RATE
    return {
        "seconds of speech": round(seconds, 1),
        "real-time factor": round(statistics.median(took["ours"]) / seconds, 3),
        "real-time factor, bare": round(statistics.median(took["bare"]) / seconds, 3),
        "ours over bare": round(statistics.median(a / b for a, b in zip(took["ours"], took["bare"], strict=True)), 3),
    }


def pieces() -> list[Piece]:
    return [Piece("hearing 11 s of speech", hearing_speech, bare="faster-whisper, as its README has it")]


@contextmanager
def hearing_speech(_: Path) -> SettingUp:
    from assistant.media import read_samples
    from tests.support.media_made import JFK

    profile = profile_named("faster-whisper-base")
    assert profile is not None
    assert profile.checkpoint is not None
    folder = Weights(from_environment(os.environ).cache).fetch(profile.checkpoint)
    hearing, bare, samples = load_transcriber(profile, folder, device.look()), bare_faster(folder), read_samples(JFK)

    def taken(work: Callable[[Vectors], object]) -> float:
        began = time.perf_counter()
        work(samples)
        return time.perf_counter() - began

    yield {"ours": lambda: taken(hearing.transcribe), "bare": lambda: taken(bare)}


def bare_faster(folder: Path) -> Callable[[Vectors], object]:
    """As its README has it."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    return lambda samples: list(model.transcribe(samples, beam_size=5)[0])


def bare_openai(folder: Path) -> Callable[[Vectors], object]:
    import whisper

    model = whisper.load_model(str(next(folder.glob("*.pt"))), device="cpu")
    return lambda samples: model.transcribe(samples, fp16=False)


def phantoms(hearing: Transcriber, minutes: int, hints: Sequence[str] = ()) -> dict[str, Any]:
    """A minute at a time, each with every kind of sound; with hints three seconds at a time, as questions come."""
    heard: Counter[str] = Counter()
    texts = []
    kinds = list(KINDS)
    minute: list[Vectors] = []
    for _, samples in without_speech(minutes):
        minute.append(samples)
        if hints:
            heard["hinted"] += len(hearing.transcribe(minute.pop(), hints=hints).segments)
        elif len(minute) == len(kinds):
            step = len(samples) / SAMPLE_RATE
            for segment in hearing.transcribe(numpy.concatenate(minute)).segments:
                heard[kinds[min(int(segment.start / step), len(kinds) - 1)]] += 1
                texts.append(segment.text)
            minute = []
    return {
        "minutes without speech": minutes,
        "phantom segments": sum(heard.values()),
        "phantoms by sound": dict(heard),
        "phantoms": texts[:20],
    }


def _speaker(weights: Weights) -> Speaker:
    from assistant.speech.synthesis.kokoro import KokoroSpeaker

    profile = profile_named("kokoro")
    assert profile is not None
    assert profile.checkpoint is not None
    folder = weights.fetch(profile.checkpoint)
    return KokoroSpeaker.load(profile, folder, folder / "words")


def names(hearing: Transcriber, weights: Weights) -> dict[str, Any]:
    speaker = _speaker(weights)
    spelt: dict[str, int] = {"without hints": 0, "with hints": 0}
    heard: list[tuple[str, str]] = []
    for number, (question, wanted) in enumerate(NAMES):
        spoken = speaker.say(question, ("af_heart", "am_michael")[number % 2])
        samples = _at_16_khz(spoken.samples, spoken.rate)
        texts = [hearing.transcribe(samples, hints=hints).text for hints in ((), HINTS)]
        for way, text in zip(spelt, texts, strict=True):
            spelt[way] += sum(name in text for name in wanted)
        heard.append((texts[0], texts[1]))
    return {
        "names spoken": sum(len(wanted) for _, wanted in NAMES),
        **{f"names spelt rightly {way}": count for way, count in spelt.items()},
        "names heard": heard,
    }


def chinese(hearing: Transcriber, weights: Weights) -> dict[str, Any]:
    import jiwer

    speaker = _speaker(weights)
    said, heard = [], []
    for number, text in enumerate(CHINESE):
        spoken = speaker.say(text, ("zf_xiaoxiao", "zm_yunxi")[number % 2])
        heard.append(hearing.transcribe(_at_16_khz(spoken.samples, spoken.rate)).text)
        said.append(text)
    rate = jiwer.cer([_characters(one) for one in said], [_characters(one) or "—" for one in heard])
    return {"character error rate, Chinese, made speech": round(float(rate), 3), "Chinese heard": heard}


def _characters(text: str) -> str:
    return _letters(plain_numbers(folded(text)).replace("%", "百分号"))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _telephone(samples: Vectors) -> Vectors:
    """300 to 3,400 Hz, eight bits of μ-law."""
    spectrum = numpy.fft.rfft(samples)
    hertz = numpy.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    narrow = numpy.fft.irfft(spectrum * ((hertz > 300) & (hertz < 3400)), len(samples))
    law = numpy.sign(narrow) * numpy.log1p(255 * numpy.abs(narrow)) / numpy.log(256)
    steps = numpy.round(law * 127) / 127
    return numpy.sign(steps) * (256 ** numpy.abs(steps) - 1) / 255


def _noisy(samples: Vectors, below: float, random: numpy.random.Generator) -> Vectors:
    loudness = float(numpy.sqrt((samples**2).mean()))
    return samples + random.normal(size=len(samples)) * loudness * 10 ** (-below / 20)


def _at_16_khz(samples: Vectors, rate: int) -> Vectors:
    """Through a file, as a recording comes."""
    import tempfile

    from assistant.media import read_samples

    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(made.getvalue())
        file.flush()
        return read_samples(Path(file.name))


if __name__ == "__main__":
    main()

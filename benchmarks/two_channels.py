"""Calls on two channels, measured: whether words reach the channel of who spoke them, and how many are wrong.

    OMP_NUM_THREADS=1 python -m benchmarks.two_channels [--only ROOM,…] [--languages en,zh] [--files call.wav] [--json]

Two of the voice's speakers talk with each other, a channel each, in turns or partly at once, in several rooms: with
the other side heard 20 or 30 dB lower, in noise, by telephone, with a channel upside down, with one at a tenth of the
other's loudness, with a dead one. The file goes the whole way of a recording that is handed over, and comes back as
passages with the channel on which they are said.

right channel: of the words of both that were heard, the share on the channel of who spoke them. wrong: the word error
rate (in Chinese of characters) over both channels. Beside it the bare recogniser, as its README has it: on each channel
by itself against what is said there (`bare, channel by channel`: it hears the other side as well), on the mono mix
against all that is said, in the order of time. --files: recordings of your own with two channels, each with a text of
the same name beside it whose lines begin with “left: ” or “right: ”.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import numpy

from assistant.intake.recordings import hear
from assistant.media import SAMPLE_RATE, read_samples
from assistant.models import device
from assistant.models.profiles import profile_named
from assistant.ports.embedding import Vectors
from assistant.ports.modality import ModalityContext
from assistant.ports.speech import Speaker, Transcriber
from assistant.settings.settings import Settings, from_environment
from assistant.speech import load_transcriber
from assistant.speech.recognition.configured_transcriber import ConfiguredTranscriber
from assistant.text.chinese_scripts import folded
from assistant.text.numerals import plain_numbers
from assistant.values.evidence import Seconds
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.limits import Limits
from assistant.values.parts import Attachment
from assistant.weights import Weights
from benchmarks.voice import bare_faster

SIDES = ("left", "right")
VOICES = {"en": ("af_heart", "am_michael"), "zh": ("zf_xiaoxiao", "zm_yunxi")}
TALKS = {
    "en": (
        (
            "Good morning, this is the boat yard in Galway. How can I help you?",
            "Hello, I would like to have my old sailing boat repaired before the summer.",
            "Of course. What is wrong with the boat, and how long is it?",
            "It is eleven metres long, and the mast has a crack near the top.",
            "Then we would have to take the mast down. That costs about nine hundred pounds.",
            "I see. Could you start on the second Monday in March?",
            "Yes, we could. Please bring the papers of the boat with you.",
            "I will. Thank you very much, and goodbye.",
        ),
        (
            "Did the new pump arrive at the station yesterday?",
            "Yes, it came in the afternoon, but two of the screws were missing.",
            "That is strange. I counted them myself before the parcel was closed.",
            "Perhaps they fell out on the way. Can you send me four more?",
            "I can send them today, so that you have them on Thursday.",
            "Wonderful. The engineer comes on Friday morning anyway.",
        ),
    ),
    "zh": (
        (
            "您好，这里是图书馆，请问有什么可以帮您？",
            "你好，我想知道星期六下午图书馆开不开门。",
            "星期六我们从上午九点开到下午五点。",
            "太好了。我借的那本历史书可以再延长两个星期吗？",
            "可以，请告诉我您的名字和书的题目。",
            "我叫王小明，书的题目是中国古代的桥。",
        ),
        (
            "明天的会议还是在三楼的房间吗？",
            "不是，因为三楼在装修，所以改到一楼了。",
            "那几点开始？我需要准备什么材料？",
            "下午两点开始，请带上去年的报告。",
        ),
    ),
}
DELAYS = (1, 2)  # milliseconds after which the other side's voice comes back
AT_ONCE = 0.8  # seconds in which both speak, where they do


@dataclass(frozen=True)
class Call:
    """Two channels, and what is said on each, line for line in the order of time."""

    left: Vectors
    right: Vectors
    lines: tuple[tuple[str, str], ...]
    """Of each its side and words."""
    rate: int = SAMPLE_RATE
    mu_law: bool = False

    def said(self, side: str = "") -> list[str]:
        """side: "" for both."""
        return [words for where, words in self.lines if not side or where == side]


Room = Callable[[Call, numpy.random.Generator], Call]


def bleeding(decibels: float) -> Room:
    """Each hears the other as well, that much softer and a little later."""

    def room(call: Call, _: numpy.random.Generator) -> Call:
        share = 10 ** (decibels / 20)
        left, right = (
            mine + share * numpy.concatenate([numpy.zeros(late, mine.dtype), other[:-late]])
            for mine, other, late in (
                (call.left, call.right, DELAYS[0] * SAMPLE_RATE // 1000),
                (call.right, call.left, DELAYS[1] * SAMPLE_RATE // 1000),
            )
        )
        return replace(call, left=left, right=right)

    return room


def in_noise(decibels: float) -> Room:
    """Each channel with a noise of its own, that far below what is said."""

    def room(call: Call, random: numpy.random.Generator) -> Call:
        left, right = (
            one + random.normal(size=len(one)) * _loudness(one) * 10 ** (decibels / 20)
            for one in (call.left, call.right)
        )
        return replace(call, left=left, right=right)

    return room


def by_telephone(call: Call, _: numpy.random.Generator) -> Call:
    return replace(call, left=_narrow(call.left), right=_narrow(call.right), rate=8000, mu_law=True)


def upside_down(call: Call, _: numpy.random.Generator) -> Call:
    return replace(call, right=-call.right)


def unequal(share: float) -> Room:
    """The right one is that much quieter, with all that is on it."""
    return lambda call, _: replace(call, right=share * call.right)


def in_turn(*rooms: Room) -> Room:
    def room(call: Call, random: numpy.random.Generator) -> Call:
        for each in rooms:
            call = each(call, random)
        return call

    return room


def on_one_channel(call: Call, _: numpy.random.Generator) -> Call:
    """Both speak on the left one; the right one is not connected."""
    return replace(
        call,
        left=call.left + call.right,
        right=numpy.zeros_like(call.left),
        lines=tuple(("left", words) for _, words in call.lines),
    )


ROOMS: dict[str, tuple[Room, bool]] = {  # with: whether they speak partly at once
    "clean": (bleeding(-90), False),
    "at once": (bleeding(-90), True),
    "the other side 30 dB lower": (bleeding(-30), False),
    "the other side 20 dB lower": (bleeding(-20), False),
    "at once, 20 dB lower": (bleeding(-20), True),
    "noise 20 dB below": (in_turn(bleeding(-30), in_noise(-20)), False),
    "noise 10 dB below": (in_turn(bleeding(-30), in_noise(-10)), False),
    "telephone, 8 kHz": (in_turn(bleeding(-25), by_telephone), True),
    "one upside down": (in_turn(bleeding(-20), upside_down), False),
    "one at a tenth": (in_turn(bleeding(-30), unequal(0.1)), False),
    "one at a tenth, 20 dB lower": (in_turn(unequal(0.1), bleeding(-20)), False),
    "one dead": (on_one_channel, False),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="rooms, with commas between")
    parser.add_argument("--languages", default="en,zh")
    parser.add_argument("--talks", type=int, default=2, help="how many in each language")
    parser.add_argument("--speech", default="whisper-base", help="a profile of the table")
    parser.add_argument("--files", nargs="*", type=Path, default=[])
    parser.add_argument("--keep", type=Path, help="a folder for what the voice said, so that it is made once")
    parser.add_argument("--words", action="store_true", help="show what was heard")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    weights = Weights(from_environment(os.environ).cache)
    profile = profile_named(options.speech)
    assert profile is not None, options.speech
    assert profile.checkpoint is not None, options.speech
    folder = weights.fetch(profile.checkpoint)
    hearing = ConfiguredTranscriber(load_transcriber(profile, folder, device.look()), Settings)
    bare = bare_faster(folder)
    table: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as made:
        for name, path, call, language in _calls(options, weights, Path(made)):
            table[name] = measured(path, call, language, hearing, bare)
            if not options.json:
                print(f"{name}: {json.dumps(_short(table[name]))}", flush=True)
            if options.words:
                print("\n".join(f"    {side}: {table[name][f'heard {side}']}" for side in SIDES), flush=True)
    if options.json:
        print(json.dumps(table, indent=2, ensure_ascii=False))


def _calls(options: argparse.Namespace, weights: Weights, folder: Path) -> Iterator[tuple[str, Path, Call, str]]:
    for path in options.files:
        lines = [line.partition(": ") for line in path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()]
        nothing = numpy.zeros(0, numpy.float32)
        call = Call(nothing, nothing, tuple((side, words) for side, _, words in lines if side in SIDES))
        yield path.name, path, call, "zh" if re.search("[\u4e00-\u9fff]", "".join(call.said())) else "en"
    wanted = [one for one in options.only.split(",") if one] or ([] if options.files else list(ROOMS))
    speaker = Keeping(load_speaker(weights), options.keep) if wanted else None
    for language in options.languages.split(","):
        for name, (room, at_once) in ROOMS.items():
            if name in wanted and speaker is not None:
                random = numpy.random.default_rng(7)
                call = room(talk(speaker, language, at_once, options.talks), random)
                path = write(folder / f"{language} {name}.wav".replace(",", ""), call)
                yield f"{language}, {name}", path, call, language


def load_speaker(weights: Weights) -> Speaker:
    from assistant.speech.synthesis.kokoro import KokoroSpeaker

    profile = profile_named("kokoro")
    assert profile is not None
    assert profile.checkpoint is not None
    folder = weights.fetch(profile.checkpoint)
    return KokoroSpeaker.load(profile, folder, folder / "words")


class Keeping:
    """What a voice says, each line once. folder: where it stays; None: in memory."""

    def __init__(self, speaker: Speaker, folder: Path | None = None) -> None:
        self._speaker, self._folder = speaker, folder
        self._spoken: dict[tuple[str, str], Vectors] = {}

    def spoken(self, words: str, voice: str) -> Vectors:
        """At 16 kHz, without the silence around it."""
        if (words, voice) not in self._spoken:
            self._spoken[words, voice] = self._kept(words, voice)
        return self._spoken[words, voice]

    def _kept(self, words: str, voice: str) -> Vectors:
        name = hashlib.sha256(f"{voice} {words}".encode()).hexdigest()[:16]
        path = self._folder / f"{name}.npy" if self._folder is not None else None
        if path is not None and path.is_file():
            return numpy.load(path)
        audio = self._speaker.say(words, voice)
        at = numpy.arange(int(audio.seconds * SAMPLE_RATE)) * audio.rate / SAMPLE_RATE
        sound = numpy.interp(at, numpy.arange(len(audio.samples)), audio.samples)
        loud = numpy.flatnonzero(numpy.abs(sound) > 0.01)
        sound = sound[loud[0] : loud[-1] + SAMPLE_RATE // 20]
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            numpy.save(path, sound)
        return sound


def talk(speaker: Keeping, language: str, at_once: bool, talks: int) -> Call:
    """So many talks in this language, one after another, in turns."""
    said = [line for lines in TALKS[language][:talks] for line in lines]
    sounds = [speaker.spoken(words, VOICES[language][number % 2]) for number, words in enumerate(said)]
    pause = -AT_ONCE if at_once else 0.4
    starts = [0.3]
    for sound in sounds:
        starts.append(starts[-1] + len(sound) / SAMPLE_RATE + pause)
    length = round((starts[-1] + 1.5) * SAMPLE_RATE)
    sides = numpy.zeros((2, length))
    for number, (start, sound) in enumerate(zip(starts, sounds, strict=False)):
        first = round(start * SAMPLE_RATE)
        sides[number % 2, first : first + len(sound)] += sound
    lines = tuple((SIDES[number % 2], words) for number, words in enumerate(said))
    return Call(sides[0], sides[1], lines)


def write(path: Path, call: Call) -> Path:
    both = numpy.stack([call.left, call.right], axis=1)
    both *= min(1.0, 0.9 / float(numpy.abs(both).max()))
    if call.mu_law:
        both = both[::2]
        law = numpy.sign(both) * numpy.log1p(255 * numpy.abs(both)) / numpy.log(256)
        steps = numpy.round(law * 127) / 127
        both = numpy.sign(steps) * (256 ** numpy.abs(steps) - 1) / 255
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, call.rate, 0, "NONE", ""))
        file.writeframes((both * 32767).astype("<i2").tobytes())
    return path


def measured(
    path: Path, call: Call, language: str, hearing: Transcriber, bare: Callable[[Vectors], Any]
) -> dict[str, Any]:
    heard = heard_by_side(path, hearing)
    ours = {side: [words for where, words in heard if where == side] for side in SIDES}
    if not any(where in SIDES for where, _ in heard):  # one recording, which is right where one channel speaks
        ours["left"] = [words for _, words in heard]
    said = {side: units(call.said(side), language) for side in SIDES}
    got = {side: units(ours[side], language) for side in SIDES}
    spoke = [side for side in SIDES if said[side]]
    sounds = _two(path)
    alone = {side: units([_text(bare(sounds[side]))], language) for side in spoke}
    rates = {side: error_rate(said[side], alone[side]) for side in spoke}
    total = sum(len(said[side]) for side in spoke)
    whole = units(call.said(), language)
    mix = ((sounds["left"] + sounds["right"]) / 2).astype(numpy.float32)
    return {
        "words": total,
        "right channel": round(right_channel(said, got), 3),
        "wrong": round(sum(errors(said[side], got[side]) for side in SIDES) / total, 3),
        "wrong, side by side": {side: round(error_rate(said[side], got[side]), 3) for side in spoke},
        "wrong, in order of time": round(error_rate(whole, units([words for _, words in heard], language)), 3),
        "bare, right channel": round(right_channel(said, {"left": [], "right": []} | alone), 3),
        "bare, channel by channel": round(sum(errors(said[side], alone[side]) for side in spoke) / total, 3),
        "bare, the better channel": round(min(rates.values()), 3),
        "bare, the better channel for all that is said": round(
            min(error_rate(whole, alone[side]) for side in spoke), 3
        ),
        "bare, mono mix": round(error_rate(whole, units([_text(bare(mix))], language)), 3),
        **{f"heard {side}": " ".join(ours[side]) for side in SIDES},
    }


def heard_by_side(path: Path, hearing: Transcriber) -> list[tuple[str, str]]:
    """In the order of time, as it is filed: the channel and the words of each passage."""
    passages = [
        passage
        for step in hear(Attachment(path, path.name), _context(hearing), Cursor())
        if isinstance(step, IngestBatch)
        for passage in step.passages
    ]
    return [(one.location.track, one.text) for one in passages if isinstance(one.location, Seconds)]


def _context(hearing: Transcriber) -> ModalityContext:
    def unused(*_: Any) -> Any:
        raise AssertionError("a recording is heard, and nothing else")

    return ModalityContext(
        transcribe=unused,
        describe=None,
        read_picture=unused,
        load_document=unused,
        engine_sees_images=False,
        limits=Limits(),
        hear=lambda samples, language: hearing.transcribe(samples, language),
    )


def units(lines: Sequence[str], language: str) -> list[str]:
    """Words as Whisper's English normaliser has them; Chinese characters, simplified, numbers in digits."""
    if language == "zh":
        return re.findall(r"[\u3400-\u9fff]|\d|[a-z]+", plain_numbers(folded("".join(lines))).lower())
    from whisper.normalizers import EnglishTextNormalizer

    return str(EnglishTextNormalizer()(" ".join(lines))).split()


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    import jiwer

    if not said:
        return len(heard)
    told = jiwer.process_words(" ".join(said), " ".join(heard) or "—")
    return int(told.substitutions + told.deletions + told.insertions)


def error_rate(said: Sequence[str], heard: Sequence[str]) -> float:
    return errors(said, heard) / max(len(said), 1)


def right_channel(said: dict[str, list[str]], heard: dict[str, list[str]]) -> float:
    """Of the words that were heard and that somebody says, the share on the channel of who says them."""
    right = wrong = 0
    for side, other in (SIDES, SIDES[::-1]):
        own = _matched(said[side], heard[side])
        left_over = [word for at, word in enumerate(heard[side]) if at not in own]
        right += len(own)
        wrong += len(_matched(said[other], left_over))
    return right / max(right + wrong, 1)


def _matched(said: Sequence[str], heard: Sequence[str]) -> set[int]:
    """Positions of those heard that stand for the same word said, in the same order."""
    import jiwer

    if not said or not heard:
        return set()
    (chunks,) = jiwer.process_words(" ".join(said), " ".join(heard)).alignments
    return {at for chunk in chunks if chunk.type == "equal" for at in range(chunk.hyp_start_idx, chunk.hyp_end_idx)}


def _text(told: Any) -> str:
    return " ".join(segment.text for segment in told)


def _two(path: Path) -> dict[str, Vectors]:
    """The channels as they are."""
    with tempfile.TemporaryDirectory() as folder, wave.open(str(path), "rb") as file:
        channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        assert (channels, width) == (2, 2), f"{path.name} is no WAV file of two channels and 16 bits"
        both = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        sides = {}
        for at, side in enumerate(SIDES):
            with wave.open(f"{folder}/{side}.wav", "wb") as one:
                one.setparams((1, 2, rate, 0, "NONE", ""))
                one.writeframes(both[:, at].tobytes())
            sides[side] = read_samples(Path(f"{folder}/{side}.wav"))
    return sides


def _narrow(samples: Vectors) -> Vectors:
    """300 to 3,400 Hz."""
    spectrum = numpy.fft.rfft(samples)
    hertz = numpy.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    return numpy.fft.irfft(spectrum * ((hertz > 300) & (hertz < 3400)), len(samples))


def _loudness(samples: Vectors) -> float:
    """Of what is said, without the pauses."""
    loud = samples[numpy.abs(samples) > 0.02 * numpy.abs(samples).max()]
    return float(numpy.sqrt((loud**2).mean())) if len(loud) else 0.0


def _short(told: dict[str, Any]) -> dict[str, Any]:
    return {what: value for what, value in told.items() if not what.startswith("heard ")}


if __name__ == "__main__":
    main()

"""Kokoro-82M reads aloud: sounds and a voice's style into 24 kHz speech, by onnxruntime alone.

The sounds are our own (`english_sounds`, `mandarin_sounds`), so that no GPL library takes part: kokoro-onnx, whose
model files these are, gets them from espeak-ng. A sentence that nobody waits for, because one before it is still being
heard, is made with lower priority than the rest of the answer, which is often still being written; one that somebody
waits for goes before everything.
"""

import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy

from assistant.models.cpu_priority import CpuPriority
from assistant.models.profiles import ModelProfile
from assistant.ports.embedding import Vectors
from assistant.ports.speech import SpeechAudio
from assistant.settings.telemetry import silence_onnxruntime
from assistant.speech.synthesis import mandarin_g2p
from assistant.speech.synthesis.english_g2p import EnglishG2p
from assistant.speech.synthesis.kokoro_voices import is_voice, voice_named
from assistant.speech.synthesis.letter_to_sound import LetterToSound
from assistant.speech.text_normalization.language_id import identify_language
from assistant.speech.text_normalization.normalize import normalize_text
from assistant.values.errors import BadInput, EngineError, SetupError
from assistant.values.messages import say, without_folders

Made = TypeVar("Made")

RATE = 24_000
LONGEST = 400  # sounds at once; the model takes 510, and hurries through many
_STYLES = (510, 1, 256)
_NICER = 5  # how much less of a busy processor it asks for than the answer does
_FIRST = {"en": "af_heart", "zh": "zf_xiaoxiao"}  # where nobody chose
_SIGNS = dict(zip("，、。．！？：；（）《》「」『』【】“”", ",,..!?:;()“”“”“”“”“”", strict=True))
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_RUNS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")
_SYMBOLS = dict(  # kokoro's own numbers for its sounds (config.json of hexgrad/Kokoro-82M)
    zip(
        ';:,.!?—…"()“” \u0303ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyz'
        "ɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ",
        (
            *range(1, 7), *range(9, 25), 25, 31, 33, 35, 36, 39, 41, 42, *range(43, 49), *range(50, 73), 75, 76, 77, 78,
            80, 81, 82, 83, 85, 86, 87, 90, 92, 99, 101, 102, 103, 110, 111, 112, 113, 114, 115, 116, 118, 119, 120,
            123, 125, 126, 128, 129, 130, 131, 132, 133, 135, 136, 138, 139, 140, 142, 143, 147, 148, 156, 157, 158,
            162, 164, 169, 171, 172, 173, 177,
        ),
        strict=True,
    )
)  # fmt: skip


class KokoroSpeaker:
    """Implements Speaker. session: the model in onnxruntime. styles: voice → its vectors, one for each length.

    priority: gone before in it while somebody waits for the voice.
    """

    def __init__(
        self,
        profile: ModelProfile,
        session: Any,
        styles: dict[str, Vectors],
        english: dict[str, EnglishG2p],
        priority: CpuPriority | None = None,
    ) -> None:
        self.profile, self._session, self._styles, self._english = profile, session, styles, english
        self.voices = tuple(voice_named(name) for name in styles)
        self._tokens = session.get_inputs()[0].name  # "tokens" or "input_ids", as it was exported
        self._alone = threading.Lock()
        self._priority = priority or CpuPriority()
        self._eager = ThreadPoolExecutor(1, "speak")
        self._patient = ThreadPoolExecutor(1, "speak on", _be_nice)
        self._heard_until = 0.0  # when all that was made so far will have been heard, at the earliest

    @classmethod
    def load(
        cls, profile: ModelProfile, folder: Path, words: Path, priority: CpuPriority | None = None, threads: int = 0
    ) -> "KokoroSpeaker":
        """folder: with the model and voices/. words: with the lexicons and spelling.npz. threads 0: up to four, or
        half of the processors.

        Raises SetupError where a file is missing or is none that it should be.
        """
        silence_onnxruntime()
        import onnxruntime  # heavy: loaded with the model

        try:
            model = min(folder.rglob("*.onnx"), default=None)
            if model is None:
                raise SetupError(
                    say("{folder} holds no voice that I can read: there is no .onnx file.", folder=folder.name)
                )
            letter_to_sound = LetterToSound.load(words / "spelling.npz")
            english = {one: EnglishG2p.load(words, letter_to_sound, one == "b") for one in "ab"}
            found = {path.stem: path for path in sorted((folder / "voices").glob("*.bin")) if is_voice(path.stem)}
            styles = {name: numpy.fromfile(path, numpy.float32).reshape(_STYLES) for name, path in found.items()}
            if not styles:
                raise SetupError(say("{folder} holds no voices for English or Chinese.", folder=folder.name))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads or max(min(4, os.cpu_count() or 2), (os.cpu_count() or 2) // 2)
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            options.log_severity_level = 3
            session = _nicely(
                lambda: onnxruntime.InferenceSession(str(model), options, providers=_providers(onnxruntime))
            )
        except (OSError, ValueError, KeyError) as error:
            raise SetupError(
                say("The voice in {folder} cannot be read. Fetch it again.", folder=folder.name)
            ) from error
        except RuntimeError as error:
            raise SetupError(
                say(
                    "The voice in {folder} cannot be loaded: {problem}",
                    folder=folder.name,
                    problem=without_folders(str(error))[:120],
                )
            ) from error
        return cls(profile, session, styles, english, priority)

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        """See Speaker. Several callers take turns."""
        name = voice or self._fitting(text)
        if name not in self._styles:
            raise BadInput(
                say("There is no voice “{voice}”. Choose one of {names}.", voice=name, names=", ".join(self._styles))
            )
        speed = min(2.0, max(0.5, speed))
        pieces = list(_pieces(self.sounds(text, name)))
        if not pieces:
            return SpeechAudio(text, numpy.zeros(0, numpy.float32), RATE)
        with self._alone:
            return SpeechAudio(text, numpy.concatenate([self._in_turn(piece, name, speed) for piece in pieces]), RATE)

    def _in_turn(self, sounds: str, voice: str, speed: float) -> Vectors:
        """While something made before is still being heard there is time; else somebody waits in silence."""
        if time.monotonic() < self._heard_until:
            made = self._patient.submit(self._speak, sounds, voice, speed).result()
        else:
            with self._priority:
                made = self._eager.submit(self._speak, sounds, voice, speed).result()
        self._heard_until = max(time.monotonic(), self._heard_until) + len(made) / RATE
        return made

    def sounds(self, text: str, voice: str) -> str:
        """What the model is given: Chinese by pinyin, everything else as English."""
        english = self._english.get(voice[0], self._english["a"])
        language = identify_language(text)
        said = normalize_text(text, language if language in ("zh", "de") else "en")
        plain = "".join(_SIGNS.get(sign, sign) + " " * (sign in _SIGNS) for sign in said)
        runs = [
            f" {mandarin_g2p.sounds(run)} " if mandarin_g2p.is_han(run) else english.sounds(run)
            for run in _RUNS.findall(plain)
        ]
        joined = "".join(sound for sound in "".join(runs) if sound in _SYMBOLS)
        return re.sub(r"(?<!\s)\s+([,.!?:;)”])", r"\1", re.sub(r" {2,}", " ", joined)).strip()

    def _fitting(self, text: str) -> str:
        language = identify_language(text)
        first = _FIRST.get(language, "")
        fitting = [one.name for one in self.voices if one.language == language]
        return first if first in fitting else next(iter(fitting), self.voices[0].name)

    def _speak(self, sounds: str, voice: str, speed: float) -> Vectors:
        numbers = [_SYMBOLS[sound] for sound in sounds]
        style = self._styles[voice][min(len(numbers), len(self._styles[voice])) - 1]
        given = {
            self._tokens: numpy.array([[0, *numbers, 0]], numpy.int64),
            "style": style,
            "speed": numpy.array([speed], numpy.float32),
        }
        try:
            made = self._session.run(None, given)[0]
        except Exception as error:
            raise EngineError(say("The voice could not say this. Try it again, or choose another voice.")) from error
        return _without_silence(numpy.asarray(made, numpy.float32).reshape(-1))


def _pieces(sounds: str) -> Iterator[str]:
    """At most LONGEST sounds each, parted after a sign, else at a space. Without a letter there is nothing to say."""
    while len(sounds) > LONGEST:
        head = sounds[:LONGEST]
        cut = max((head.rfind(sign) for sign in ".!?;:,"), default=-1)
        cut = cut + 1 if cut > LONGEST // 3 else (head.rfind(" ") if " " in head[1:] else LONGEST)
        yield head[:cut]
        sounds = sounds[cut:].lstrip()
    if any(sound.isalpha() for sound in sounds):
        yield sounds


def _without_silence(samples: Vectors, keep_seconds: float = 0.06) -> Vectors:
    """The model begins and ends with silence, which would part the sentences too far."""
    loud = numpy.flatnonzero(numpy.abs(samples) > 0.01)
    if not len(loud):
        return samples[:0]
    keep = int(keep_seconds * RATE)
    return samples[max(0, loud[0] - keep) : loud[-1] + 3 * keep]


def _providers(onnxruntime: Any) -> list[str]:
    """A GPU where onnxruntime was built for one."""
    here = onnxruntime.get_available_providers()
    return [one for one in ("CUDAExecutionProvider", "CPUExecutionProvider") if one in here]


def _nicely(make: Callable[[], Made]) -> Made:
    """Made by a thread of low priority, which the threads that it begins keep."""
    with ThreadPoolExecutor(1, "voice", _be_nice) as maker:
        return maker.submit(make).result()


def _be_nice() -> None:
    """On Linux a thread has a priority of its own; elsewhere this would slow everything."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICER)

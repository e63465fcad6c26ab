"""From samples to a Transcript, whichever Whisper does the work.

Voice activity first; then the model, one stretch of speech at a time; then what the model itself doubts
is dropped, so that nothing is put into the person's mouth.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.errors import EngineError, SetupError
from assistant.media import SAMPLE_RATE
from assistant.ports import Segment, Task, Transcript, Vectors, Word
from assistant.speech.phantoms import is_phantom
from assistant.speech.voice_activity import speech_spans, windows

# Retried a little warmer where the greedy text repeats itself; hotter ones invent.
TEMPERATURES = (0.0, 0.2, 0.4)
SURE_OF_LANGUAGE = 0.7


@dataclass(frozen=True)
class Heard:
    """A segment as the model gives it, in seconds from the start of its stretch, with the model's own doubts.

    no_speech: probability that nobody speaks. log_probability: mean over the tokens.
    compression: how well the text compresses; text that repeats itself compresses too well. words: where asked for.
    """

    start: float
    end: float
    text: str
    no_speech: float
    log_probability: float
    compression: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """What the model heard in one stretch of up to 30 seconds, in which language, and how sure it is of that."""

    segments: tuple[Heard, ...]
    language: str
    certainty: float


@dataclass(frozen=True)
class Asked:
    """What is wanted of a model. language: "" to find it. prompt: text that it takes for what was said before."""

    language: str = ""
    translate: bool = False
    words: bool = False
    prompt: str = ""


Hear = Callable[[Vectors, Asked], Stretch]


def transcribe(samples: Vectors, asked: Asked, hear: Hear) -> Transcript:
    """Hears each stretch of speech by `hear(samples, asked)`.

    Once a stretch was surely of one language, the rest of the recording is taken to be.
    """
    segments: list[Segment] = []
    spoken: defaultdict[str, float] = defaultdict(float)
    found = asked
    for start, end in windows(speech_spans(samples)):
        try:
            stretch = hear(samples[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)], found)
        except RuntimeError as error:  # both engines: out of memory, a lost device
            raise EngineError("The speech model failed on this recording. Try a shorter one.") from error
        kept = [heard for heard in stretch.segments if _believable(heard, stretch.certainty)]
        segments += [_placed(heard, start, end) for heard in kept]
        spoken[stretch.language] += sum(heard.end - heard.start for heard in kept)
        if kept and not found.language and stretch.certainty >= SURE_OF_LANGUAGE:
            found = replace(found, language=stretch.language)
    most = max(spoken, key=lambda one: spoken[one]) if segments else asked.language
    return Transcript(tuple(segments), most, len(samples) / SAMPLE_RATE)


def most_tokens(samples: Vectors) -> int:
    """More than anyone can say in this time; a model that babbles is stopped there."""
    return min(224, 20 + round(15 * len(samples) / SAMPLE_RATE))


def check_language(language: str, known: set[str]) -> None:
    if language and language not in known:
        raise SetupError(f"Whisper knows no language called “{language}”. Give a two-letter code such as en or zh.")


def check_task(task: Task, translates: bool, name: str) -> bool:
    """Whether to translate. Raises SetupError where that is asked of a model that cannot."""
    if task == "translate" and not translates:
        raise SetupError(f"{name} cannot translate what is said. Choose a multilingual Whisper model, or transcribe.")
    return task == "translate"


def _believable(heard: Heard, certainty: float) -> bool:
    """Whisper counts and stammers over noise ("1-2-3-4-4-4"), fluently, in a language it is not sure of."""
    if not any(letter.isalnum() for letter in heard.text):
        return False
    if heard.no_speech > 0.6 and (heard.log_probability < -0.7 or heard.compression > 1.9 or certainty < 0.5):
        return False
    if heard.log_probability <= -1.1 or heard.compression >= 2.8:
        return False
    seconds = heard.end - heard.start
    return not is_phantom(heard.text, seconds, heard.no_speech, heard.log_probability, certainty)


def _placed(heard: Heard, start: float, end: float) -> Segment:
    """In the recording's own seconds; Whisper pads to 30 seconds and may point past the stretch."""

    def placed(seconds: float) -> float:
        return round(min(max(start + seconds, start), end), 2)

    words = tuple(Word(placed(word.start), placed(word.end), word.text.strip()) for word in heard.words)
    first = placed(heard.start)
    return Segment(first, max(first, placed(heard.end)), heard.text.strip(), words)

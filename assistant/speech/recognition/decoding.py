"""Decodes samples into a Transcript, whichever Whisper does the work.

Voice activity first; then the model, one stretch of speech at a time; then what the model itself doubts
is dropped, so that nothing is put into the person's mouth.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, Task, Transcript, Word
from assistant.speech.recognition.hallucinations import LIKELY, SURE_OF_SPEECH, is_hallucination
from assistant.speech.recognition.names import names_in, only_names, recited
from assistant.speech.recognition.voice_activity import Span, raised, speech_spans, windows
from assistant.speech.text_normalization.language_id import identify_language
from assistant.values.errors import EngineError, SetupError
from assistant.values.messages import say

# Retried a little warmer where the greedy text repeats itself; hotter ones invent.
TEMPERATURES = (0.0, 0.2, 0.4)
SURE_OF_LANGUAGE = 0.7
LIKELY_LANGUAGE = 0.4  # is sure enough of one that is expected
LONGEST_QUESTION = 60  # seconds
LOOP = 2.8  # compression of words that come again and again
SHORT = 7.0  # seconds of a part in which these are heard once more
MOST_PARTS = 6  # of a stretch, that are asked for their language one by one


@dataclass(frozen=True)
class DecodedSegment:
    """A segment as the model gives it, with the model's own doubts. Seconds count from the start of its stretch."""

    start: float
    end: float
    text: str
    no_speech: float
    """The probability that nobody speaks."""
    log_probability: float
    """The mean over the tokens."""
    compression: float
    """How well the text compresses. Text that repeats itself compresses too well."""
    words: tuple[Word, ...] = ()
    """Where they were asked for."""


@dataclass(frozen=True)
class DecodedStretch:
    """What the model heard in one stretch of up to 30 seconds, in which language, and how sure it is of that."""

    segments: tuple[DecodedSegment, ...]
    language: str
    certainty: float

    def is_in(self, expected: str) -> bool:
        """Whether its language is sure enough, where that is the one expected or where it is another."""
        return self.certainty >= (LIKELY_LANGUAGE if self.language == expected else SURE_OF_LANGUAGE)


@dataclass(frozen=True)
class DecodingOptions:
    """How a stretch of speech is to be decoded."""

    language: str = ""
    """ "": it is to be found."""
    translate: bool = False
    words: bool = False
    expected: str = ""
    """The language that is likely where it is to be found; "" for none."""
    names: tuple[str, ...] = ()
    """Names that may be spoken, so that they are spelt alike."""


def decoding_options(
    language: str, translate: bool, words: bool, hints: Sequence[str], samples: Vectors
) -> DecodingOptions:
    """hints: as Transcriber has them. They help where somebody speaks to us; a whole recording speaks of other things,
    perhaps in several languages, and hours of it would be full of our names by mistake."""
    options = DecodingOptions(language, translate, words)
    if not hints or len(samples) > LONGEST_QUESTION * SAMPLE_RATE:
        return options
    return replace(options, expected=identify_language(" ".join(hints)), names=() if translate else names_in(hints))


Decode = Callable[[Vectors, DecodingOptions], DecodedStretch]


def transcribe(samples: Vectors, options: DecodingOptions, hear: Decode) -> Transcript:
    """Hears each stretch of speech by `hear(samples, asked)`, each in its own language unless one is given.

    Where the same words come again and again it is heard once more in short parts: what is really said several times
    is heard so in these too, and what follows it is not lost with a loop of the model's own.

    Of a stretch whose language is not sure, the parts between pauses are asked: where these are surely of several
    languages, each is heard by itself; else the stretch is heard again in the language that was sure before it.
    """
    segments: list[Segment] = []
    spoken: defaultdict[str, float] = defaultdict(float)
    certainty: defaultdict[str, float] = defaultdict(float)
    sure = ""

    def listen(spans: Sequence[Span], language: str = "") -> _PlacedStretches:
        start, end = spans[0][0], spans[-1][1]
        piece = raised(samples[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)])
        wanted = replace(options, language=options.language or language)
        try:
            return _PlacedStretches(hear(piece, wanted), tuple(spans), options.names)
        except RuntimeError as error:  # both engines: out of memory, a lost device
            raise EngineError(say("The speech model failed on this recording. Try a shorter one.")) from error

    for spans in windows(speech_spans(samples)):
        heard = [listen(spans)]
        if not options.language and not heard[0].stretch.is_in(options.expected):
            parts = [listen([span]) for span in spans] if 1 < len(spans) <= MOST_PARTS else []
            told = {part.language for part in parts if part.certainty >= SURE_OF_LANGUAGE and part.believed}
            if len(told) > 1:
                heard = parts
            elif sure and heard[0].language != sure:
                heard = [listen(spans, sure)]
        heard += [listen([part], one.language) for one in heard for part in _looped(one, samples)]
        segments += sorted((segment for one in heard for segment in one.segments), key=lambda one: one.start)
        for one in heard:
            spoken[one.language] += sum(segment.end - segment.start for segment in one.segments)
            certainty[one.language] = max(certainty[one.language], one.certainty if one.believed else 0.0)
            if one.believed and one.certainty >= SURE_OF_LANGUAGE:
                sure = one.language
    most = max(spoken, key=lambda one: spoken[one]) if segments else options.language
    return Transcript(tuple(segments), most, len(samples) / SAMPLE_RATE, certainty[most] if segments else 1.0)


@dataclass(frozen=True)
class _PlacedStretches:
    """A stretch that was heard, the spans of the recording that it was, and the names that the model was given."""

    stretch: DecodedStretch
    spans: tuple[Span, ...]
    names: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        return self.stretch.language

    @property
    def certainty(self) -> float:
        return self.stretch.certainty

    @property
    def believed(self) -> list[DecodedSegment]:
        return [heard for heard in self.stretch.segments if _believable(heard, self.certainty, self.names)]

    @property
    def segments(self) -> list[Segment]:
        """None that begins after the speech has stopped, which only a model that repeats itself writes."""
        seconds = self.spans[-1][1] - self.spans[0][0]
        return [_placed(heard, self.spans) for heard in self.believed if heard.start < max(seconds - 0.05, 0.05)]

    @property
    def loops(self) -> list[Span]:
        """Where the same words come again and again, in seconds of the recording."""
        start, end = self.spans[0][0], self.spans[-1][1]
        found = [one for one in self.stretch.segments if one.compression >= LOOP]
        return [(start + one.start, min(start + one.end, end)) for one in found if start + one.start < end]


def _looped(one: _PlacedStretches, samples: Vectors) -> list[Span]:
    """Short parts of what is to be heard once more; none where that would be the same again."""
    parts = [part for span in one.loops for part in _short(span, samples)]
    return [] if parts == [(one.spans[0][0], one.spans[-1][1])] else parts


def _short(span: Span, samples: Vectors) -> list[Span]:
    """Parts of at most `SHORT` seconds, cut where it is quietest."""
    start, end = span
    if end - start <= SHORT:
        return [span]
    tenth = SAMPLE_RATE // 10
    first, last = round((start + SHORT / 2) * SAMPLE_RATE), round((start + SHORT) * SAMPLE_RATE)
    part = samples[first : min(last, round(end * SAMPLE_RATE))]
    count = len(part) // tenth
    if not count:
        return [span]
    loud = numpy.square(part[: count * tenth]).reshape(count, tenth).mean(axis=1)
    cut = (first + (int(loud.argmin()) + 0.5) * tenth) / SAMPLE_RATE
    return [(start, cut), *_short((cut, end), samples)]


def most_tokens(samples: Vectors) -> int:
    """More than anyone can say in this time; a model that babbles is stopped there."""
    return min(224, 20 + round(15 * len(samples) / SAMPLE_RATE))


def check_language(language: str, known: set[str], multilingual: bool, name: str) -> None:
    """Raises SetupError for a language that this model does not hear."""
    if language and language not in known:
        raise SetupError(
            say("Whisper knows no language called “{code}”. Give a two-letter code such as en or zh.", code=language)
        )
    if language not in ("", "en") and not multilingual:
        raise SetupError(
            say("{model} hears English alone. Choose a multilingual Whisper model, or English.", model=name)
        )


def check_task(task: Task, translates: bool, name: str) -> bool:
    """Whether to translate. Raises SetupError where that is asked of a model that cannot."""
    if task == "translate" and not translates:
        raise SetupError(
            say("{model} cannot translate what is said. Choose a model that can, such as whisper-base.", model=name)
        )
    return task == "translate"


def _believable(heard: DecodedSegment, certainty: float, names: Sequence[str]) -> bool:
    """Whisper counts and stammers over noise ("1-2-3-4-4-4"), fluently, in a language it is not sure of."""
    if not any(letter.isalnum() for letter in heard.text):
        return False
    if heard.no_speech > 0.6 and (heard.log_probability < -0.7 or heard.compression > 1.9 or certainty < 0.5):
        return False
    if heard.no_speech > 0.4 and heard.log_probability < -0.8:
        return False
    if heard.log_probability <= -1.1 or heard.compression >= LOOP:
        return False
    doubted = heard.no_speech > SURE_OF_SPEECH or heard.log_probability < LIKELY
    if names and (recited(heard.text, names) or (doubted and only_names(heard.text, names))):
        return False
    seconds = heard.end - heard.start
    return not is_hallucination(heard.text, seconds, heard.no_speech, heard.log_probability, certainty)


def _placed(heard: DecodedSegment, spans: Sequence[Span]) -> Segment:
    """In the recording's own seconds; Whisper pads to 30 seconds and may point past the stretch.

    A word begins no earlier than the speech that it ends in: Whisper gives it the pause before.
    """
    start, end = spans[0][0], spans[-1][1]

    def placed(seconds: float) -> float:
        return round(min(max(start + seconds, start), end), 2)

    def word(one: Word) -> Word:
        last = placed(one.end)
        speech = max((span[0] for span in spans if span[0] < last), default=start)
        return Word(min(max(placed(one.start), round(speech, 2)), last), last, one.text.strip())

    first = placed(heard.start)
    return Segment(first, max(first, placed(heard.end)), heard.text.strip(), tuple(word(one) for one in heard.words))

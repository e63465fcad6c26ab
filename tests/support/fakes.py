"""Small real classes that stand where models would, for tests through the front door."""

import re
import zlib
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy

from assistant.answering.assistant import Assistant
from assistant.answering.tuning import SMALL
from assistant.engines.scripted import SCRIPTED, ScriptedEngine, ScriptedLine
from assistant.models.lazy import Lazy
from assistant.models.profiles import ModelProfile
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Vectors
from assistant.ports.speech import Segment, SpeechAudio, Task, Transcript, VoiceInfo
from assistant.ports.vision import Description, TextLine
from assistant.settings.settings import Settings
from assistant.storage.originals import Originals
from assistant.values.conversation import Conversation
from assistant.values.errors import EngineError
from assistant.values.events import Status
from assistant.values.evidence import Box, Document, Region
from assistant.values.limits import Limits
from assistant.values.messages import as_message, say
from assistant.values.parts import Attachment, ChatMessage, Image
from retrieval.library import ChromaLibrary
from retrieval.loaders import read_document

Made = TypeVar("Made")
SCRIPTED_SMALL = replace(SCRIPTED, small=True)


class HashedWords:
    """An Embedder without a model: words hashed into a vector, so that shared words mean nearness."""

    space = "hashed-words-256"
    dimensions = 256

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return numpy.stack([self.embed_question(text) for text in texts]).astype(numpy.float32)

    def embed_question(self, text: str) -> Vectors:
        vector = numpy.zeros(self.dimensions, numpy.float32)
        for word in re.findall(r"[\u4e00-\u9fff]|\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1
        if not vector.any():
            vector[0] = 1
        return (vector / numpy.linalg.norm(vector)).astype(numpy.float32)


class HeardWords:
    """A Transcriber that hears the same words in every recording that is not silent."""

    profile = ModelProfile("heard-words", "speech", "scripted", "none", "any", 0)

    def __init__(self, *words: str, seconds_each: float = 2.0) -> None:
        self.words, self.seconds_each = words, seconds_each

    def transcribe(
        self, samples: Vectors, language: str = "", *, task: Task = "", words: bool = False, hints: Sequence[str] = ()
    ) -> Transcript:
        seconds = len(samples) / 16000
        if not numpy.abs(samples).max(initial=0) > 0.01:
            return Transcript((), "", seconds)
        each = self.seconds_each
        segments = tuple(Segment(n * each, (n + 1) * each, text) for n, text in enumerate(self.words))
        return Transcript(segments, "en", seconds)


class HeardTones:
    """A Transcriber to whom every tone is a sentence: hertz → what it says, for as long as it sounds."""

    profile = ModelProfile("heard-tones", "speech", "scripted", "none", "any", 0)

    def __init__(self, sentences: dict[int, str]) -> None:
        self.sentences = sentences
        self.seconds: list[float] = []  # of each hearing

    def transcribe(self, samples: Vectors, language: str = "", **_: object) -> Transcript:
        self.seconds.append(len(samples) / 16000)
        loud = numpy.abs(samples[: len(samples) // 1600 * 1600]).reshape(-1, 1600).max(axis=1, initial=0) > 0.05
        edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], loud.astype(int), [0]])))
        segments = []
        for start, end in edges.reshape(-1, 2):
            spectrum = numpy.abs(numpy.fft.rfft(samples[start * 1600 : end * 1600]))
            hertz = spectrum.argmax() * 16000 / ((end - start) * 1600)
            nearest = min(self.sentences, key=lambda one: abs(one - hertz))
            segments.append(Segment(start / 10, end / 10, self.sentences[nearest]))
        return Transcript(tuple(segments), "en", len(samples) / 16000)


class ReadLines:
    """A Captioner that reads the same lines, one below the other, in every picture."""

    profile = ModelProfile("read-lines", "vision", "scripted", "none", "any", 0)

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def describe(self, image: Image, question: str) -> Description:
        height = 1 / max(len(self.lines), 1)
        return Description(
            "\n".join(self.lines),
            tuple(
                TextLine(line, Region((Box(0, n * height, 1, (n + 1) * height),)), 0.99)
                for n, line in enumerate(self.lines)
            ),
        )


class KindsByWord:
    """A KindClassifier that goes by words: the first of these that stands in a request names its kind, and the kinds of
    others that stand there, too, are heard.

    default: what a request is in which none of them stands; less surely, so that it is no part of another request.
    facets: the same as the kinds, for facets. sure: the score of a kind that is named. asked: what it was asked, with
    the kinds that were possible.
    """

    def __init__(
        self,
        kinds: Mapping[str, str],
        default: str = "fact",
        facets: Mapping[str, str] | None = None,
        sure: float = 1.0,
    ) -> None:
        self._kinds, self._default, self._facets, self._sure = kinds, default, facets or {}, sure
        self.asked: list[tuple[str, frozenset[str]]] = []

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        self.asked.append((words, frozenset(candidates)))
        lower = words.lower()
        named = [kind for word, kind in self._kinds.items() if word.lower() in lower and kind in candidates]
        score = dict.fromkeys(named, SMALL.heard_at_comma)
        score |= {named[0]: self._sure} if named else {self._default: SMALL.sure}
        return {each: score.get(each, 0.0) for each in candidates}

    def exampled(self, words: str, kind: str) -> float:
        named = [word for word, of in self._kinds.items() if of == kind]
        return max(map(float, self.likeness(words, named)), default=0.0)

    def facet(self, words: str, kind: str) -> str:
        lower = words.lower()
        return next((facet for word, facet in self._facets.items() if word.lower() in lower), "")

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        return HashedWords().embed_passages(texts) @ HashedWords().embed_question(words)


def saying(
    script: dict[str, str] | Sequence[tuple[str, str]],
    sees_images: bool = False,
    delay_seconds: float = 0.0,
    small: bool = False,
    yes: float | None = None,
) -> ScriptedEngine:
    """An engine that says the second of a pair where the first stands in its prompt, whatever the message.

    yes: by how much it finds "Yes" likelier than anything else; None: it cannot tell.
    """
    pairs = script.items() if isinstance(script, dict) else script
    likely = None if yes is None else lambda text: yes if text == "Yes" else 0.0
    lines = [ScriptedLine(_stands_in_prompt(when), says, delay_seconds, likely) for when, says in pairs]
    return ScriptedEngine(lines, replace(SCRIPTED, sees_images=sees_images, small=small))


def _stands_in_prompt(words: str) -> Callable[[Sequence[ChatMessage]], bool]:
    return lambda messages: any(words in message.text for message in messages)


def ready(name: str, thing: object) -> Lazy:  # type: ignore[type-arg]
    return Lazy(name, lambda _: thing)


def broken(name: str, sentence: str) -> Lazy:  # type: ignore[type-arg]
    def fail(_: object) -> object:
        raise EngineError(sentence)

    return Lazy(name, fail)


def make_assistant(
    engine: object,
    heard: Sequence[str] = ("Who serviced the pump?",),
    lines: Sequence[str] = ("CORNER STORE", "2018-03-23", "Total 593.10"),
    captioner: object = None,
    settings: Settings | None = None,
    originals: Originals | None = None,
    classifier: KindClassifier | None = None,
    **parts: Lazy,  # type: ignore[type-arg]
) -> Assistant:
    """An Assistant over these fakes, a real library and the real loaders. classifier None: everything is looked up."""
    settings = settings or Settings()
    made: dict[str, Lazy] = {  # type: ignore[type-arg]
        "engine": engine if isinstance(engine, Lazy) else ready("Language model", engine),
        "transcriber": ready("Speech model", HeardWords(*heard)),
        "captioner": Lazy(as_message("Vision model"), _giver(captioner)),
        "reader": ready("Reader", ReadLines(*lines)),
        "library": Lazy(as_message("Library"), lambda _: ChromaLibrary(None, HashedWords())),
        **parts,
    }

    def load(file: Attachment, limits: Limits = settings.limits) -> Generator[Status, None, Document]:
        return read_document(
            file.path, file.name, limits, file.password, lambda image: made["reader"].get().describe(image, "")
        )

    return Assistant(
        **made,
        load_document=load,
        settings=settings,
        originals=originals,
        models=lambda: {"chat": "scripted"},
        classifier=None if classifier is None else ready("Classifier", classifier),
    )


def shelve(assistant: Assistant, conversation: Conversation, *files: Attachment, shelf: str = "shelf") -> None:
    """Puts files into a named library, which this conversation searches from now on."""
    for file in files:
        assistant.library.get().add(ended(assistant.files.read(file.path, file.name)), shelf)
    conversation.libraries = tuple(dict.fromkeys((*conversation.libraries, shelf)))


def ended(steps: Generator[object, None, Made]) -> Made:
    """What a generator returns at its end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            returned: Made = end.value
            return returned


def _giver(thing: object) -> Callable[[object], object]:
    return lambda _: thing


class Tones:
    """A speaker whose sentences are tones, 0.05 s for each word; what asks to fail fails."""

    profile = ModelProfile("tones", "voice", "kokoro", "ours", "any", 0)
    voices = (VoiceInfo("af_high", "en", "High"), VoiceInfo("am_low", "en", "Low"), VoiceInfo("zf_high", "zh", "High"))

    def __init__(self, note: Callable[[str], None] = lambda _: None) -> None:
        self._note = note
        self.said: list[tuple[str, str, float]] = []

    def say(self, text: str, voice: str = "", speed: float = 1.0) -> SpeechAudio:
        self._note(text)
        self.said.append((text, voice, speed))
        if "hoarse" in text:
            raise EngineError(say("The voice could not say this. Try it again, or choose another voice."))
        seconds = 0.05 * len(text.split()) / speed
        at = numpy.arange(int(seconds * 24_000)) / 24_000
        return SpeechAudio(text, (0.3 * numpy.sin(at * 2 * numpy.pi * 440)).astype(numpy.float32), 24_000)

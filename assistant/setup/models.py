"""Models: for each role, the choice made into a loaded model. What is fetched and loaded is said as it goes.

The parts load when first needed or in the background; a model chosen by `auto` whose files cannot be
had is stood in for by the one from the package index, with a notice.
"""

import gc
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.engines import openvino_ir
from assistant.models.cpu_priority import CpuPriority
from assistant.models.device import Device, look
from assistant.models.lazy import Lazy
from assistant.models.notices import Notices
from assistant.models.profiles import (
    KOKORO_WORDS,
    OPTIONAL_ROLES,
    ROLE_WORDS,
    VOICE_ENCODER,
    ModelProfile,
    ModelRole,
    profile_named,
)
from assistant.models.selection import Choice, Selection, hub_checkpoint, select, stand_in
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Embedder, PictureEmbedder, Reranker
from assistant.ports.engine import Engine
from assistant.ports.modality import Report
from assistant.ports.speech import Speaker, Transcriber, VoiceEncoder
from assistant.ports.vision import Captioner, ImageClassifier
from assistant.settings.settings import Settings
from assistant.values.errors import EngineError, Gone, SetupError, Unreachable, WeightsError
from assistant.values.events import Progress
from assistant.values.messages import say
from assistant.weights import Weights

SETTING_OF: dict[ModelRole, str] = {
    "chat": "llm",
    "vision": "vision",
    "speech": "speech",
    "embedding": "embedding",
    "picture-embedding": "picture_embedding",
    "voice": "voice",
}
LIVE: tuple[ModelRole, ...] = (
    "chat",
    "vision",
    "speech",
    "voice",
)  # what a library was filled with changes with the next start
LEAVING_SECONDS = 600.0  # for which a new model waits for answers of the one before; then both are in memory


class Models:
    """Holds a Lazy for every role. Making it loads nothing; the first `get` of one does.

    live: the settings as they are now, where they may change.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.live: Callable[[], Settings] = lambda: self.settings
        self.weights = Weights(settings.cache, settings.offline)
        self.notices = Notices()
        self.device: Lazy[Device] = Lazy(say("This machine"), lambda _: look())
        self.selection: Lazy[Selection] = Lazy(say("Choice of models"), self._select)
        self.engine: Lazy[Engine] = Lazy(say("Language model"), self._engine)
        self.transcriber: Lazy[Transcriber] = Lazy(say("Speech model"), self._transcriber)
        self.captioner: Lazy[Captioner | None] = Lazy(say("Vision model"), self._captioner)
        self.reader: Lazy[Captioner] = Lazy(say("Reader of text in pictures"), self._reader)
        self.image_classifier: Lazy[ImageClassifier | None] = Lazy(say("Recogniser"), self._image_classifier)
        self.embedder: Lazy[Embedder] = Lazy(say("Embedding model"), self._embedder)
        self.classifier: Lazy[KindClassifier] = Lazy(say("Understanding of requests"), self._classifier)
        self.picture_embedder: Lazy[PictureEmbedder | None] = Lazy(say("Picture model"), self._picture_embedder)
        self.reranker: Lazy[Reranker | None] = Lazy(say("Reranker"), self._reranker)
        self.voice_encoder: Lazy[VoiceEncoder | None] = Lazy(say("Telling voices apart"), self._voice_encoder)
        self.speaker: Lazy[Speaker] = Lazy(say("Voice"), self._speaker)
        self._priority = CpuPriority()
        self._answering: dict[str, str] = {}
        self._leaving: list[weakref.ref[Any]] = []

    def choose(self, role: ModelRole, asked: str) -> None:
        """Another model for one of the LIVE roles, loaded by whoever needs it first. asked: as in the settings.

        An answer in the making goes on with the model that it began with. Raises SetupError where there is no
        such model, and changes nothing.
        """
        if role not in LIVE:
            raise SetupError(
                say(
                    "The model for {what} cannot be changed while I run. Choose it and start again.",
                    what=ROLE_WORDS[role],
                )
            )
        self.preview(SETTING_OF[role], asked)
        changed: dict[str, Any] = {SETTING_OF[role]: asked}
        self.settings = replace(self.settings, **changed)
        self.selection.renew()
        own: dict[ModelRole, Lazy[Any]] = {"speech": self.transcriber, "voice": self.speaker}
        parts = [own.get(role, self.captioner)]
        if role == "chat":  # whether a model for pictures stands beside it depends on it
            parts.append(self.engine)
        for part in parts:
            if (before := part.renew()) is not None:
                self._leaving.append(weakref.ref(before))
                del before
        for name in (role, "vision") if role == "chat" else (role,):
            self._answering.pop(name, None)

    def preview(self, setting: str, asked: str) -> Selection:
        """What would be chosen with that setting. Raises SetupError where there is no such model."""
        changed: dict[str, Any] = {setting: asked}
        return self._selected(replace(self.settings, **changed))

    def _let_leave(self, report: Report) -> None:
        """Waits until the answers that still use the model before have ended: two would take the memory of both."""
        end = time.monotonic() + LEAVING_SECONDS
        while time.monotonic() < end:
            self._leaving = [one for one in self._leaving if one() is not None]
            if not self._leaving:
                return
            report(Progress(say("waiting for the answers in the making")))
            gc.collect()  # parts of a model know one another
            time.sleep(0.05)

    def names(self) -> dict[str, str]:
        """role → what answers for it, of the roles loaded so far."""
        return dict(self._answering)

    def sees_images(self) -> bool:
        """Whether the language model sees pictures. It is loaded for that only where no table knows it."""
        profile = self.selection.get().choices["chat"].profile
        if profile is None or self.engine.state == "ready":
            return self.engine.get().profile.sees_images
        return profile.sees_images

    def chosen(self) -> tuple[ModelProfile, ...]:
        """The profiles chosen for this machine that have files to fetch."""
        choices = self.selection.get().choices.values()
        return tuple(choice.profile for choice in choices if choice.profile and choice.profile.checkpoint)

    def _select(self, report: Report) -> Selection:
        report(Progress(say("looking at this machine and for a model hub")))
        return self._selected(self.settings)

    def _selected(self, settings: Settings) -> Selection:
        return select(
            settings,
            self.device.get(),
            self.weights.hub_answers(),
            lambda checkpoint: self.weights.find(checkpoint) is not None,
            openvino_ir.is_installed(),
        )

    def _engine(self, report: Report) -> Engine:
        choice = self.selection.get().choices["chat"]
        return self._remote_engine("chat", choice) if choice.remote else self._local_engine("chat", choice, report)

    def _remote_engine(self, role: ModelRole, choice: Choice) -> Engine:
        from assistant.engines.remote import RemoteEngine

        engine = RemoteEngine.connect(choice.remote.whole, self.settings.timeout_seconds)
        self._answering[role] = str(choice.remote)
        return engine

    def _local_engine(self, role: ModelRole, choice: Choice, report: Report) -> Engine:
        profile, folder = self._files(choice, report)
        self._let_leave(report)
        report(Progress(say("loading {model}", model=profile.name)))
        engine = self._run(profile, folder, report)
        self._answering[role] = profile.name
        return engine

    def _run(self, profile: ModelProfile, folder: Path, report: Report) -> Engine:
        """By the runtime of its own, where it has one and that is here; else by transformers."""
        from assistant.engines.local import LocalEngine

        device, cache = self.device.get(), self.settings.cache
        if profile.runtime == "openvino" and device.kind == "cpu":
            from assistant.engines.openvino import OpenVinoEngine

            slower = say("transformers runs {model}, which is slower", model=profile.name)
            if not openvino_ir.is_installed():
                self.notices.tell(
                    say("openvino-genai is not installed, so {doing}: pip install openvino-genai.", doing=slower)
                )
            else:
                try:
                    return OpenVinoEngine.load(profile, folder, device, report, cache, self._priority)
                except EngineError as error:
                    self.notices.tell(say("{error} So {doing}.", error=error, doing=slower))
        return LocalEngine.load(profile, folder, device, report, cache, self._priority)

    def _transcriber(self, report: Report) -> Transcriber:
        from assistant.speech import load_transcriber
        from assistant.speech.recognition.configured_transcriber import ConfiguredTranscriber

        choice = self.selection.get().choices["speech"]
        if choice.remote:
            from assistant.engines.openai_server import server
            from assistant.speech.recognition.remote import RemoteTranscriber

            self._answering["speech"] = str(choice.remote)
            return ConfiguredTranscriber(
                RemoteTranscriber(server(choice.remote.whole, self.settings.timeout_seconds)), self._now
            )
        profile, folder = self._files(choice, report)
        self._let_leave(report)
        report(Progress(say("loading {model}", model=profile.name)))
        transcriber = load_transcriber(profile, folder, self.device.get())
        self._answering["speech"] = profile.name
        return ConfiguredTranscriber(transcriber, self._now)

    def _now(self) -> Settings:
        return self.live()

    def _captioner(self, report: Report) -> Captioner | None:
        """A vision-language model beside the engine; None where the engine sees, or where only the reader is."""
        choice = self.selection.get().choices["vision"]
        if (choice.profile and choice.profile.family == "reader") or self.sees_images():
            return None
        from assistant.vision.captioner import VisionCaptioner

        if choice.remote:
            return VisionCaptioner(self._remote_engine("vision", choice))
        return VisionCaptioner(self._local_engine("vision", choice, report))

    def _reader(self, report: Report) -> Captioner:
        from assistant.vision.ocr import OcrReader

        report(Progress(say("loading the reader")))
        profile = profile_named("reader")
        assert profile is not None
        reader = OcrReader.load(profile, self.settings.limits)
        self._answering["reader"] = profile.name
        return reader

    def _image_classifier(self, report: Report) -> ImageClassifier | None:
        """Fetched by the first picture that no model sees; None where its files cannot be had."""
        from assistant.vision.image_classifier import LocalImageClassifier as Guessing

        profile = profile_named("recogniser")
        assert profile is not None
        try:
            folder = self._fetch(profile, report)
        except WeightsError as error:
            self.notices.tell(
                say("{error} Until then pictures are read, and nothing is guessed of what they show.", error=error)
            )
            return None
        report(Progress(say("loading {model}", model=profile.name)))
        image_classifier = Guessing.load(folder, self.settings.limits)
        self._answering["recogniser"] = profile.name
        return image_classifier

    def _classifier(self, report: Report) -> KindClassifier:
        from assistant.answering.kinds.linear import LinearClassifier

        report(Progress(say("learning from examples what people ask for")))
        return LinearClassifier.load(self.settings.cache)

    def _embedder(self, report: Report) -> Embedder:
        from assistant.embeddings.text import TextEmbedder

        choice = self.selection.get().choices["embedding"]
        if choice.remote:
            from assistant.embeddings.remote import RemoteEmbedder
            from assistant.engines.openai_server import server

            self._answering["embedding"] = str(choice.remote)
            return RemoteEmbedder(server(choice.remote.whole, self.settings.timeout_seconds))
        profile, folder = self._files(choice, report)
        report(Progress(say("loading {model}", model=profile.name)))
        embedder = TextEmbedder.load(profile, folder, self.device.get())
        self._answering["embedding"] = profile.name
        return embedder

    def _picture_embedder(self, report: Report) -> PictureEmbedder | None:
        """None where this machine has none; then pictures are found by their text and description."""
        choice = self.selection.get().choices.get("picture-embedding")
        if choice is None:
            return None
        from assistant.embeddings.pictures import SeenEmbedder

        try:
            profile, folder = self._files(choice, report)
            report(Progress(say("loading {model}", model=profile.name)))
            embedder = SeenEmbedder.load(profile, folder, self.device.get())
        except WeightsError as error:
            if not choice.automatic:
                raise
            self.notices.tell(say("{error} Until then pictures are found by their text alone.", error=error))
            return None
        self._answering["picture-embedding"] = profile.name
        return embedder

    def _reranker(self, report: Report) -> Reranker | None:
        asked = self.settings.rerank
        if not asked:
            return None
        from assistant.embeddings.cross_encoder import CrossEncoder

        folder = Path(asked).expanduser()
        name = folder.name
        if not folder.is_dir():
            name, folder = asked, self.weights.fetch(hub_checkpoint("cross-encoder", asked), report)
        report(Progress(say("loading {model}", model=name)))
        reranker = CrossEncoder.load(name, folder, self.device.get())
        self._answering["rerank"] = name
        return reranker

    def _voice_encoder(self, report: Report) -> VoiceEncoder | None:
        """None where nobody asked for it, and where its files cannot be had."""
        asked = self.settings.speakers
        if asked in ("", "none"):
            return None
        from assistant.speech.diarization import load_voice_encoder

        folder = Path(asked).expanduser()
        if asked == "auto":
            try:
                folder = self.weights.fetch(VOICE_ENCODER, report)
            except WeightsError as error:
                self.notices.tell(say("{error} Until then voices are not told apart.", error=error))
                return None
        elif not folder.is_dir():
            folder = self.weights.fetch(replace(hub_checkpoint("speakers", asked), patterns=("*.onnx",)), report)
        encoder = load_voice_encoder(folder)
        self._answering["speakers"] = "resemblyzer" if asked == "auto" else folder.name
        return encoder

    def _speaker(self, report: Report) -> Speaker:
        """The voice, with espeak-ng beside it, where that is installed, for languages that it has no voice for."""
        from assistant.speech.synthesis.espeak import Espeak
        from assistant.speech.synthesis.voices import SpeakerWithFallback, load_speaker

        choice = self.selection.get().choices["voice"]
        if choice.remote:
            from assistant.engines.openai_server import server
            from assistant.speech.synthesis.remote_voice import RemoteSpeaker

            self._answering["voice"] = str(choice.remote)
            return RemoteSpeaker(server(choice.remote.whole, self.settings.timeout_seconds))
        last_resort = Espeak.find()
        try:
            if choice.profile is not None and choice.profile.family == "espeak":
                if last_resort is None:
                    raise SetupError(say("espeak-ng is not installed here. Install it, or choose another voice."))
                self._answering["voice"] = choice.name
                return last_resort
            profile, folder = self._files(choice, report)
        except WeightsError as error:
            if last_resort is None or not choice.automatic:
                raise
            self.notices.tell(say("{reason} Until then espeak-ng reads answers aloud.", reason=error))
            self._answering["voice"] = last_resort.profile.name
            return last_resort
        words = folder / "words"
        if profile.family == "kokoro" and not words.is_dir():
            words = self.weights.fetch(KOKORO_WORDS, report) / "words"
        report(Progress(say("loading {model}", model=profile.name)))
        speaker = load_speaker(profile, folder, words, self._priority)
        self._answering["voice"] = profile.name
        return SpeakerWithFallback(speaker, last_resort)

    def _files(self, choice: Choice, report: Report) -> tuple[ModelProfile, Path]:
        """The profile and the folder with its files, fetched if need be."""
        if choice.folder is not None:
            return self._profile_of(choice, choice.folder), choice.folder
        if choice.checkpoint is not None:
            folder = self.weights.fetch(choice.checkpoint, report)
            return self._profile_of(choice, folder), folder
        profile = choice.profile
        assert profile is not None
        try:
            return profile, self._fetch(profile, report)
        except (Unreachable, Gone) as error:
            if not choice.automatic or choice.role in OPTIONAL_ROLES:
                raise
            instead = stand_in(choice.role)
            if instead == profile:
                raise
            self.notices.tell(
                say("{error} {instead} stands in for {model}.", error=error, instead=instead.name, model=profile.name)
            )
            return instead, self._fetch(instead, report)

    def _fetch(self, profile: ModelProfile, report: Report) -> Path:
        if profile.checkpoint is None:
            raise SetupError(
                say("{model} cannot be loaded as a model of files. Choose another one.", model=profile.name)
            )
        return self.weights.fetch(profile.checkpoint, report)

    def _profile_of(self, choice: Choice, folder: Path) -> ModelProfile:
        """The profile of a folder that is in no table, read from its files."""
        if choice.role in ("chat", "vision"):
            from assistant.engines.local import profile_of_folder

            return profile_of_folder(folder, choice.role)
        from assistant.models.folder_profiles import profile_of_sense

        return profile_of_sense(folder, choice.role)

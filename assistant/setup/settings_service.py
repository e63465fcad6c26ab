"""SettingsService: what answers for each role, what else could, what is kept where; and changing it.

Knows no page. Whatever changes what everybody on this machine uses is for its owner alone ("me"): for anybody else
it raises BadInput. What is chosen is kept in settings.json; models that answers are made with change at once, those
that a library was filled with at the next start.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from assistant.answering.commands import Presets
from assistant.models.lazy import Lazy, State
from assistant.models.profiles import (
    OPTIONAL_ROLES,
    ROLES,
    Machine,
    ModelProfile,
    ModelRole,
    profile_named,
    profiles_for,
)
from assistant.models.selection import needed_bytes
from assistant.ports.named_libraries import NamedLibraries
from assistant.ports.speech import VoiceInfo
from assistant.settings.saved_choices import HEARING, LOOKING, NUMBERS, SPEAKING, ChosenFile, checked
from assistant.settings.settings import Settings
from assistant.setup.downloads import Download, Downloads
from assistant.setup.models import LIVE, SETTING_OF, Models
from assistant.speech.synthesis.kokoro_voices import voices_of
from assistant.values.address import Address
from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import AssistantError, BadInput
from assistant.values.events import Progress
from assistant.values.messages import NOTHING, Message, say

log = logging.getLogger(__name__)

ME = "me"
Folder = Literal["conversations", "files", "libraries", "presets", "choices", "weights"]
ALL_ROLES: tuple[ModelRole, ...] = (*ROLES, *OPTIONAL_ROLES)


@dataclass(frozen=True)
class SelectionBasis:
    """What the models were chosen for."""

    machine: Machine
    by_hand: bool
    """Whether the machine was named in the settings, and not looked at."""
    device: str
    free_bytes: int
    """Free memory at the start."""


@dataclass(frozen=True)
class ModelLine:
    """A model of the table."""

    profile: ModelProfile
    download_bytes: int
    """0 where only the hub knows."""
    here: bool
    """Whether its files are here, or it needs none."""
    fits: bool
    """Whether the memory of this machine holds it. True while that is not known."""


@dataclass(frozen=True)
class RoleLine:
    """What answers for one role."""

    role: ModelRole
    asked: str
    """The setting: "auto" or a name. Of an address only what may be shown."""
    using: str
    """What answers, or will; "" while that is not known, or for nothing."""
    state: State
    """The state of its model."""
    progress: Progress
    trouble: Message
    """Why its model could not be loaded."""
    next_start: str
    """What was chosen for it, where that is not in use yet."""
    by_hand: bool
    """Whether a flag or variable fixes it."""
    live: bool
    """Whether it changes without a restart."""
    models: tuple[ModelLine, ...]


@dataclass(frozen=True)
class StoredFolder:
    """What lies in a folder or file of this machine."""

    what: Folder
    path: Path
    files: int
    bytes: int


@dataclass(frozen=True)
class OwnedCounts:
    """What is kept for one owner."""

    conversations: int
    libraries: int
    library_files: int


class SettingsService:
    """fixed: settings that a flag or variable fixes, by name. folders: where things are kept.

    conversations: owner → how many there are. delete_conversations: owner → all of theirs are gone for good, with
    what was given in them. Any thread may call any verb; downloads and loading run on threads of their own.
    """

    def __init__(
        self,
        models: Models,
        chosen: ChosenFile,
        presets: Presets,
        *,
        fixed: frozenset[str] = frozenset(),
        folders: Sequence[tuple[Folder, Path]] = (),
        conversations: Callable[[str], int] = lambda _: 0,
        delete_conversations: Callable[[str], object] = lambda _: None,
        named_libraries: NamedLibraries | None = None,
    ) -> None:
        self.presets = presets
        self._models, self._chosen, self._fixed, self._folders = models, chosen, fixed, tuple(folders)
        self._conversations, self._delete, self._named_libraries = conversations, delete_conversations, named_libraries
        self._live = models.settings
        models.live = self.settings
        self._next: dict[str, str] = {}
        self._downloads = Downloads(models.weights)
        self._lock = threading.RLock()
        self._changing = threading.Lock()  # one model at a time
        self._troubles: dict[ModelRole, Message] = {}

    @property
    def notices(self) -> Sequence[Message]:
        """What became known of the models since the start."""
        return self._models.notices

    def settings(self) -> Settings:
        """As they are now; for the assistant's `live`."""
        return self._live

    def may_change(self, owner: str) -> bool:
        """Whether this owner may change what everybody on this machine uses."""
        return owner == ME

    def is_fixed(self, name: str) -> bool:
        """Whether a flag or variable decides over this setting."""
        return name in self._fixed

    # models

    def chosen_for(self) -> SelectionBasis | None:
        """The machine that the models were chosen for; None while that is not known."""
        selection, device = self._models.selection, self._models.device
        if selection.state != "ready" or device.state != "ready":
            return None
        looked = device.get()
        by_hand = self._models.settings.profile != "auto"
        return SelectionBasis(selection.get().machine, by_hand, looked.name, looked.free_bytes)

    def roles(self) -> list[RoleLine]:
        return [self._role(role) for role in ALL_ROLES]

    def choose(self, owner: str, role: ModelRole, asked: str) -> None:
        """Another model: "auto", a name of the table, a folder, a hub repository or a remote one.

        Fetched first where its files are not here; only then does it take the place of the one before. What goes
        wrong later stands in `roles` and `downloads`. Raises SetupError where there is none such.
        """
        self._only_me(owner)
        name, asked = SETTING_OF[role], checked(SETTING_OF[role], asked.strip() or "auto")
        self._not_fixed(name)
        choices = self._models.preview(name, asked).choices
        if role not in LIVE:
            self._chosen.write({name: _or_default(name, asked)})
            self._next[name] = asked
            return
        self._troubles.pop(role, None)
        checkpoint = _checkpoint(choices[role].profile) or choices[role].checkpoint
        if checkpoint is not None and self._models.weights.find(checkpoint) is None:
            self._downloads.begin(choices[role].name, checkpoint, lambda: self._change(role, asked))
        else:
            self._in_background(lambda: self._change(role, asked))

    def download(self, owner: str, name: str) -> None:
        """Fetches the files of a model of the table. Raises BadInput where it has none."""
        self._only_me(owner)
        profile = profile_named(name)
        checkpoint = _checkpoint(profile)
        if checkpoint is None:
            raise BadInput(say("There are no files of a model called “{name}” to fetch.", name=name))
        self._downloads.begin(name, checkpoint)

    def cancel(self, owner: str, name: str) -> None:
        """Ends a download; what has come is kept for the next time."""
        self._only_me(owner)
        self._downloads.cancel(name)

    def dismiss(self, owner: str, name: str) -> None:
        """Forgets a download that has ended."""
        self._only_me(owner)
        self._downloads.dismiss(name)

    def downloads(self) -> list[Download]:
        return self._downloads.all()

    # everything else

    def set(self, owner: str, name: str, value: Any) -> None:
        """fusion, answer_tokens, temperature, how speech is heard, what of a photo is told and how answers are read:
        from the next turn on. rerank: from the next start on.

        Raises SetupError for a value that it does not take.
        """
        self._only_me(owner)
        if name not in ("fusion", "rerank", *HEARING, *LOOKING, *SPEAKING, *NUMBERS):
            raise BadInput(say("There is no setting {name} to change here.", name=name))
        self._not_fixed(name)
        value = checked(name, value)
        with self._lock:
            self._chosen.write({name: value})
            if name == "rerank":
                self._next[name] = value
            else:
                self._live = replace(self._live, **{name: value})

    def value(self, name: str) -> Any:
        """A setting as it is now, or as it will be from the next start on."""
        return self._next.get(name, getattr(self._live, name))

    def voices(self) -> list[VoiceInfo]:
        """Those that can be chosen: of the voice that is loaded, else those that the chosen one's files name."""
        speaker = self._models.speaker
        if speaker.state == "ready":
            return list(speaker.get().voices)
        selection = self._models.selection
        choice = selection.get().choices.get("voice") if selection.state == "ready" else None
        return voices_of(choice.profile) if choice is not None else []

    def kept(self, owner: str) -> list[StoredFolder]:
        """Every place on this machine where something is kept. Nobody but its owner sees where."""
        if not self.may_change(owner):
            return []
        return [StoredFolder(what, path, *_size(path)) for what, path in self._folders]

    def mine(self, owner: str) -> OwnedCounts:
        named_libraries = self._named_libraries
        libraries = named_libraries.libraries(owner) if named_libraries is not None else []
        return OwnedCounts(self._conversations(owner), len(libraries), sum(one.files for one in libraries))

    def delete_everything(self, owner: str) -> None:
        """All conversations and libraries of this owner, with their files, for good.

        Each is tried, whatever becomes of the others; raises what went wrong first.
        """
        wrong: list[AssistantError] = []
        doing: list[Callable[[], object]] = [lambda: self._delete(owner)]
        if (named_libraries := self._named_libraries) is not None:
            doing += [lambda id=one.id: named_libraries.remove(owner, id) for one in named_libraries.libraries(owner)]  # type: ignore[misc]
        for step in doing:
            try:
                step()
            except AssistantError as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]

    def write_preset(self, owner: str, name: str, text: str) -> None:
        self._only_me(owner)
        self.presets.write(name, text)

    def remove_preset(self, owner: str, name: str) -> None:
        self._only_me(owner)
        self.presets.remove(name)

    # inside

    def _only_me(self, owner: str) -> None:
        if not self.may_change(owner):
            raise BadInput(say("This is for whoever runs this Medley: it would change it for everybody."))

    def _not_fixed(self, name: str) -> None:
        if name in self._fixed:
            flag = name.replace("_", "-")
            raise BadInput(
                say(
                    "This is fixed for this run by --{flag} or MEDLEY_{variable}. Start without that.",
                    flag=flag,
                    variable=name.upper(),
                )
            )

    def _role(self, role: ModelRole) -> RoleLine:
        name = SETTING_OF[role]
        part = self._part(role)
        selection = self._models.selection
        choice = selection.get().choices.get(role) if selection.state == "ready" else None
        answering = self._models.names()
        using = answering.get(role) or (choice.name if choice is not None else "")
        if role == "vision" and part is not None and part.state == "ready" and role not in answering:
            using = answering.get("reader", "") if not self._sees() else answering.get("chat", "")
        trouble = self._troubles.get(role, NOTHING)
        if not trouble and part is not None and part.state == "failed":
            trouble = part.doing()
        lines = tuple(self._line(profile) for profile in profiles_for(role))
        state: State = part.state if part is not None else "waiting"
        progress = part.progress if part is not None else Progress(NOTHING)
        asked = str(getattr(self._models.settings, name))
        waiting = self._next.get(name, "")
        return RoleLine(
            role, str(Address(asked)), using, state, progress, trouble,
            str(Address(waiting)) if waiting != asked else "",
            name in self._fixed, role in LIVE, lines,
        )  # fmt: skip

    def _sees(self) -> bool:
        engine = self._models.engine
        return engine.state == "ready" and engine.get().profile.sees_images

    def _part(self, role: ModelRole) -> Lazy[Any] | None:
        models = self._models
        parts: dict[ModelRole, Lazy[Any]] = {
            "chat": models.engine,
            "vision": models.captioner,
            "speech": models.transcriber,
            "embedding": models.embedder,
            "picture-embedding": models.picture_embedder,
            "voice": models.speaker,
        }
        return parts.get(role)

    def _line(self, profile: ModelProfile) -> ModelLine:
        checkpoint = profile.checkpoint
        here = checkpoint is None or self._models.weights.find(checkpoint) is not None
        device = self._models.device
        known = device.get() if device.state == "ready" else None
        fits = known is None or needed_bytes(profile, known) <= known.memory_bytes
        return ModelLine(profile, checkpoint.bytes if checkpoint else 0, here, fits)

    def _change(self, role: ModelRole, asked: str) -> None:
        """Loads the other model; where that fails the one before comes back."""
        with self._changing:
            before = str(getattr(self._models.settings, SETTING_OF[role]))
            part = self._part(role)
            assert part is not None
            if asked == before and part.state == "ready":
                return
            try:
                self._models.choose(role, asked)
                part.get()
                self._chosen.write({SETTING_OF[role]: _or_default(SETTING_OF[role], asked)})
                self._troubles.pop(role, None)
            except AssistantError as error:
                self._troubles[role] = error.message
                if part.state == "failed":
                    self._models.choose(role, before)

    def _in_background(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except Exception:
                log.exception("A change of the settings ended unexpectedly")

        threading.Thread(target=run, name="settings", daemon=True).start()


def _checkpoint(profile: ModelProfile | None) -> Checkpoint | None:
    return profile.checkpoint if profile is not None else None


def _or_default(name: str, asked: str) -> str | None:
    return None if asked == getattr(Settings, name) else asked


def _size(path: Path) -> tuple[int, int]:
    """How many files, and how many bytes. What goes away meanwhile does not count."""
    files = total = 0
    for one in [path] if path.is_file() else path.rglob("*"):
        try:
            if one.is_file() and not one.is_symlink():
                files, total = files + 1, total + one.stat().st_size
        except OSError:
            continue
    return files, total

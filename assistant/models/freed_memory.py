"""Memory that was freed, given back to the system.

glibc keeps it for each thread that ever asked for some, and every answer has a thread of its own: what the keys and
values of past prompts took would stay with the process. Nothing happens where the C library is another.
"""

import ctypes
import sys


def give_back() -> None:
    """Takes milliseconds. Any thread may call it."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)

"""Decoding pictures: in processes of their own, within limits of time, memory and size. Knows no format.

A process that is done is kept warm for the next picture; one that overruns, grows, dies or has served for long is
replaced. A few decode at once. Where others wait, one that takes long makes room and begins anew among the slow ones,
of which there are fewer: so nobody waits long for another's picture, and a large one is decoded all the same.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from assistant.media.picture_worker import NO_MEMORY, Refusal
from assistant.values.limits import Limits

_WORKER = Path(__file__).with_name("picture_worker.py")  # run by its path: it needs no more than it imports itself
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
_AT_ONCE, _SLOW_AT_ONCE = 4, max(1, (os.cpu_count() or 2) // 2)
_TICK = 0.2  # seconds between two looks
_POLITE = 10  # how far others' work goes before
_QUICK = 1.0  # seconds after which a picture makes room for others, and goes behind everything else
_WARM = 2  # processes kept for the next picture
_MOST_SERVED = 200  # pictures of one process
_LARGE = 300_000_000  # bytes in memory above which a process is not kept
_MOST_TOLD = 10_000  # bytes
_PIPE = 1_048_576  # bytes that the process may be ahead of us, where the system lets pipes be so large
_PATIENCE = 3.0  # times the limit, while others' slow pictures are decoded

Wants = Literal["pixels", "size", "words", "changes"]


class Undecodable(Exception):
    """why: "time" and "busy" are ours, the others the process's own."""

    def __init__(self, why: Refusal | Literal["time", "busy"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Decoded:
    """size: width, height. rgb: 3 · width · height bytes, none where only the size was asked for. frames: at least 1.

    taken, camera: as the file says it, unchecked; only where "words" were asked for.
    """

    size: tuple[int, int] = (0, 0)
    frames: int = 1
    rgb: bytes = b""
    taken: str = ""
    camera: str = ""
    changes: tuple[tuple[int, int], ...] = ()
    """The frames that differ from the one before, counted from 0, each with the milliseconds for which it stays; only
    where "changes" were asked for."""
    whole: bool = True
    """Whether all frames were looked at for changes."""


class _Overrun(Exception):
    """It makes room for others."""


class Decoders:
    """Any thread may call it."""

    def __init__(self, at_once: int = _AT_ONCE, slow_at_once: int = _SLOW_AT_ONCE) -> None:
        self._at_once, self._slow = at_once, threading.Semaphore(slow_at_once)
        self._warm: list[_Process] = []
        self._running: list[_Process] = []
        self._changed = threading.Condition()

    def decode(
        self, path: Path, formats: tuple[str, ...], wants: Wants, limits: Limits, most_frames: int = 1, frame: int = 0
    ) -> Decoded:
        """frame: which one, counted from 0. Raises Undecodable."""
        job: dict[str, Any] = {
            "path": str(path.absolute()),
            "formats": formats,
            "wants": wants,
            "most_pixels": limits.picture_pixels,
            "most_frames": most_frames,
            "frame": frame,
            "most_bytes": limits.parse_bytes,
            "seconds": limits.picture_seconds,
        }
        try:
            return self._at_once_or_not(job)
        except _Overrun:
            pass
        if not self._slow.acquire(timeout=_PATIENCE * limits.picture_seconds):
            raise Undecodable("busy")
        process = _Process()
        process.go_behind()
        try:
            return process.decode(job)
        finally:
            self._slow.release()
            self._give_back(process)

    def _at_once_or_not(self, job: dict[str, Any]) -> Decoded:
        """Raises _Overrun where it had to make room."""
        with self._place() as process:
            fresh = not process.served
            try:
                return process.decode(job)
            except Undecodable as error:
                if fresh or process.alive() or error.why != "damaged":
                    raise
        with self._place(fresh=True) as process:  # it may have died of what came before
            return process.decode(job)

    def close(self) -> None:
        with self._changed:
            processes, self._warm = self._warm, []
        for process in processes:
            process.end()

    @contextmanager
    def _place(self, fresh: bool = False) -> "Iterator[_Process]":
        """A process among those that decode at once; where all places are taken, the slowest has to go."""
        with self._changed:
            while len(self._running) >= self._at_once:
                oldest = min(self._running, key=lambda process: process.began)
                if oldest.seconds() > _QUICK:
                    oldest.kill("room")
                self._changed.wait(max(_TICK, _QUICK - oldest.seconds()))
            process = _Process() if fresh else self._process()
            self._running.append(process)
        try:
            yield process
        finally:
            with self._changed:
                self._running.remove(process)
                self._changed.notify_all()
            self._give_back(process)

    def _process(self) -> "_Process":
        with self._changed:
            while self._warm:
                process = self._warm.pop()
                if process.usable():
                    process.began = time.monotonic()
                    return process
                process.end()
        return _Process()

    def _give_back(self, process: "_Process") -> None:
        with self._changed:
            if process.usable() and len(self._warm) < _WARM:
                self._warm.append(process)
                return
        process.end()


def _pairs(told: list[Any], most: int) -> tuple[tuple[int, int], ...] | None:
    """Frames with their milliseconds; None where it is anything else."""
    pairs = [(one[0], one[1]) for one in told if isinstance(one, list) and len(one) == 2]
    fine = len(pairs) == len(told) and all(
        type(frame) is int and type(stays) is int and 0 <= frame < most and stays >= 0 for frame, stays in pairs
    )
    return tuple(pairs) if fine else None


@cache
def shared() -> Decoders:
    """The one of this program; its processes end with the program."""
    made = Decoders()
    atexit.register(made.close)
    return made


class _Process:
    """began: when it was taken up for the picture it is at. served: how many pictures."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # threads of a decoder would each reserve memory that the limit counts
            env={**{key: os.environ[key] for key in _INHERITED if key in os.environ}, "MALLOC_ARENA_MAX": "2"},
            pipesize=_PIPE,
            start_new_session=True,  # Ctrl-C is for us alone
        )
        self.began = time.monotonic()
        self._fine, self.served = True, 0
        self._killed_for: Literal["", "time", "room"] = ""

    def decode(self, job: dict[str, Any]) -> Decoded:
        """Raises Undecodable, or _Overrun where it was killed to make room."""
        self._fine, self.served = False, self.served + 1
        timers = [
            threading.Timer(_QUICK, self.go_behind),
            threading.Timer(job["seconds"], self.kill, ("time",)),
        ]
        for timer in timers:
            timer.daemon = True
            timer.start()
        try:
            decoded = self._received(job)
        finally:
            for timer in timers:
                timer.cancel()
        return decoded

    def _received(self, job: dict[str, Any]) -> Decoded:
        """What it says is checked: whoever made the picture may speak through it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it is gone, which its silence will tell
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()
        try:
            answer = json.loads(self._process.stdout.readline(_MOST_TOLD + 30 * job["most_frames"]))
        except ValueError:  # no JSON: it was struck down in the middle of a word, or worse
            answer = None
        match answer:
            case {"refused": str(why)} if why in get_args(Refusal):
                self._fine = why != "memory"
                raise Undecodable(cast(Refusal, why))
            case {"taken": str(taken), "camera": str(camera)}:
                self._fine = True
                return Decoded(taken=taken, camera=camera)
            case {"changes": [*changes], "whole": bool(whole)} if job["wants"] == "changes":
                if (differing := _pairs(changes, job["most_frames"])) is not None:
                    self._fine = True
                    return Decoded(changes=differing, whole=whole)
            case {"size": [int(width), int(height)], "frames": int(frames), "resident": int(resident)} if (
                width > 0 and height > 0 and width * height <= job["most_pixels"]
            ):
                most = 3 * width * height if job["wants"] == "pixels" else 0
                if len(rgb := self._process.stdout.read(most)) == most:
                    self._fine = resident < _LARGE
                    return Decoded((width, height), min(max(frames, 1), job["most_frames"]), rgb)
        raise self._broken_off()

    def _broken_off(self) -> Undecodable | _Overrun:
        try:
            status = self._process.wait(timeout=_TICK)
        except subprocess.TimeoutExpired:
            status = 0
        if self._killed_for == "room":
            return _Overrun()
        if self._killed_for == "time" or (sys.platform != "win32" and status == -signal.SIGXCPU):
            return Undecodable("time")
        return Undecodable("memory" if status == NO_MEMORY else "damaged")

    def go_behind(self) -> None:
        """Whoever waits for an answer goes before a picture that takes long."""
        self.served = _MOST_SERVED  # it stays behind, so it is not taken up again
        if sys.platform != "win32":
            with suppress(OSError):
                os.setpriority(os.PRIO_PGRP, self._process.pid, _POLITE)

    def seconds(self) -> float:
        """How long it has been at its picture."""
        return time.monotonic() - self.began

    def kill(self, why: Literal["time", "room"]) -> None:
        self._killed_for = self._killed_for or why
        self._process.kill()

    def usable(self) -> bool:
        return self._fine and self.served < _MOST_SERVED and self.alive()

    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

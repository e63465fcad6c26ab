"""Channels of sound: which of several belong together, which are heard apart, and how two become one without a loss.

Two people on a recorded call have a channel each; a stereo recording has the same voices on both, a miswired one the
same upside down. Knows samples at 16 kHz and nothing of files.
"""

from dataclasses import dataclass
from typing import Any

import numpy
import numpy.typing

Samples = numpy.typing.NDArray[numpy.float32]
_RATE = 16_000
_FRAME = _RATE // 10  # samples whose loudness is one number
_SILENT = -65.0  # decibels below full scale: nothing but the noise of a sound card
_RANGE = 25.0  # decibels below the loudest, down to which somebody may be speaking
_LOUDER = 8.0  # decibels by which a channel has a frame for itself
_PAUSES = 0.1  # share of the frames in which a channel has nothing but its noise
_FLUCTUATION = 1.5  # by which a frame of noise is louder than the quiet ones
_APART = 0.6  # share of the frames with sound in them that one channel has for itself, where channels are apart
_EACH = 0.03  # share of them that each has at least
_FEWEST = 5  # frames that each has at least
_CLEANER = 8.0  # decibels between speech and noise, from which the cleaner channel alone is heard
_ALIKE = 0.9  # correlation from which two channels hold the same
_NOTHING = 1e-4  # of the other's energy: a channel that is not connected
_BLEED = 6.0  # decibels below the other channel, from which what is alike is the other's voice
_ECHOED = 0.5  # correlation, at the best delay, from which it is the other's voice
_WINDOW = _RATE // 2
_DELAY = _RATE // 20  # samples: farther than two microphones in one room are apart


def one(left: Samples, right: Samples) -> Samples:
    """Both as one. Where they are of opposite sign one is turned over; a dead or much noisier one is left out."""
    loud = float(numpy.vdot(left, left)), float(numpy.vdot(right, right))
    if min(loud) <= _NOTHING * max(loud):
        return left if loud[0] >= loud[1] else right
    alike = float(numpy.vdot(left, right)) / (loud[0] * loud[1]) ** 0.5
    if abs(alike) < _ALIKE:
        clean = _clearness(left) - _clearness(right)
        if abs(clean) > _CLEANER:
            return left if clean > 0 else right
    both = left - right if alike < 0 else left + right
    half: Samples = numpy.multiply(both, 0.5, dtype=numpy.float32)
    return half


@dataclass(frozen=True)
class Shares:
    """How many frames with sound in them each channel has for itself, and how many there are."""

    left: int = 0
    right: int = 0
    sounding: int = 0

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(self.left + other.left, self.right + other.right, self.sounding + other.sounding)

    @property
    def apart(self) -> bool:
        """Whether each channel holds sounds of its own: most of the time one is much louder, now this, now that."""
        fewest = max(_FEWEST, _EACH * self.sounding)
        return self.left + self.right >= _APART * self.sounding and min(self.left, self.right) >= fewest


def shares(left: Samples, right: Samples) -> Shares:
    first, second = _without_noise(left), _without_noise(right)
    if not len(first):
        return Shares()
    louder = numpy.maximum(first, second)
    sounding = louder > max(float(numpy.percentile(louder, 95)) - _RANGE, _SILENT)
    mine, other = sounding & (first > second + _LOUDER), sounding & (second > first + _LOUDER)
    return Shares(int(mine.sum()), int(other.sum()), int(sounding.sum()))


def are_apart(left: Samples, right: Samples) -> bool:
    return shares(left, right).apart


def without_bleed(own: Samples, other: Samples) -> Samples:
    """A channel, silent where it only has the other channel's voice, softer and perhaps a little later."""
    kept = own.copy()
    for first in range(0, len(own), _WINDOW):
        mine, theirs = own[first : first + _WINDOW], other[first : first + _WINDOW]
        loud = float(numpy.vdot(mine, mine)), float(numpy.vdot(theirs, theirs))
        if loud[0] <= 0 or loud[0] * 10 ** (_BLEED / 10) > loud[1]:
            continue
        size = 2 * _WINDOW
        across = numpy.fft.irfft(numpy.fft.rfft(mine, size) * numpy.conj(numpy.fft.rfft(theirs, size)), size)
        best = max(float(abs(across[:_DELAY]).max()), float(abs(across[-_DELAY:]).max()))
        if best > _ECHOED * (loud[0] * loud[1]) ** 0.5:
            kept[first : first + _WINDOW] = 0
    return kept


def is_silent(samples: Samples) -> bool:
    levels = _levels(samples)
    return not len(levels) or float(levels.max()) <= _SILENT


def are_same(one_track: Samples, other: Samples) -> bool:
    """Whether two tracks hold the same sound, however loud."""
    length = min(len(one_track), len(other))
    first, second = one_track[:length], other[:length]
    loud = float(numpy.vdot(first, first)) * float(numpy.vdot(second, second))
    return loud > 0 and abs(float(numpy.vdot(first, second))) > _ALIKE * loud**0.5


def _levels(samples: Samples) -> numpy.typing.NDArray[numpy.floating[Any]]:
    """Of each frame, in decibels of full scale."""
    whole = len(samples) // _FRAME * _FRAME
    power = numpy.square(samples[:whole], dtype=numpy.float64).reshape(-1, _FRAME).mean(axis=1)
    levels: numpy.typing.NDArray[numpy.floating[Any]] = 10 * numpy.log10(power + 1e-12)
    return levels


def _without_noise(samples: Samples) -> numpy.typing.NDArray[numpy.floating[Any]]:
    """As `_levels`, of what stands out of the noise that is always there: a channel that hisses is no voice."""
    levels = _levels(samples)
    if not len(levels):
        return levels
    power = 10 ** (levels / 10)
    noise = float(numpy.percentile(power, 100 * _PAUSES))
    above: numpy.typing.NDArray[numpy.floating[Any]] = 10 * numpy.log10(
        numpy.maximum(power - _FLUCTUATION * noise, 0) + 1e-12
    )
    return above


def _clearness(samples: Samples) -> float:
    """How far the loud frames stand out of the quiet ones, in decibels."""
    levels = _levels(samples)
    return float(numpy.percentile(levels, 90) - numpy.percentile(levels, 15)) if len(levels) else 0.0

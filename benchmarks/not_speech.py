"""Sounds in which nobody speaks, made by rule, for as long as wanted: what a microphone hears in a room.

Every kind is made anew in every minute, at another loudness and pitch, so that an hour holds sixty of each.
"""

from collections.abc import Callable, Iterator

import numpy

from assistant.media import SAMPLE_RATE
from assistant.ports.embedding import Vectors

Random = numpy.random.Generator
_SECONDS = 3.0


def pieces(minutes: int, seed: int = 20261125) -> Iterator[tuple[str, Vectors]]:
    """(kind, samples) piece by piece, each of three seconds; in every minute every kind once."""
    for minute in range(minutes):
        random = numpy.random.default_rng((seed, minute))
        for kind, make in KINDS.items():
            sound = make(random, round(_SECONDS * SAMPLE_RATE))
            loudness = 10 ** random.uniform(-2.0, -0.3)
            top = numpy.abs(sound).max(initial=0) or 1.0
            yield kind, (sound / top * loudness).astype(numpy.float32)


def _times(count: int) -> Vectors:
    return (numpy.arange(count) / SAMPLE_RATE).astype(numpy.float32)


def _coloured(power: float) -> Callable[[Random, int], Vectors]:
    """Noise whose power falls with frequency: 0 white, 1 pink, 2 brown, −1 blue."""

    def make(random: Random, count: int) -> Vectors:
        spectrum = numpy.fft.rfft(random.normal(size=count))
        return numpy.fft.irfft(spectrum / numpy.maximum(1.0, numpy.arange(len(spectrum))) ** (power / 2), count)

    return make


def _band(sound: Vectors, low: float, high: float) -> Vectors:
    spectrum = numpy.fft.rfft(sound)
    hertz = numpy.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return numpy.fft.irfft(spectrum * ((hertz >= low) & (hertz <= high)), len(sound))


def _placed(random: Random, count: int, times: int, make: Callable[[], Vectors]) -> Vectors:
    """A short sound at random moments."""
    out = numpy.zeros(count)
    for _ in range(times):
        sound = make()[:count]
        start = random.integers(0, count - len(sound) + 1)
        out[start : start + len(sound)] += sound * random.uniform(0.4, 1.0)
    return out


def _silence(random: Random, count: int) -> Vectors:
    return random.normal(size=count) * 1e-5


def _hum(random: Random, count: int) -> Vectors:
    base = random.choice([50, 60, 100, 120])
    return sum(numpy.sin(2 * numpy.pi * base * n * _times(count)) / n for n in range(1, 9))


def _tone(random: Random, count: int) -> Vectors:
    return numpy.sin(2 * numpy.pi * random.uniform(100, 3000) * _times(count))


def _sweep(random: Random, count: int) -> Vectors:
    first, last = random.uniform(100, 4000, 2)
    return numpy.sin(2 * numpy.pi * numpy.cumsum(numpy.linspace(first, last, count)) / SAMPLE_RATE)


def _siren(random: Random, count: int) -> Vectors:
    pitch = 700 + 300 * numpy.sin(2 * numpy.pi * random.uniform(0.3, 4) * _times(count))
    return numpy.sin(2 * numpy.pi * numpy.cumsum(pitch) / SAMPLE_RATE)


def _ringing(random: Random, count: int) -> Vectors:
    times = _times(count)
    on = (times % 1.0) < random.uniform(0.3, 0.6)
    return on * (numpy.sin(2 * numpy.pi * 440 * times) + numpy.sin(2 * numpy.pi * 480 * times))


def _note(random: Random, hertz: float, seconds: float) -> Vectors:
    times = _times(round(seconds * SAMPLE_RATE))
    parts = range(1, int(random.integers(4, 12)))
    fading = numpy.exp(-times * random.uniform(0.5, 6))
    return fading * sum(numpy.sin(2 * numpy.pi * hertz * n * times) / n for n in parts)


def _music(random: Random, count: int) -> Vectors:
    """Chords with overtones over a beat."""
    out = numpy.zeros(count)
    step = round(random.uniform(0.2, 0.6) * SAMPLE_RATE)
    for start in range(0, count, step):
        root = 110 * 2 ** (random.integers(0, 24) / 12)
        for third in (1, 1.26, 1.5):
            note = _note(random, root * third, step * 2 / SAMPLE_RATE)[: count - start]
            out[start : start + len(note)] += note
        beat = random.normal(size=800)[: count - start] * numpy.exp(-numpy.arange(800)[: count - start] / 150)
        out[start : start + len(beat)] += beat
    return out


def _bowed(random: Random, count: int) -> Vectors:
    """A held note with vibrato, as of a violin, which is nearest to a voice."""
    pitch = random.uniform(200, 900) * (1 + 0.01 * numpy.sin(2 * numpy.pi * random.uniform(4, 7) * _times(count)))
    phase = 2 * numpy.pi * numpy.cumsum(pitch) / SAMPLE_RATE
    return sum(numpy.sin(n * phase) / n for n in range(1, 12))


def _clicks(random: Random, count: int) -> Vectors:
    out = numpy.zeros(count)
    out[random.integers(0, count, 8)] = 1.0
    return out


def _keyboard(random: Random, count: int) -> Vectors:
    def key() -> Vectors:
        size = 600
        return _band(random.normal(size=size) * numpy.exp(-numpy.arange(size) / 90), 1500, 7500)

    return _placed(random, count, int(random.integers(8, 25)), key)


def _applause(random: Random, count: int) -> Vectors:
    def clap() -> Vectors:
        size = 500
        return _band(random.normal(size=size) * numpy.exp(-numpy.arange(size) / 60), 500, 5000)

    return _placed(random, count, 400, clap)


def _rain(random: Random, count: int) -> Vectors:
    out = numpy.zeros(count)
    out[random.integers(0, count, 3000)] = random.uniform(0.1, 1, 3000)
    return _band(out, 1000, 7900) + 0.02 * random.normal(size=count)


def _wind(random: Random, count: int) -> Vectors:
    gusts = 0.6 + 0.4 * numpy.sin(2 * numpy.pi * random.uniform(0.1, 0.7) * _times(count) + random.uniform(0, 6))
    return _coloured(2)(random, count) * gusts


def _knocks(random: Random, count: int) -> Vectors:
    def knock() -> Vectors:
        times = _times(2400)
        return numpy.exp(-times * 60) * numpy.sin(2 * numpy.pi * random.uniform(80, 250) * times)

    return _placed(random, count, int(random.integers(2, 6)), knock)


def _coughs(random: Random, count: int) -> Vectors:
    """A burst, a pressed rest and a short voiced end, through two resonances of a throat."""

    def cough() -> Vectors:
        size = round(random.uniform(0.2, 0.45) * SAMPLE_RATE)
        times = _times(size)
        breath = random.normal(size=size) * (numpy.exp(-times * 18) + 0.3 * numpy.exp(-(((times - 0.15) / 0.06) ** 2)))
        low, high = random.uniform(350, 700), random.uniform(1100, 2000)
        return _band(breath, low - 150, low + 150) + 0.7 * _band(breath, high - 300, high + 300)

    return _placed(random, count, int(random.integers(1, 4)), cough)


def _barks(random: Random, count: int) -> Vectors:
    """Harmonics that rise and fall within a fifth of a second, with breath."""

    def bark() -> Vectors:
        size = round(random.uniform(0.12, 0.25) * SAMPLE_RATE)
        shape = numpy.sin(numpy.pi * numpy.arange(size) / size)
        pitch = random.uniform(300, 700) * (0.8 + 0.5 * shape)
        phase = 2 * numpy.pi * numpy.cumsum(pitch) / SAMPLE_RATE
        voiced = sum(numpy.sin(n * phase) / n**0.7 for n in range(1, 9))
        return shape * (voiced + 0.5 * random.normal(size=size))

    return _placed(random, count, int(random.integers(1, 5)), bark)


KINDS: dict[str, Callable[[Random, int], Vectors]] = {
    "silence": _silence,
    "white noise": _coloured(0),
    "pink noise": _coloured(1),
    "brown noise": _coloured(2),
    "blue noise": _coloured(-1),
    "hum": _hum,
    "tone": _tone,
    "sweep": _sweep,
    "siren": _siren,
    "ringing": _ringing,
    "music": _music,
    "bowed note": _bowed,
    "clicks": _clicks,
    "keyboard": _keyboard,
    "applause": _applause,
    "rain": _rain,
    "wind": _wind,
    "knocks": _knocks,
    "coughs": _coughs,
    "barks": _barks,
}

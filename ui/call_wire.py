"""What goes over the wire of a call, in both directions. Nothing that a browser sends is believed.

From the page: text frames are JSON objects with a "type" (`command`); binary ones are sound: a little-endian uint32,
the number of the first frame, then frames of 512 samples of 16-bit PCM at 16 kHz, at most MOST_FRAMES of them.
To the page: text frames are JSON objects with "n", which counts all messages from 1, and "type"; a binary one is a
piece of voice: a uint32, the length of the JSON that follows, that JSON, then 16-bit PCM, mono.
"""

import json
import re
import struct
from dataclasses import asdict, dataclass
from typing import Any

import numpy

from assistant.call import messages
from assistant.call.activity import FRAME
from assistant.call.messages import CallMessage
from assistant.ports.embedding import Vectors
from ui.words.catalogues import Language
from ui.words.core import said

MOST_FRAMES = 32
MOST_LETTERS = 4096  # of a command
_BYTES = 2 * FRAME
_NAME = re.compile(r"[A-Za-z0-9_-]{0,64}")

# Why a connection was closed, as the WebSocket protocol numbers reasons of one's own; the page reads them.
OVER, UNKNOWN, HOSTILE, CROWDED, TAKEN = 4000, 4001, 4002, 4003, 4004


class Hostile(Exception):
    """No page of ours sends this."""


@dataclass(frozen=True)
class Sound:
    """Frames of the microphone. first: the number of the first one, from the beginning of the call."""

    first: int
    frames: tuple[Vectors, ...]


def sound(data: bytes) -> Sound:
    """Raises Hostile."""
    count, rest = divmod(len(data) - 4, _BYTES)
    if rest or not 0 < count <= MOST_FRAMES:
        raise Hostile("sound of a wrong length")
    (first,) = struct.unpack_from("<I", data)
    samples = numpy.frombuffer(data, "<i2", offset=4).astype(numpy.float32) / 32768
    return Sound(first, tuple(samples.reshape(count, FRAME)))


def command(text: str) -> dict[str, Any]:
    """A JSON object with a "type". Raises Hostile."""
    if len(text) > MOST_LETTERS:
        raise Hostile("a command that is too long")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Hostile("no JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Hostile("no command")
    return found


def whole(found: dict[str, Any], name: str, most: int = 2**31) -> int:
    """A number that counts something. Raises Hostile."""
    value = found.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Hostile(f"{name} is no number")
    return value


def seconds(found: dict[str, Any], name: str) -> float:
    """Raises Hostile."""
    value = found.get(name, 0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 3600:
        raise Hostile(f"{name} is no time")
    return float(value)


def name(found: dict[str, Any], key: str) -> str:
    """A short text of letters, digits and dashes, "" where there is none. Raises Hostile."""
    value = found.get(key, "")
    if (
        not isinstance(value, str)
        or len(value) > 64
        or (not value.replace("-", "").replace("_", "").isalnum() and value)
    ):
        raise Hostile(f"{key} is no name")
    return value


def names(found: dict[str, Any], key: str) -> tuple[str, ...]:
    """Raises Hostile."""
    values = found.get(key, [])
    if not isinstance(values, list) or len(values) > 100:
        raise Hostile(f"{key} is no list")
    return tuple(name({key: value}, key) for value in values)


def packed(message: CallMessage, number: int, language: Language) -> str | bytes:
    """As the page gets it, as the message with that number."""
    match message:
        case messages.StateChanged(state, muted):
            return _json(number, "state", state=state, muted=muted)
        case messages.HeardText():
            return _json(number, "heard", **asdict(message))
        case messages.TurnStarted(conversation, turn_id):
            return _json(number, "turn", conversation=conversation, entry=turn_id)
        case messages.TextDelta(text):
            return _json(number, "writes", text=text)
        case messages.PausePlayback(on):
            return _json(number, "hold", on=on)
        case messages.DiscardAudio():
            return _json(number, "drop")
        case messages.TurnEnded(text):
            return _json(number, "ended", text=text)
        case messages.CallError(sentence):
            return _json(number, "trouble", sentence=said(sentence, language))
        case messages.CallEnded(sentence):
            return _json(number, "over", sentence=said(sentence, language))
        case messages.AudioChunk(piece, spoken):
            about = _json(number, "voice", piece=piece, rate=spoken.rate, text=spoken.text).encode()
            pcm = (numpy.clip(spoken.samples, -1, 1) * 32767).astype("<i2").tobytes()
            return struct.pack("<I", len(about)) + about + pcm


def _json(number: int, kind: str, **facts: Any) -> str:
    return json.dumps({"n": number, "type": kind, **facts}, ensure_ascii=False)

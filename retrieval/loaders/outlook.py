"""Messages as Outlook keeps them (.msg) and packs them for itself (winmail.dat): read as any other message."""

from pathlib import Path

from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.messages import say
from retrieval.loaders.eml import read_message
from retrieval.loaders.rtf import text_of
from retrieval.outlook import compound, tnef
from retrieval.outlook.as_message import as_message
from retrieval.outlook.compound import NoMessage
from retrieval.outlook.properties import OutlookMessage
from retrieval.parse_context import ParseContext


class MsgLoader:
    kind = say("a message")
    extensions = (".msg", ".oft")
    media_types = ("application/vnd.ms-outlook",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        limits = self._context.limits
        try:
            found = compound.message_of(path, 2 * limits.file_bytes, limits.inside_depth)
        except NoMessage as error:
            raise _damaged(name) from error
        return _read(found, path, name, self._context)


class TnefLoader:
    kind = say("a message")
    extensions = ()  # any file may be called .dat: its first bytes tell
    media_types = ("application/ms-tnef",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        try:
            found = tnef.message_of(path.read_bytes(), self._context.limits.inside_depth)
        except NoMessage as error:
            raise _damaged(name) from error
        return _read(found, path, name, self._context)


def _read(found: OutlookMessage, path: Path, name: str, context: ParseContext) -> Document:
    return read_message(as_message(found, lambda rich: text_of(rich, context)), path, name, context)


def _damaged(name: str) -> BadInput:
    return BadInput(say("{name} is damaged: I cannot read the message. Save it again as .eml.", name=name))

"""Files in Office's old container: an encrypted .docx, .xlsx or .pptx is opened, a message of Outlook handed on, a .doc
refused in words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.media import digest, identify
from assistant.values.errors import BadInput, Locked
from assistant.values.evidence import Document
from assistant.values.messages import say
from retrieval.outlook.compound import is_message
from retrieval.parse_context import ParseContext

MESSAGE = "application/vnd.ms-outlook"


class LockedOfficeLoader:
    kind = ""  # what is inside is known only once it is open
    extensions = ()
    media_types = ("application/x-ole-storage",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        import msoffcrypto
        from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

        if is_message(path):
            return self._inside(path, name, MESSAGE)
        old = say(
            "{name} is in the old format of Office (.doc, .xls or .ppt), or damaged. Save it as "
            ".docx, .xlsx or .pptx and try again.",
            name=name,
        )
        opened = self._context.folder / "opened"
        with path.open("rb") as file:
            try:
                office: Any = msoffcrypto.OfficeFile(file)
                if office.format != "ooxml":
                    raise BadInput(old)
                if not self._context.password:
                    raise Locked(
                        say(
                            "{name} is locked with a password. Tell me the password, or save a copy without one.",
                            name=name,
                        )
                    )
                office.load_key(password=self._context.password)
                with opened.open("wb") as plain:
                    office.decrypt(plain)
            except (InvalidKeyError, DecryptionError) as error:
                raise Locked(
                    say("The password does not open {name}. Try again, or save a copy without one.", name=name)
                ) from error
            except (FileFormatError, ParseError, OSError, ValueError, KeyError, IndexError, AttributeError) as error:
                raise BadInput(old) from error
        return replace(self._inside(opened, name, identify(opened, name)), source_id=digest(path))

    def _inside(self, opened: Path, name: str, kind: str) -> Document:
        from retrieval.loaders import parse

        if kind in self.media_types:
            raise BadInput(say("{name} is locked twice over. Save a copy without a password and try that.", name=name))
        return parse(opened, name, kind, self._context)

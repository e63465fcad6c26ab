"""Messages (.eml): who wrote to whom and when, the body, the names of attachments, and those that are text."""

import email
import email.errors
import email.policy
from email.message import EmailMessage
from pathlib import Path

from assistant.media import digest
from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import metadata
from retrieval.decoding import decode
from retrieval.loaders.html import into_outline
from retrieval.outline import Outline
from retrieval.parse_context import ParseContext

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MOST_PARTS = 500


class EmlLoader:
    kind = say("a message")
    extensions = (".eml",)
    media_types = ("message/rfc822",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if not any(message.get(header) for header in _HEADERS):
            raise BadInput(
                say("{name} is no message: it says neither who wrote it nor when. Save it again as .eml.", name=name)
            )
        outline = Outline()
        try:
            _take(message, name, outline)
        except (LookupError, ValueError, AttributeError, email.errors.MessageError) as error:
            raise BadInput(
                say("{name} is damaged: I cannot read the message. Save it again as .eml.", name=name)
            ) from error
        return Document(digest(path), name, "text", outline.passages(), facts=_facts(message, name, outline))


def _facts(message: EmailMessage, name: str, outline: Outline) -> FileFacts:
    """Its parts are no chapters: it has no outline."""
    date = getattr(message.get("Date"), "datetime", None)  # None where it is no date
    return FileFacts(
        "",
        name,
        words=outline.words,
        title=metadata.said(message.get("Subject")),
        author=metadata.said(message.get("From")),
        written=date.isoformat() if date is not None else "",
    )


def _take(message: EmailMessage, name: str, outline: Outline) -> None:
    outline.heading(str(message.get("Subject", "")) or "message")
    outline.block("\n".join(f"{header}: {message[header]}" for header in _HEADERS if message.get(header)))
    body = message.get_body(("plain", "html"))
    if isinstance(body, EmailMessage):
        _take_text(body, name, outline)
    attached = list(message.iter_attachments())[:_MOST_PARTS]
    if names := [part.get_filename() or part.get_content_type() for part in attached]:
        outline.block("Attachments: " + ", ".join(names))
    for part in attached:
        if part.get_content_type() == "message/rfc822":
            for inner in part.iter_parts():
                if isinstance(inner, EmailMessage):
                    _take(inner, name, outline)
        elif part.get_content_maintype() == "text":
            outline.heading(f"attachment {part.get_filename() or ''}")
            _take_text(part, name, outline)


def _take_text(part: EmailMessage, name: str, outline: Outline) -> None:
    text = _text(part)
    if part.get_content_subtype() == "html":
        into_outline(text, name, outline)
    else:
        outline.block(text)


def _text(part: EmailMessage) -> str:
    """In the encoding that the part names, or whatever it seems to be where it lies."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "").replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]

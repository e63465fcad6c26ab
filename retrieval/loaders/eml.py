"""Messages (.eml): who wrote to whom and when, the body as it is shown, the pictures in it, and each file attached to
it, read as such a file is.
"""

import binascii
import email
import email.errors
import email.policy
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Passage, Section
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import metadata
from retrieval.decoding import decode, decode_as
from retrieval.files_inside import FilesInside, plain_name
from retrieval.loaders.html import into_outline
from retrieval.loaders.rtf import text_of
from retrieval.outline import Outline
from retrieval.outlook import tnef
from retrieval.outlook.as_message import as_message
from retrieval.outlook.compound import NoMessage
from retrieval.parse_context import ParseContext

_HEADERS = ("From", "To", "Cc", "Bcc", "Date", "Subject")
_MOST_PARTS = 500
_DEEPEST = 20
_SEALS = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_ENCODED = re.compile(r"=\?([^?\s]{1,75})\?([bqBQ])\?([^?]*)\?=")
_HEX = re.compile(rb"=[0-9A-Fa-f]{2}")
_NO_HEX = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|$)")
_BLANK_BREAK = re.compile(rb"=[ \t]{1,100}\r?\n")  # some add blanks on the way
_SOFT_BREAK = re.compile(rb"=\r?\n")
_LETTERS = re.compile(rb"=[89A-Fa-f][0-9A-Fa-f]")
_ENDINGS = {
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "text/markdown": ".md",
    "application/json": ".json",
    "message/rfc822": ".eml",
}


class EmlLoader:
    kind = say("a message")
    extensions = (".eml",)
    media_types = ("message/rfc822",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
        message = email.message_from_bytes(data, policy=email.policy.default)
        if not any(_header(message, header) for header in _HEADERS):
            raise BadInput(
                say("{name} is no message: it says neither who wrote it nor when. Save it again as .eml.", name=name)
            )
        return read_message(message, path, name, self._context)


def read_message(message: Message, path: Path, name: str, context: ParseContext) -> Document:
    """A message as a document, whatever file it was in. Raises BadInput where it is damaged."""
    reading = _Reading(context, name)
    try:
        passages = tuple(reading.message(message))
    except (LookupError, ValueError, AttributeError, email.errors.MessageError) as error:
        raise BadInput(
            say("{name} is damaged: I cannot read the message. Save it again as .eml.", name=name)
        ) from error
    reading.files.done()
    words = reading.words + sum(count_words(passage.text) for passage in passages)
    return Document(digest(path), name, "text", passages, facts=_facts(message, name, words))


def _facts(message: Message, name: str, words: int) -> FileFacts:
    """Its parts are no chapters: it has no outline."""
    date = None
    with suppress(Exception):  # a header that is none may raise almost anything
        date = getattr(message.get("Date"), "datetime", None)
    return FileFacts(
        "",
        name,
        words=words,
        title=metadata.said(_header(message, "Subject")),
        author=metadata.said(_header(message, "From")),
        written=date.isoformat() if date is not None else "",
    )


@dataclass
class _Beside:
    """What a message holds beside its text."""

    pictures: list[Message] = field(default_factory=list)
    """That are shown in the text."""
    attached: list[Message] = field(default_factory=list)


class _Reading:
    """One message, and those within it."""

    def __init__(self, context: ParseContext, name: str) -> None:
        self._context, self._name = context, name
        self.files = FilesInside(context, name)
        self._parts = 0
        self.words = 0
        """Of the headings."""

    def message(self, message: Message, depth: int = 0) -> Iterator[Passage]:
        """Its headers and body, and behind them what is attached."""
        outline, beside = Outline(), _Beside()
        subject = _header(message, "Subject") or "message"
        outline.heading(subject)
        self.words += count_words(subject)
        headers = ((header, _header(message, header)) for header in _HEADERS)
        outline.block("\n".join(f"{header}: {value}" for header, value in headers if value))
        self._body(message, outline, beside, depth)
        for picture in beside.pictures:
            if read := self._context.figure(_data(picture), say("a figure"), lambda _: Section(subject)):
                outline.block(read.text)
        names = [_name(part, number) for number, part in enumerate(beside.attached, 1)]
        if names:
            outline.block("Attachments: " + ", ".join(names))
        yield from outline.passages()
        for part, name in zip(beside.attached, names, strict=True):
            yield from self._attached(part, name, depth)

    def _body(self, part: Message, outline: Outline, beside: _Beside, depth: int) -> None:
        """What is shown of a part goes into the outline."""
        self._parts += 1
        if self._parts > _MOST_PARTS or depth > _DEEPEST:
            return
        kind = part.get_content_type()
        inner = [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
        if kind == "multipart/alternative":
            self._alternative(inner, outline, beside, depth)
        elif kind == "multipart/related":
            root = _root(part, inner)
            for one in inner:
                if one is root:
                    self._body(one, outline, beside, depth + 1)
                else:
                    (beside.pictures if one.get_content_maintype() == "image" else beside.attached).append(one)
        elif part.get_content_maintype() == "multipart":
            for one in inner:
                self._body(one, outline, beside, depth + 1)
        elif _is_shown(part):
            self._text(part, kind == "text/html", outline)
        elif _is_packed(part, kind):
            self._packed(part, outline, beside, depth)
        elif kind == "message/delivery-status":
            for one in inner:
                outline.block("\n".join(f"{key}: {value}" for key, value in one.items()))
        elif kind not in _SEALS:
            is_shown = part.get_content_maintype() == "image" and part.get("Content-ID")
            (beside.pictures if is_shown else beside.attached).append(part)

    def _alternative(self, inner: list[Message], outline: Outline, beside: _Beside, depth: int) -> None:
        """The plain text, unless another form says much more; an invitation beside either; and what hangs on any."""
        forms: list[tuple[str, Outline]] = []
        for one in inner:
            made = Outline()
            self._body(one, made, beside, depth + 1)
            forms.append((one.get_content_type(), made))
        if not forms:
            return
        most = max(forms, key=lambda form: form[1].words)[1]
        plain = next((made for kind, made in forms if kind == "text/plain"), most)
        chosen = plain if 2 * plain.words > most.words else most
        for kind, made in forms:
            if made is chosen or kind == "text/calendar":
                outline.take(made)

    def _packed(self, part: Message, outline: Outline, beside: _Beside, depth: int) -> None:
        """What Outlook packed for itself: its files hang on this message; its words are mostly there already."""
        try:
            found = tnef.message_of(_data(part), self._context.limits.inside_depth)
        except NoMessage:
            beside.attached.append(part)
            return
        made = Outline()
        self._body(as_message(found, lambda rich: text_of(rich, self._context)), made, beside, depth + 1)
        if outline.words < made.words // 2:
            outline.take(made)

    def _attached(self, part: Message, name: str, depth: int) -> Iterator[Passage]:
        label = f"attachment {name}"
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            for one in part.get_payload():
                if isinstance(one, Message) and depth < self._context.limits.inside_depth:
                    yield from self.message(one, depth + 1)
                else:
                    self.files.leave(name)
            return
        if part.is_multipart():
            self.files.leave(name)
            return
        data = _data(part)
        if part.get_content_maintype() == "text" and not _says_itself(part):
            data = _text(part).encode()
        for passage in self.files.read(data, name, label):
            self.words += count_words(label) if passage.location == Section(label) else 0
            yield passage

    def _text(self, part: Message, is_html: bool, outline: Outline) -> None:
        text = _text(part)
        if is_html:
            into_outline(text, self._name, outline)
        elif str(part.get_param("format") or "").lower() == "flowed":
            outline.block(_unflowed(text, str(part.get_param("delsp") or "").lower() == "yes"))
        else:
            outline.block(text)


def _is_packed(part: Message, kind: str) -> bool:
    if part.is_multipart() or part.get_content_maintype() != "application":
        return False
    return kind in ("application/ms-tnef", "application/vnd.ms-tnef") or _data(part)[:4] == tnef.MARK


def _is_shown(part: Message) -> bool:
    """Whether it is text that is shown within the message, and not as a file beside it."""
    if part.get_content_maintype() != "text" or part.is_multipart():
        return False
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    return not disposition.startswith("attachment") and not (part.get_filename() and disposition)


def _root(part: Message, inner: list[Message]) -> Message | None:
    """The part of multipart/related that the others belong to (RFC 2387)."""
    start = str(part.get_param("start") or "").strip()
    named = (one for one in inner if start and str(one.get("Content-ID") or "").strip() == start)
    return next(named, inner[0] if inner else None)


def _name(part: Message, number: int) -> str:
    name = ""
    with suppress(Exception):  # parameters that are none may raise almost anything
        name = _decoded(str(part.get_filename() or ""))
    kind = part.get_content_type()
    if not name and kind == "message/rfc822" and part.is_multipart():
        inner = next((one for one in part.get_payload() if isinstance(one, Message)), None)
        name = _header(inner, "Subject") if inner is not None else ""
        return plain_name(name.replace("/", " "), "message")
    otherwise = kind if not _ENDINGS.get(kind) else f"file {number}{_ENDINGS[kind]}"
    return plain_name(name, otherwise)


def _header(message: Message, header: str) -> str:
    """In one line of text, whatever was done to it on its way."""
    value = ""
    with suppress(Exception):  # of a header that is none the library raises almost anything
        value = str(message.get(header) or "")
    raw = next((text for name, text in message.raw_items() if name.lower() == header.lower()), "")
    if (not value and raw) or "\ufffd" in value or not value.isprintable():
        value = _decoded(raw)
    return " ".join(value.split())


def _decoded(raw: str) -> str:
    """Encoded words (RFC 2047) of one encoding in a row are one: a letter may be cut in two between them."""
    data = raw.encode("utf-8", "surrogateescape")
    text = decode(data)[0] if not data.isascii() else raw
    parts: list[str] = []
    waiting, declared, end = b"", "", 0

    def flush() -> None:
        nonlocal waiting
        if waiting:
            parts.append(decode_as(waiting, declared)[0])
        waiting = b""

    for found in _ENCODED.finditer(text):
        between, charset = text[end : found.start()], found[1].partition("*")[0].lower()
        if between.strip() or charset != declared or not waiting:
            flush()
            parts.append(between if between.strip() or not end else "")
        declared, end = charset, found.end()
        waiting += _bytes_of(found[3], found[2].lower())
    flush()
    return "".join((*parts, text[end:]))


def _bytes_of(word: str, encoding: str) -> bytes:
    if encoding == "q":
        return quopri.decodestring(word.encode(), header=True)
    with suppress(binascii.Error, ValueError):
        return binascii.a2b_base64(word.encode() + b"=" * (-len(word) % 4))
    return word.encode()


def _says_itself(part: Message) -> bool:
    """Whether its bytes are read better than by what the message says of their letters."""
    return not part.get_content_charset()


def _text(part: Message) -> str:
    """In the encoding that the part names, or whatever it seems to be where it lies."""
    return decode_as(_data(part), part.get_content_charset())[0]


def _data(part: Message) -> bytes:
    """Its bytes. Quoted-printable that nothing names as such, or twice over, is told by its look."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    named = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    raw = part.get_payload()
    if named == "quoted-printable" and isinstance(raw, str):
        data = quopri.decodestring(_BLANK_BREAK.sub(b"=\n", raw.encode("utf-8", "surrogateescape")))
    if part.get_content_maintype() != "text" or named == "base64" or _NO_HEX.search(data) or not data.isascii():
        return data
    twice = named == "quoted-printable"
    letters = len(_LETTERS.findall(data))
    breaks = len(_SOFT_BREAK.findall(data))
    if letters > (1 if twice else 0) or (breaks > 1 and not twice and _HEX.search(data)):
        return quopri.decodestring(data)
    return data


def _unflowed(text: str, without_blank: bool) -> str:
    """Paragraphs whose lines were broken to be sent, whole again (RFC 3676)."""
    lines: list[str] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        quoted = len(line) - len(line.lstrip(">"))
        words = line[quoted:].removeprefix(" ")
        if flows and quoted == depth and words != "-- ":
            lines[-1] += words
        else:
            lines.append(f"{'>' * quoted} {words}" if quoted else words)
        flows, depth = words.endswith(" ") and words != "-- ", quoted
        if flows and without_blank:
            lines[-1] = lines[-1][:-1]
    return "\n".join(line.rstrip() for line in lines)

"""An Outlook message as the message that it would be elsewhere, so that one reader reads both."""

from collections.abc import Callable
from email.headerregistry import HeaderRegistry, UniqueDateHeader
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import default
from email.utils import format_datetime

from retrieval.outlook import properties as of
from retrieval.outlook.compressed_rtf import unpacked
from retrieval.outlook.properties import OutlookFile, OutlookMessage, Properties

_MOST_RICH = 20_000_000  # bytes of rich text
_MOST_HEADERS = 200_000  # characters
_KINDS = {1: "To", 2: "Cc", 3: "Bcc"}


# names are no addresses in writing: "Ruiz, Ana" is one person, and is told without quotation marks
_NAMES = HeaderRegistry(use_default_map=False)
_NAMES.map_to_type("date", UniqueDateHeader)  # type: ignore[arg-type]  # it makes a class of both
_POLICY = default.clone(header_factory=_NAMES)


def as_message(found: OutlookMessage, text_of_rtf: Callable[[bytes], str]) -> EmailMessage:
    message, said = EmailMessage(policy=_POLICY), found.said
    sender = _person(
        said, (of.AUTHOR, of.SENDER), (of.AUTHOR_SMTP, of.SENDER_SMTP, of.AUTHOR_ADDRESS, of.SENDER_ADDRESS)
    )
    _set(message, "From", sender)
    people: dict[str, list[str]] = {}
    for person in found.people:
        kind = _KINDS.get(person.number(of.RECIPIENT_KIND) & 0xF, "To")
        people.setdefault(kind, []).append(_person(person, (of.NAME,), (of.SMTP, of.ADDRESS)))
    for kind, number in (("To", of.TO), ("Cc", of.CC), ("Bcc", of.BCC)):
        _set(message, kind, ", ".join(filter(None, people.get(kind, ()))) or said.line(number))
    _set(message, "Date", _sent(said))
    _set(message, "Subject", said.line(of.SUBJECT))
    bodies = [*_bodies(said, text_of_rtf)]
    message.set_type("multipart/mixed")
    message.set_payload([])
    if len(bodies) > 1:
        both = EmailMessage(policy=_POLICY)
        both.set_type("multipart/alternative")
        for body in bodies:
            both.attach(body)
        message.attach(both)
    for body in bodies if len(bodies) == 1 else ():
        message.attach(body)
    for file in found.files:
        message.attach(_attached(file, text_of_rtf))
    return message


def _set(message: EmailMessage, header: str, value: str) -> None:
    if value:
        message[header] = value


def _person(said: Properties, names: tuple[int, ...], addresses: tuple[int, ...]) -> str:
    """Name and address; an address within an organisation, "/O=…", is nobody's to write to."""
    name = said.line(*names).strip("'\"")
    found = (said.line(one) for one in addresses)
    address = next((one for one in found if "@" in one and "<" not in one and ">" not in one), "")
    if address and name and name.lower() != address.lower():
        return f"{name.replace('<', ' ').replace('>', ' ')} <{address}>"
    return address or name


def _sent(said: Properties) -> str:
    """As the headers that it came with say it, with its zone; else in UTC."""
    if headers := said.text(of.HEADERS):
        date = HeaderParser().parsestr(headers[:_MOST_HEADERS]).get("Date")
        if date:
            return " ".join(str(date).split())
    moment = said.time(of.SENT, of.RECEIVED)
    return format_datetime(moment) if moment is not None else ""


def _bodies(said: Properties, text_of_rtf: Callable[[bytes], str]) -> list[EmailMessage]:
    """Plain and marked up; rich text only where there is neither."""
    text = said.text(of.BODY)
    kind, data = said.values.get(of.HTML, (0, b""))
    bodies = []
    if kind == of.BINARY and data:
        encoding = of.encoding_of(said.values, (of.INTERNET_CODES, of.MESSAGE_CODES))
        bodies.append(_part("text/html", data, encoding))
    elif marked_up := said.text(of.HTML):
        bodies.append(_part("text/html", marked_up.encode(errors="replace"), "utf-8"))
    if not text and not bodies and (rich := unpacked(said.data(of.RTF), _MOST_RICH)):
        text = text_of_rtf(rich)
    beside = [
        (name, said.time(*numbers)) for name, numbers in (("Start", (of.BEGINS, of.START)), ("End", (of.ENDS, of.END)))
    ]
    facts = [f"{name}: {moment:%Y-%m-%d %H:%M} UTC" for name, moment in beside if moment is not None]
    if place := said.line(of.PLACE):
        facts.append(f"Location: {place}")
    if facts or text:
        first = "\n".join(facts)
        bodies.insert(
            0, _part("text/plain", "\n\n".join(filter(None, (first, text))).encode(errors="replace"), "utf-8")
        )
    return bodies


def _attached(file: OutlookFile, text_of_rtf: Callable[[bytes], str]) -> EmailMessage:
    said = file.said
    name = said.line(of.LONG_NAME, of.SHORT_NAME, of.NAME)
    if file.message is not None:
        part = EmailMessage(policy=_POLICY)
        part.set_type("message/rfc822")
        part.attach(as_message(file.message, text_of_rtf))
        part.add_header("Content-Disposition", "attachment")
        return part
    kind = said.line(of.MEDIA_TYPE).lower()
    main, _, sub = kind.partition("/")
    fine = (
        main.isalpha()
        and main not in ("multipart", "message")
        and sub.replace("-", "").replace(".", "").replace("+", "").isalnum()
    )
    part = _part(kind if fine else "application/octet-stream", file.data)
    shown = said.line(of.CONTENT_ID)
    if shown and fine and main == "image":
        part["Content-ID"] = f"<{shown}>"
    part.add_header("Content-Disposition", "attachment", filename=name[:255] or "file")
    return part


def _part(kind: str, data: bytes, encoding: str = "") -> EmailMessage:
    """Its bytes as they are: to be encoded and decoded again would cost time alone."""
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = kind
    if encoding:
        part.set_param("charset", encoding)
    part["Content-Transfer-Encoding"] = "binary"
    part.set_payload(data.decode("ascii", "surrogateescape"))
    return part

"""Metadata: the title, author and date that a document says of itself. What a program filled in is nobody's word."""

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LONGEST = 200  # characters
_FILLERS = frozenset(
    "untitled|anonymous|unspecified|unknown|none|word document|powerpoint presentation|pdf document|python-docx"
    "|openpyxl|user|author|administrator".split("|")
)
_TEMPLATES = ("2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z")  # when python-docx's and python-pptx's own were made
_OF_A_FILE = re.compile(r"^Microsoft \w+ - |\.(?:docx?|pptx?|xlsx?|pdf|html?|indd|tex|dvi|odt|rtf|txt|md|qxd)$", re.I)
_ISO = re.compile(
    r"(?P<date>\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?)(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_PDF = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?)?"  # ISO 32000-1, 7.9.4
)


@dataclass(frozen=True)
class Metadata:
    """ "" where it says nothing. written: an ISO 8601 date or time."""

    title: str = ""
    author: str = ""
    written: str = ""


def said(text: object) -> str:
    """In one line of printable characters; "" for what programs fill in where nobody wrote anything."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text or "")).split())
    return "" if line.strip("()[]<>.").lower() in _FILLERS else line[:LONGEST]


def title_of(text: object, name: str) -> str:
    """The same for a title, which is not the name of a file; a name with blanks in it may have come from the title."""
    title = said(text)
    stem = Path(name).stem
    is_name = title == name or (title == stem and " " not in title) or _OF_A_FILE.search(title)
    return "" if is_name else title


def iso(text: object) -> str:
    """An ISO 8601 date or time as it stands, without fractions of seconds; "" for anything else."""
    found = _ISO.fullmatch(str(text or "").strip())
    if found is None:
        return ""
    written = found["date"] + (f"T{found['time']}{found['zone'] or ''}" if found["time"] else "")
    return written if _is_real(written) else ""


def pdf_date(text: object) -> str:
    """ "D:20240314120000+01'00'" as "2024-03-14T12:00:00+01:00"."""
    found = _PDF.match(str(text or "").strip())
    if found is None:
        return ""
    year, month, day, hour, minute, second, utc, hours, minutes = found.groups()
    written = "-".join(filter(None, (year, month, day)))
    if day and hour:
        zone = utc or (f"{hours}:{minutes or '00'}" if hours else "")
        written += f"T{hour}:{minute}:{second or '00'}{zone}"
    return iso(written)


def of_office(path: Path, name: str) -> Metadata:
    """A Word, PowerPoint or Excel file's core properties, ECMA-376 part 2, section 11."""
    told = _properties(path, "docProps/core.xml")
    title, author = title_of(told.get("title"), name), said(told.get("creator"))
    written = iso(told.get("created") or told.get("modified"))
    if written not in _TEMPLATES:
        return Metadata(title, author, written)
    return Metadata(title, "" if author == "Steve Canny" else author)  # who made python-pptx


def printed_pages(path: Path, words: int) -> int:
    """The pages of a Word file as whoever saved it last laid them out; 0 where that is of another text than this one's
    so many words."""
    told = _properties(path, "docProps/app.xml")
    pages, counted = (int(number) if (number := told.get(key, "")).isdecimal() else 0 for key in ("Pages", "Words"))
    return pages if 0.8 * words <= counted <= 1.25 * words else 0


def _properties(path: Path, member: str) -> dict[str, str]:
    """Local names of its elements → their text; nothing where there are none that can be read."""
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read(member), etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError):
        return {}  # the document is readable without
    return {etree.QName(one).localname: one.text.strip() for one in root.iter("{*}*") if one.text}


def _is_real(written: str) -> bool:
    """Whether there is such a day and time."""
    whole = written + {4: "-01-01", 7: "-01"}.get(len(written), "")
    try:
        return datetime.fromisoformat(whole).year > 0
    except ValueError:
        return False

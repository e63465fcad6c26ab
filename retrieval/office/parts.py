"""Parts of an Office file that the libraries leave unread: found by their relations (ECMA-376 part 2), as XML."""

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_OF_PROGRAMS = re.compile(
    r"description automatically generated(?: with \w{1,10} confidence)?|ai-generated content may be incorrect\.?"
    r"|automatisch generierte beschreibung|ki-generierte inhalte können fehlerhaft sein\.?",
    re.IGNORECASE,
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True)
class Related:
    """What a part points to. kind: the last word of its type, as "comments"."""

    id: str
    kind: str
    path: str


def related(archive: zipfile.ZipFile, path: str) -> list[Related]:
    """The parts that the part at this path points to, in order; what lies outside of the file is left out."""
    folder, name = posixpath.split(path)
    root = xml(archive, f"{folder}/_rels/{name}.rels")
    found = []
    for one in root.iter(_RELATIONSHIP) if root is not None else ():
        if one.get("TargetMode") != "External":
            target = unquote(one.get("Target") or "")
            at = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append(Related(one.get("Id") or "", (one.get("Type") or "").rpartition("/")[2], at))
    return found


def xml(archive: zipfile.ZipFile, path: str) -> Any:
    """Its root element; None where it is missing or damaged: what the file itself says is readable without."""
    from lxml import etree

    try:
        return etree.fromstring(archive.read(path), etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, OSError, EOFError, zlib.error, zipfile.BadZipFile, etree.XMLSyntaxError):
        return None


def alternative_text(said: str | None) -> str:
    """What a picture is said to show, in one line; "" where programs put the name of a file there."""
    text = " ".join(_OF_PROGRAMS.sub(" ", " ".join((said or "")[:4_000].split())).split())
    return "" if re.fullmatch(r"[^\s/]{1,100}\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)", text, re.I) else text

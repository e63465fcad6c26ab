"""Strict Office files (ISO/IEC 29500-1): their parts call everything by other names than programs mostly write.

The libraries know the usual ones alone, so that the names are changed before they read.
"""

import re
import zipfile
from pathlib import Path

_STRICT = b"http://purl.oclc.org/ooxml/"
_NAME = re.compile(_STRICT + rb"([A-Za-z]{1,40})/([A-Za-z]{1,60})((?:/[A-Za-z/]{1,60})?)")
_OTHERWISE = {
    b"extendedProperties": b"extended-properties",
    b"customProperties": b"custom-properties",
    b"docPropsVTypes": b"docPropsVTypes",
}
_MARKED_UP = (".xml", ".rels", ".vml")


def as_usual(path: Path, folder: Path) -> Path:
    """The same file with the usual names, in this folder; the file itself where it has them already.

    What it unpacks to was looked at before (`archive.check`). Raises what zipfile raises.
    """
    with zipfile.ZipFile(path) as given:
        if "_rels/.rels" not in given.namelist() or _STRICT not in given.read("_rels/.rels"):
            return path
        changed = folder / "with-usual-names"
        with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            for member in given.infolist():
                data = given.read(member)
                if member.filename.lower().endswith(_MARKED_UP):
                    data = _NAME.sub(_usual, data)
                made.writestr(member.filename, data)
    return changed


def _usual(found: re.Match[bytes]) -> bytes:
    family, name, rest = found.groups()
    rest = b"/" + _OTHERWISE.get(rest[1:], rest[1:]) if rest else b""
    return b"http://schemas.openxmlformats.org/" + family + b"/2006/" + _OTHERWISE.get(name, name) + rest

"""Files, folders, uploads, pasted text and web pages, as what a job takes in."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.storage.trouble import not_kept
from assistant.values.errors import BadInput
from assistant.values.messages import say
from retrieval.journal import Incoming
from retrieval.web_page import WebPage

TITLE_LENGTH = 80
NAME_LENGTH = 255
PATH_LENGTH = 1000
_SUFFIXES = {"application/pdf": ".pdf", "text/plain": ".txt", "text/markdown": ".md"}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def from_paths(paths: Sequence[Path]) -> list[Incoming]:
    """Files, and what is in folders, in the order of their names; hidden ones and links are left out there.

    Raises BadInput where a path does not exist.
    """
    files: dict[str, Incoming] = {}
    for path in paths:
        path = path.expanduser()
        if not path.exists():
            raise BadInput(say("There is no file or folder {path}. Check the name and try again.", path=str(path)))
        for file, name in _walk(path) if path.is_dir() else [(path, path.name)]:
            origin = str(file.resolve())
            files.setdefault(origin, Incoming(Path(origin), one_line(name, PATH_LENGTH), origin))
    if not files:
        raise BadInput(say("There are no files there (hidden ones and links are left out)."))
    return list(files.values())


def from_upload(path: Path, name: str, origin: str, folder: Path) -> Incoming:
    """A file that may be gone soon: its own copy waits in `folder` until it is in, a hard link where that can be."""
    name = one_line(name, NAME_LENGTH) or path.name
    suffix = Path(name).suffix.lower()
    copy = _room(folder, suffix if _SUFFIX.fullmatch(suffix) else "")
    try:
        try:
            os.link(path, copy)
        except FileNotFoundError as error:
            raise BadInput(say("There is no file {name} any more. Add it again.", name=name)) from error
        except OSError:  # another disk, or one without links
            shutil.copyfile(path, copy)
    except OSError as error:
        copy.unlink(missing_ok=True)
        raise not_kept(error, name, folder) from error
    return Incoming(copy, name, origin, passing=True)


def from_text(text: str, title: str, folder: Path) -> Incoming:
    """Pasted text; it waits in `folder` until it is in."""
    if not text.strip():
        raise BadInput(say("There is no text to add."))
    return from_bytes(text.encode(), (one_line(title, TITLE_LENGTH) or "Pasted text") + ".txt", ".txt", "", folder)


def is_address(given: str) -> bool:
    return given.lower().startswith(("http://", "https://"))


def from_page(page: WebPage, url: str, folder: Path) -> Incoming:
    """A web page that was fetched from `url`; fetched again later, it replaces its old self."""
    return from_bytes(page.data, page.name, _SUFFIXES.get(page.media_type, ".html"), url, folder)


def from_bytes(data: bytes, name: str, suffix: str, origin: str, folder: Path) -> Incoming:
    """What came from elsewhere than a file; it waits in `folder` until it is in."""
    path = _room(folder, suffix)
    try:
        path.write_bytes(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise not_kept(error, name, folder) from error
    return Incoming(path, name, origin, passing=True)


def one_line(text: str, length: int) -> str:
    """Fit for a name: without line breaks and what cannot be printed."""
    return "".join(letter for letter in " ".join(text.split())[:length] if letter.isprintable())


def _room(folder: Path, suffix: str) -> Path:
    """A path in `folder` that nothing else has."""
    path = folder / (secrets.token_hex(16) + suffix)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise not_kept(error, path.name, folder) from error
    return path


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each file, and its name as it is shown: with the folders it lies in."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path, path.relative_to(folder).as_posix()

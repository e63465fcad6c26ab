"""Files, folders, pasted text and web pages, as what a job takes in."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.errors import BadInput, LibraryError
from retrieval.journal import Incoming
from retrieval.web_page import WebPage, fetch

TITLE_LENGTH = 80
_SUFFIXES = {"application/pdf": ".pdf", "text/plain": ".txt", "text/markdown": ".md"}


def from_paths(paths: Sequence[Path]) -> list[Incoming]:
    """Files, and what is in folders, in the order of their names; hidden ones and links are left out there.

    Raises BadInput where a path does not exist.
    """
    files: dict[str, Incoming] = {}
    for path in paths:
        path = path.expanduser()
        if not path.exists():
            raise BadInput(f"There is no file or folder {path}. Check the name and try again.")
        for file, name in _walk(path) if path.is_dir() else [(path, path.name)]:
            origin = str(file.resolve())
            files.setdefault(origin, Incoming(Path(origin), name, origin))
    if not files:
        raise BadInput("There are no files there (hidden ones and links are left out).")
    return list(files.values())


def from_text(text: str, title: str, folder: Path) -> Incoming:
    """Pasted text; it waits in `folder` until it is in."""
    if not text.strip():
        raise BadInput("There is no text to add.")
    title = "".join(letter for letter in " ".join(title.split())[:TITLE_LENGTH] if letter.isprintable())
    return from_bytes(text.encode(), (title or "Pasted text") + ".txt", ".txt", "", folder)


def is_address(given: str) -> bool:
    return given.lower().startswith(("http://", "https://"))


def from_address(url: str, folder: Path, fetch: Callable[[str], WebPage] = fetch) -> Incoming:
    """A web page; fetched again later, it replaces its old self. Raises BadInput where it is refused."""
    page = fetch(url)
    suffix = _SUFFIXES.get(page.media_type, ".html")
    return from_bytes(page.data, page.name, suffix, url, folder)


def from_bytes(data: bytes, name: str, suffix: str, origin: str, folder: Path) -> Incoming:
    """What came from elsewhere than a file; it waits in `folder` until it is in."""
    path = folder / (secrets.token_hex(16) + suffix)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise LibraryError(f"I cannot keep {name} ({error.strerror or error}). Choose a folder with --data.") from error
    return Incoming(path, name, origin, passing=True)


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each file, and its name as it is shown: with the folders it lies in."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path, path.relative_to(folder).as_posix()

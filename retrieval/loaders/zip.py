"""Folders that are one file (.zip): each file in them by its path, read by its own loader, within limits."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.evidence import Document, Passage, Section
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import archive
from retrieval.decoding import decode
from retrieval.files_inside import FilesInside
from retrieval.parse_context import ParseContext

_NOBODYS = ("__MACOSX/", ".git/", "node_modules/")
_NO_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
_UTF8 = 0x800
_MOST_LISTED = 1_000


class ZipLoader:
    kind = say("a ZIP folder")
    extensions = (".zip",)
    media_types = ("application/zip",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        archive.check(path, name, self._context.limits, self.kind)
        files = FilesInside(self._context, name)
        try:
            with zipfile.ZipFile(path) as folder:
                members = [(member, shown) for member in folder.infolist() if (shown := _shown(member))]
                paths = [shown for _, shown in members]
                passages = [*_listed(paths), *self._read(folder, members, files)]
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
            raise archive.damaged(name, self.kind) from error
        files.done()
        facts = FileFacts(
            "", name, outline=tuple(paths), words=sum(count_words(passage.text) for passage in passages[bool(paths) :])
        )
        return Document(digest(path), name, "text", tuple(passages), facts=facts)

    def _read(
        self, folder: zipfile.ZipFile, members: list[tuple[zipfile.ZipInfo, str]], files: FilesInside
    ) -> Iterator[Passage]:
        for member, shown in members:
            if files.has_room:
                yield from files.read(_bytes(folder, member), shown)
            else:
                files.leave(shown)


def _bytes(folder: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """What a member says of its size was looked at before."""
    with folder.open(member) as file:
        return file.read(member.file_size)


def _shown(member: zipfile.ZipInfo) -> str:
    """The path of a file as its folder was called; "" for what is no file of a person's."""
    name = member.filename
    if not member.flag_bits & _UTF8 and not name.isascii():
        name = _decoded(name.encode("cp437", errors="replace"))  # as zipfile took it, whatever it was written in
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in "/".join(parts)).split())[-200:]
    last = parts[-1].lower() if parts else ""
    is_nobodys = any(f"{part}/" in _NOBODYS for part in parts[:-1]) or last in _NO_FILES or last.startswith("._")
    return "" if member.is_dir() or is_nobodys else shown


def _decoded(name: bytes) -> str:
    """In the encoding of old Windows' ZIP folders where that gives letters alone, else in what it seems to be."""
    text = name.decode("cp850")
    is_latin = all(letter <= "\x7f" or (letter.isalpha() and letter < "\u0250") for letter in text)
    return text if is_latin else decode(name)[0]


def _listed(paths: list[str]) -> Iterator[Passage]:
    if paths:
        more = [f"… {len(paths) - _MOST_LISTED}"] if len(paths) > _MOST_LISTED else []
        yield Passage("\n".join((f"Files: {len(paths)}", *paths[:_MOST_LISTED], *more)), Section(""))

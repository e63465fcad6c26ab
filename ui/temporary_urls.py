"""TemporaryUrls: files for their owner, at addresses that nobody can guess, while a session lasts. It knows no Gradio.

A recording is served in ranges, so that two hours of sound need not be fetched to hear a second. A picture is to be
had small as well. What is made for saving is generated when it is fetched.
"""

import io
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import media
from assistant.storage.temporary_folder import TemporaryFolder
from assistant.values.errors import AssistantError
from assistant.values.limits import Limits
from assistant.values.messages import Message, say
from ui.owner import Visitor, is_theirs
from ui.words import language_of
from ui.words.core import said

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_FOLDER = "evidence"
_PLAYED = ("audio/", "video/")
SMALL = 480  # pixels: what stands in the chat
_KEPT_SMALL = 300  # pictures of some 20 kB
GONE = say("This is not here any more.")


@dataclass(frozen=True)
class FileLink:
    """A file that is there."""

    path: Path
    name: str
    media_type: str
    small: bool = False
    """Whether it is served as a small picture that fits the chat."""


@dataclass(frozen=True)
class GeneratedFile:
    """A file that is generated when it is fetched."""

    name: str
    media_type: str
    make: Callable[[Path], None]
    """Writes the file at this path. It may raise AssistantError."""


class TemporaryUrls:
    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._files: dict[str, tuple[str, FileLink | GeneratedFile]] = {}
        self._small: OrderedDict[Path, bytes] = OrderedDict()
        self._alone = threading.Lock()

    def issue(self, owner: str, file: FileLink | GeneratedFile) -> str:
        """A token for this file, for this owner alone; `address` says where it is to be had."""
        token = secrets.token_urlsafe(24)
        with self._alone:
            self._files[token] = owner, file
        return token

    def revoke(self, tokens: Collection[str]) -> None:
        """Nothing is to be had under these any more."""
        with self._alone:
            for token in tokens:
                self._files.pop(token, None)

    def address(self, token: str) -> str:
        """Relative to the page, wherever that is served from."""
        return f"{_FOLDER}/{token}"

    def route(self, owner_of: Callable[[Visitor], str]) -> "Route":
        """owner_of: whose a request is."""
        from starlette.routing import Route

        def serve(request: "Request") -> "Response":
            with self._alone:
                owner, file = self._files.get(request.path_params["token"], ("", None))
            return self._served(request, file if is_theirs(owner, owner_of, request) else None)

        return Route(f"/{_FOLDER}/{{token}}", serve, methods=["GET"])

    def _served(self, request: "Request", file: FileLink | GeneratedFile | None) -> "Response":
        """The file, as something to be saved or played, or as a small picture; never shown as a page."""
        match file:
            case FileLink(small=True) if file.path.is_file():
                return self._picture(request, file)
            case FileLink() if file.path.is_file():
                return self._file(file)
            case GeneratedFile():
                return self._made(request, file)
        return _gone(request, GONE)

    def _file(self, file: FileLink) -> "Response":
        from starlette.responses import FileResponse

        played = file.media_type.startswith(_PLAYED)
        media_type = file.media_type if played else "application/octet-stream"
        return FileResponse(file.path, media_type=media_type, filename=file.name, headers=_HEADERS)

    def _made(self, request: "Request", file: GeneratedFile) -> "Response":
        from starlette.background import BackgroundTask
        from starlette.responses import FileResponse

        folder = TemporaryFolder("saved")
        path = folder.path / "saved"
        try:
            file.make(path)
        except AssistantError as error:
            folder.remove()
            return _gone(request, error.message)
        remove = BackgroundTask(folder.remove)
        return FileResponse(path, media_type=file.media_type, filename=file.name, headers=_HEADERS, background=remove)

    def _picture(self, request: "Request", file: FileLink) -> "Response":
        from starlette.responses import Response

        try:
            data = self._shrunk(file)
        except AssistantError as error:
            return _gone(request, error.message)
        kept = {**_HEADERS, "Cache-Control": "private, max-age=3600"}
        return Response(data, media_type="image/webp", headers=kept)

    def _shrunk(self, file: FileLink) -> bytes:
        with self._alone:
            if (known := self._small.get(file.path)) is not None:
                self._small.move_to_end(file.path)
                return known
        picture = media.open_picture(file.path, self._limits, file.name)
        picture.thumbnail((SMALL, SMALL))
        data = io.BytesIO()
        picture.save(data, "WEBP", quality=80, method=2)
        with self._alone:
            self._small[file.path] = data.getvalue()
            while len(self._small) > _KEPT_SMALL:
                self._small.popitem(last=False)
        return data.getvalue()


_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def _gone(request: "Request", sentence: Message) -> "Response":
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(said(sentence, language_of(request)), status_code=404, headers=_HEADERS)

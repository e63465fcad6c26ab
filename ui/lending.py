"""Lending: originals under addresses that nobody can guess, for as long as their session lasts. Knows no Gradio.

A recording is played from there in stretches, so that two hours of sound need not be fetched to hear a second.
"""

import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

_FOLDER = "evidence"
_PLAYED = ("audio/", "video/")


@dataclass(frozen=True)
class Loan:
    path: Path
    name: str
    media_type: str


class Lending:
    def __init__(self) -> None:
        self._loans: dict[str, Loan] = {}
        self._alone = threading.Lock()

    def lend(self, loan: Loan) -> str:
        """A token for this file; `address` says where it is to be had."""
        token = secrets.token_urlsafe(24)
        with self._alone:
            self._loans[token] = loan
        return token

    def take_back(self, tokens: Collection[str]) -> None:
        """Nothing is to be had under these any more."""
        with self._alone:
            for token in tokens:
                self._loans.pop(token, None)

    def address(self, token: str) -> str:
        """Relative to the page, wherever that is served from."""
        return f"{_FOLDER}/{token}"

    def route(self) -> "Route":
        from starlette.routing import Route

        return Route(f"/{_FOLDER}/{{token}}", self._serve, methods=["GET"])

    def _serve(self, request: "Request") -> "Response":
        """The file, as something to be saved or played; a browser never shows it as a page."""
        from starlette.responses import FileResponse, PlainTextResponse

        with self._alone:
            loan = self._loans.get(request.path_params["token"])
        if loan is None or not loan.path.is_file():
            return PlainTextResponse("This is not here any more.", status_code=404)
        played = loan.media_type.startswith(_PLAYED)
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        media_type = loan.media_type if played else "application/octet-stream"
        return FileResponse(loan.path, media_type=media_type, filename=loan.name, headers=headers)

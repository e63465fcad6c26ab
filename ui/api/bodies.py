"""Bodies of requests, read within limits: bytes, and how many values a JSON may have, since each takes room."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from ui.api.refusals import Refusal
from ui.chosen_language import Message, Receive

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from starlette.datastructures import FormData
    from starlette.requests import Request

_MOST_VALUES = 50_000
_AT_ONCE = 200_000  # bytes that are looked through without a thread of their own
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
Asked = TypeVar("Asked", bound="BaseModel")


def bounded(receive: Receive, most: int) -> Receive:
    """The same, until more than `most` bytes came. Then it raises Refusal."""
    seen = 0

    async def received() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise Refusal(413, f"A request may have {most:,} bytes.", "request_too_large")
        return message

    return received


def check_length(request: "Request", most: int) -> None:
    """By what the request says of itself, before anything of it is read."""
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > most:
        raise Refusal(413, f"A request may have {most:,} bytes.", "request_too_large")


async def json_of(request: "Request", kind: type[Asked], most: int, empty: bytes = b"") -> Asked:
    """Raises Refusal, naming the first field that does not fit. empty: what stands for no body at all."""
    check_length(request, most)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Refusal(413, f"A request may have {most:,} bytes.", "request_too_large")
    if not body:
        body += empty
    if len(body) > _AT_ONCE:
        return await asyncio.to_thread(_parsed, bytes(body), kind)
    return _parsed(bytes(body), kind)


@asynccontextmanager
async def form_of(request: "Request", most: int) -> "AsyncIterator[FormData]":
    """A form with one file. Large ones lie on disk; they are gone at the end."""
    from starlette.exceptions import HTTPException
    from starlette.requests import Request

    check_length(request, most)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refusal(415, "Send a form (multipart/form-data) with the recording as `file`.", "wrong_media_type")
    reading = Request(request.scope, bounded(request.receive, most))
    try:
        form = await reading.form(max_files=1, max_fields=20, max_part_size=100_000)
    except HTTPException as error:
        raise Refusal(400, f"The form cannot be read: {error.detail}", "bad_form") from error
    try:
        yield form
    finally:
        await form.close()


def explained(error: "ValidationError") -> Refusal:
    """The first thing that is wrong, and where."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = ".".join(str(one) for one in first["loc"])
    where = f"{param}: " if param else ""
    return Refusal(400, f"{where}{first['msg']}.", "invalid_value", param or None)


def _parsed(body: bytes, kind: type[Asked]) -> Asked:
    from pydantic import ValidationError

    bare = _STRING.sub(b"", body)
    if sum(map(bare.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise Refusal(413, f"A request may have {_MOST_VALUES:,} values.", "request_too_large")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise explained(error) from error

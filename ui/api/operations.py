"""Operations: each address of the API with what it takes and gives, from which both the server and its OpenAPI document
are made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.api.shapes import ErrorAnswered

if TYPE_CHECKING:
    from pydantic import BaseModel
    from starlette.requests import Request
    from starlette.responses import Response

Shape = type["BaseModel"]
_ERRORS = {
    400: "What was sent cannot be used.",
    401: "No key, or one that is not known.",
    403: "Another site's page asked, or the server was called by another name.",
    404: "There is no such thing, or it is somebody else's.",
    405: "There is no such method here.",
    413: "More than is taken.",
    415: "It is of another kind than is taken.",
    429: "Too much is asked for at once: see Retry-After.",
    500: "A fault of the program.",
    503: "It cannot be answered now.",
}
_OF_BODIES, _OF_WORK = (400, 413), (429, 500, 503)


@dataclass(frozen=True)
class Operation:
    """handle: answers, or raises Refusal. takes: the JSON that is sent, or the fields of a form beside `file`."""

    method: str
    path: str
    name: str
    summary: str
    handle: "Callable[[Request], Awaitable[Response]]"
    takes: "Shape | None" = None
    form: bool = False
    optional: bool = False
    """Whether the body may be left out."""
    gives: "tuple[tuple[str, Shape | tuple[Shape, ...] | None], ...]" = ()
    """Media type and shape; None: no JSON."""
    open: bool = False
    """Whether no key is asked for."""
    works: bool = False
    """Whether it waits in the queue."""
    statuses: tuple[int, ...] = ()
    """Of errors, beside those that go without saying."""
    answers: tuple[int, ...] = (200,)

    @property
    def errors(self) -> tuple[int, ...]:
        told = {403, 500, *self.statuses}
        if not self.open:
            told.add(401)
        if self.takes is not None:
            told.update(_OF_BODIES)
        if self.form:
            told.add(415)
        if self.works:
            told.update(_OF_WORK)
        return tuple(sorted(told))


def document(operations: "tuple[Operation, ...]") -> dict[str, Any]:
    """OpenAPI 3.1."""
    from pydantic.json_schema import models_json_schema

    shapes: list[Shape] = [ErrorAnswered]
    for one in operations:
        shapes += [] if one.takes is None else [one.takes]
        shapes += [shape for _, gives in one.gives for shape in _several(gives)]
    modes = [(shape, "validation") for shape in dict.fromkeys(shapes)]
    _, schemas = models_json_schema(modes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, Any] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Medley",
            "version": "1",
            "description": "OpenAI's protocol, with evidence: what an answer rests on stands in its field `medley`.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    }


def _described(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": one.name, "summary": one.summary, "responses": _responses(one)}
    if names := _gaps(one.path):
        told["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in names
        ]
    if one.open:
        told["security"] = []
    if one.takes is not None:
        told["requestBody"] = {"required": not one.optional, "content": _body(one, one.takes)}
    return told


def _body(one: Operation, takes: Shape) -> dict[str, Any]:
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{takes.__name__}"}
    if not one.form:
        return {"application/json": {"schema": schema}}
    fields = takes.model_json_schema(ref_template="#/components/schemas/{model}")
    properties = {"file": {"type": "string", "format": "binary"}, **fields["properties"]}
    return {"multipart/form-data": {"schema": {"type": "object", "properties": properties, "required": ["file"]}}}


def _responses(one: Operation) -> dict[str, Any]:
    content = {media_type: {"schema": _schema(gives)} for media_type, gives in one.gives}
    told: dict[str, Any] = {str(status): {"description": "The answer.", "content": content} for status in one.answers}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswered"}}}
    for status in one.errors:
        told.setdefault(str(status), {"description": _ERRORS[status], "content": error})
    return told


def _schema(gives: "Shape | tuple[Shape, ...] | None") -> dict[str, Any]:
    shapes = _several(gives)
    if not shapes:
        return {"type": "string"}
    told = [{"$ref": f"#/components/schemas/{shape.__name__}"} for shape in shapes]
    return told[0] if len(told) == 1 else {"anyOf": told}


def _several(gives: "Shape | tuple[Shape, ...] | None") -> "tuple[Shape, ...]":
    if gives is None:
        return ()
    return gives if isinstance(gives, tuple) else (gives,)


def _gaps(path: str) -> list[str]:
    return [part[1:-1].partition(":")[0] for part in path.split("/") if part.startswith("{")]

"""Errors as OpenAI's API tells them: a status, and {"error": {"message", "type", "param", "code"}}."""

import json
from typing import TYPE_CHECKING

from assistant.values.errors import AssistantError, BadInput, Crowded, Locked
from assistant.values.events import Failed

if TYPE_CHECKING:
    from starlette.responses import Response

RETRY_SECONDS = 5


class Refusal(Exception):
    """What is told instead of an answer. param: the field of the request that it is about."""

    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param

    @property
    def type(self) -> str:
        match self.status:
            case 401:
                return "authentication_error"
            case 403:
                return "permission_error"
            case 429:
                return "rate_limit_error"
            case status if status >= 500:
                return "server_error"
            case _:
                return "invalid_request_error"

    def to_json(self) -> dict[str, object]:
        told = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": told}

    def response(self) -> "Response":
        from starlette.responses import Response

        headers = {"cache-control": "no-store"}
        if self.status == 401:
            headers["www-authenticate"] = "Bearer"
        if self.status in (429, 503):
            headers["retry-after"] = str(RETRY_SECONDS)
        body = json.dumps(self.to_json(), ensure_ascii=False)
        return Response(body, self.status, headers, "application/json")


BROKEN = Refusal(500, "Something went wrong inside the program, and the answer is lost. Ask again.", "internal_error")


def refusal_of(error: BaseException) -> Refusal:
    """Of anything that was raised. What is no error of ours is told without its words."""
    match error:
        case Refusal():
            return error
        case Crowded():
            return Refusal(429, str(error.message), "too_many_requests")
        case Locked():
            return Refusal(400, str(error.message), "file_locked")
        case BadInput():
            return Refusal(400, str(error.message), "bad_input")
        case AssistantError():
            return Refusal(503, str(error.message), "unavailable")
        case _:
            return BROKEN


def refusal_of_failed(failed: Failed) -> Refusal:
    if failed.locked:
        return Refusal(400, str(failed.message), "file_locked")
    if failed.bad_input:
        return Refusal(400, str(failed.message), "bad_input")
    return Refusal(503, str(failed.message), "unavailable")

"""How the server is, for whoever runs it: /healthz, /readyz and /metrics."""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ui.api.access import is_local
from ui.api.metrics import Metrics
from ui.api.refusals import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Outside:
    """states: what must be loaded before questions are answered, by name. token: shows /metrics to other machines; "":
    to none."""

    def __init__(self, metrics: Metrics, states: Callable[[], Mapping[str, str]], token: str = "") -> None:
        self._metrics, self._states, self._token = metrics, states, token

    async def health(self, _: "Request") -> "Response":
        """The process answers."""
        return _json({"status": "ok"}, 200)

    async def ready(self, _: "Request") -> "Response":
        """503 while something is loading, or could not be loaded."""
        states = self._states()
        waiting = [state for state in states.values() if state != "ready"]
        status = "failed" if "failed" in waiting else "loading" if waiting else "ready"
        return _json({"status": status, "parts": dict(states)}, 503 if waiting else 200)

    async def metrics(self, request: "Request") -> "Response":
        """For this machine, or with the token."""
        from starlette.responses import Response

        _, _, shown = request.headers.get("authorization", "").partition(" ")
        known = bool(self._token) and hmac.compare_digest(shown.strip().encode(), self._token.encode())
        if not known and (shown or not is_local(request)):
            raise Refusal(401, "Metrics are for this machine alone, or need the token.", "invalid_api_key")
        return Response(self._metrics.text(), 200, {"cache-control": "no-store"}, _METRICS_TYPE)


def _json(told: Mapping[str, object], status: int) -> "Response":
    from starlette.responses import Response

    headers = {"cache-control": "no-store"} | ({"retry-after": "5"} if status == 503 else {})
    return Response(json.dumps(told), status, headers, "application/json")

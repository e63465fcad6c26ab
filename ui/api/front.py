"""In front of the page: requests of programs are answered here, and everything else goes on to it.

They do not pass through the page's own server, which would cost each of them a few milliseconds.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.api.operations import Operation
from ui.api.refusals import Refusal
from ui.api.streams import ClientGone
from ui.chosen_language import App, Receive, Scope, Send

if TYPE_CHECKING:
    from starlette.routing import Route


@dataclass(frozen=True)
class Mounted:
    """Another server's app within ours, below one address."""

    path: str
    app: App
    lifespan: Callable[[], AbstractAsyncContextManager[None]]


class Front:
    """ASGI middleware. told: an error as whoever asked is told it."""

    def __init__(
        self,
        app: App,
        operations: Sequence[Operation],
        told: Callable[[BaseException], Refusal],
        mounted: Mounted | None = None,
    ) -> None:
        self._app, self._told, self._mounted = app, told, mounted
        self._routes = [(_route(one), one) for one in operations]

    def operations(self) -> list[Operation]:
        return [one for _, one in self._routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._mounted is not None and _path(scope) == self._mounted.path:
            await self._mounted.app(scope, receive, send)
            return
        found, params, methods = self._find(scope)
        if found is not None:
            await self._answer(found, {**scope, "path_params": params}, receive, send)
        elif methods:
            refused = Refusal(405, "There is no such method here.", "method_not_allowed").response()
            refused.headers["allow"] = ", ".join(sorted(methods))
            await refused(scope, receive, send)
        elif _path(scope).startswith("/v1/") and any(one.path.startswith("/v1/") for _, one in self._routes):
            await Refusal(404, "There is nothing at this address.", "not_found").response()(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def route_of(self, scope: Scope) -> str:
        """The pattern of its path; "" for the page's."""
        if self._mounted is not None and _path(scope) == self._mounted.path:
            return self._mounted.path
        return next((one.path for route, one in self._routes if _fits(route, _path(scope)) is not None), "")

    def _find(self, scope: Scope) -> tuple[Operation | None, dict[str, Any], set[str]]:
        path, methods = _path(scope), set[str]()
        for route, one in self._routes:
            if (params := _fits(route, path)) is None:
                continue
            if one.method == scope["method"]:
                return one, params, methods
            methods.add(one.method)
        return None, {}, methods

    async def _answer(self, operation: Operation, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import ClientDisconnect, Request

        try:
            response: Any = await operation.handle(Request(scope, receive))
        except (ClientGone, ClientDisconnect):
            return
        except Exception as error:  # noqa: BLE001 - told in a sentence, and logged whole where it is a fault of ours
            response = self._told(error).response()
        await response(scope, receive, send)


def _route(one: Operation) -> "Route":
    from starlette.routing import Route

    return Route(one.path, one.handle, methods=[one.method])


def _fits(route: "Route", path: str) -> dict[str, Any] | None:
    """What stands in the gaps of its pattern; None where the path is another."""
    found = route.path_regex.match(path)
    return None if found is None else found.groupdict()


def _path(scope: Scope) -> str:
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(root) if root else path

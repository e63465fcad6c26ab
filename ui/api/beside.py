"""What one server has beside the page: put together, in front of the page and around the door."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from ui.api.front import Front, Mounted
from ui.api.metrics import Metrics
from ui.api.operations import Operation
from ui.api.outside import Outside
from ui.api.refusals import Refusal, refusal_of
from ui.api.request_log import RequestLog, log_to_terminal
from ui.chosen_language import App


def health_operations(outside: Outside) -> tuple[Operation, ...]:
    return (
        Operation("GET", "/healthz", "health", "Whether the process answers", outside.health, open=True),
        Operation("GET", "/readyz", "ready", "Whether questions can be answered", outside.ready, open=True),
        Operation("GET", "/metrics", "metrics", "Numbers for Prometheus", outside.metrics),
    )


@dataclass(frozen=True)
class Beside:
    """operations: all that is answered beside the page. told: an error as whoever asked is told it."""

    operations: Sequence[Operation]
    metrics: Metrics
    told: Callable[[BaseException], Refusal] = refusal_of
    logs: bool = False
    mounted: Mounted | None = None

    def around(self, door: Callable[[App], App]) -> Callable[[App], App]:
        """The app with this in front of it, behind the door; the log of requests stands before that."""
        if self.logs:
            log_to_terminal()

        def put(app: App) -> App:
            front = Front(app, self.operations, self.told, self.mounted)
            return RequestLog(door(front), front.route_of, self.metrics.request, self.logs)

        return put

    def lifespan(self) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self.mounted is None else self.mounted.lifespan()

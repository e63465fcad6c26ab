"""What is counted and measured of answers and requests, as Prometheus reads it. No words, names or addresses in it."""

from collections.abc import Callable

from assistant.values.events import Done, Event, Failed
from ui.api.request_log import LoggedRequest

_STEP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
_REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_STEPS = frozenset(
    "loading listening looking reading filing searching understanding answering checking judging".split()
) | {"first word", "whole turn"}  # others are counted together: a label is kept for good


class Metrics:
    """queue: how many answers wait, and how many are being made. reused: tokens of prompts that the language model had
    in its cache, and those that it read anew, since the start."""

    def __init__(
        self,
        queue: Callable[[], tuple[int, int]],
        reused: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = CollectorRegistry()
        made = {"registry": self._registry}
        self._requests = Counter("medley_http_requests", "Requests that ended", ["route", "method", "status"], **made)
        self._seconds = Histogram(
            "medley_http_request_seconds", "Whole requests", ["route"], buckets=_REQUEST_SECONDS, **made
        )
        self._first = Histogram(
            "medley_http_first_byte_seconds", "Until the answer began", ["route"], buckets=_REQUEST_SECONDS, **made
        )
        self._answers = Counter("medley_answers", "Turns that ended", ["kind", "outcome"], **made)
        self._steps = Histogram("medley_step_seconds", "Steps of answers", ["step"], buckets=_STEP_SECONDS, **made)
        self._tokens = Counter("medley_tokens", "Tokens of the language model", ["of"], **made)
        self._errors = Counter("medley_errors", "What was refused or failed", ["code"], **made)
        Gauge("medley_queue_waiting", "Answers that wait for their turn", **made).set_function(lambda: queue()[0])
        Gauge("medley_answers_running", "Answers being made", **made).set_function(lambda: queue()[1])
        if reused is not None:
            had = Gauge("medley_prompt_cache_tokens", "Tokens of prompts by what the cache did", ["result"], **made)
            had.labels("reused").set_function(lambda: reused()[0])
            had.labels("computed").set_function(lambda: reused()[1])

    def event(self, event: Event) -> None:
        """Told of every event of every answer."""
        match event:
            case Done(answer):
                received = answer.received
                kind = received.request.kind if received.request is not None else ""
                outcome = "stopped" if answer.stopped else "declined" if answer.declined else "answered"
                self._answers.labels(kind, outcome).inc()
                self._tokens.labels("prompt").inc(received.prompt_tokens)
                self._tokens.labels("answer").inc(answer.received.answer_tokens)
                for step, seconds in answer.timings:
                    self._steps.labels(step if step in _STEPS else "other").observe(seconds)
            case Failed():
                self._answers.labels("", "bad input" if event.bad_input else "failed").inc()
            case _:
                pass

    def error(self, code: str) -> None:
        """code: one of ours."""
        self._errors.labels(code).inc()

    def request(self, request: LoggedRequest) -> None:
        method = request.method if request.method in _METHODS else "other"
        self._requests.labels(request.route or "page", method, str(request.status)).inc()
        if request.route:
            self._seconds.labels(request.route).observe(request.seconds)
            self._first.labels(request.route).observe(request.first_byte)

    def text(self) -> bytes:
        from prometheus_client import generate_latest

        return generate_latest(self._registry)

"""What a remote model's failures mean, in words for the person, and which are worth another try.

Providers raise errors of their own; they have in common a status code or LangChain's ModelError.
Nothing that a server says about keys is repeated.
"""

from assistant.engines.failures import first_line
from assistant.values.address import HIDDEN
from assistant.values.errors import EngineError
from assistant.values.messages import say

LONGEST_WAIT_SECONDS = 20.0
_BUSY = (408, 429, 500, 502, 503, 504, 529)


def worth_retrying(error: Exception) -> bool:
    status = status_of(error)
    if status == 429:
        return (asked_wait(error) or 0) <= LONGEST_WAIT_SECONDS
    return status in _BUSY or (status is None and _is_connection(error))


def wait_seconds(error: Exception, attempt: int, first: float) -> float:
    """What the server asks for, or twice as long every time; attempt counts from 0."""
    asked = asked_wait(error)
    return asked if asked is not None else min(first * 2.0**attempt, LONGEST_WAIT_SECONDS)


def explained(error: Exception, who: str, timeout_seconds: float, *secrets: str) -> EngineError:
    """who: the model or server as the person named it. secrets: never repeated, wherever they stand."""
    match status_of(error):
        case 401 | 403:
            return EngineError(
                say("{model} refuses the key. Check the one in the environment (MEDLEY_API_KEY).", model=who)
            )
        case 404:
            return EngineError(say("{model} is not there. Check the model's name and the address.", model=who))
        case 429:
            asked = asked_wait(error)
            when = say("in {seconds} seconds", seconds=f"{asked:.0f}") if asked is not None else say("in a minute")
            return EngineError(say("{model} takes no more requests for now. Try again {when}.", model=who, when=when))
        case int(status) if status >= 500:
            return EngineError(
                say("{model} has a problem of its own ({status}). Try again later.", model=who, status=status)
            )
        case int(status):
            return EngineError(
                say(
                    "{model} refused the request ({status}): {trouble}",
                    model=who,
                    status=status,
                    trouble=_without(first_line(error), secrets),
                )
            )
        case _:
            pass
    if _is_timeout(error):
        return EngineError(
            say(
                "{model} did not answer within {seconds} seconds. Try again, or allow more time.",
                model=who,
                seconds=f"{timeout_seconds:g}",
            )
        )
    if _is_connection(error):
        return EngineError(
            say("{model} cannot be reached. Check that it runs, the address and the network.", model=who)
        )
    return EngineError(say("{model} failed: {trouble}", model=who, trouble=_without(first_line(error), secrets)))


def status_of(error: BaseException) -> int | None:
    """The HTTP status, wherever the provider's library keeps it."""
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code"):
            if isinstance(status := getattr(holder, name, None), int) and 400 <= status < 600:
                return status
    return None


def asked_wait(error: Exception) -> float | None:
    """Seconds in the answer's Retry-After; None where there is none (or a date, which hardly anyone sends)."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def _is_timeout(error: BaseException) -> bool:
    return isinstance(error, TimeoutError) or any("Timeout" in kind for kind in _kinds(error))


def _is_connection(error: BaseException) -> bool:
    """Unreachable or too slow: the request may go through the next time."""
    names = ("ModelConnectionError", "APIConnectionError", "TransportError", "ConnectError")
    return _is_timeout(error) or isinstance(error, ConnectionError) or any(kind in names for kind in _kinds(error))


def _kinds(error: BaseException) -> list[str]:
    """By name: every provider has classes of its own, and most of their packages are not installed."""
    return [kind.__name__ for kind in type(error).__mro__]


def _without(text: str, secrets: tuple[str, ...]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return text

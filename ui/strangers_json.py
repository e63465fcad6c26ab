"""JSON that anybody may have written: whatever is odd in it, there is no error."""

import json
from typing import Any


def from_json(text: str | bytes) -> Any:
    """None where it is none, lies too deep, or holds what cannot be told to anybody: half a letter, or no number."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return found

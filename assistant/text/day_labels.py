"""What stands before the day that a paper is of, in several languages; what is due, or ends, is another day."""

# ruff: noqa: E501 - a pattern is read as one line

import re

_LABEL = re.compile(
    r"(?<![^\W\d_])(?:date|dated|issued(?: on)?|datum|vom|fecha|data|日期|开票日期|日付|날짜|дата)(?:\s?\([^()]{0,30}\))?$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"due|delivery|expir|valid|birth|fällig|liefer|geburt|gültig|échéance|livraison|vencimiento|entrega|到期|截止|交货|出生",
    re.IGNORECASE,
)


def is_labelled(before: str) -> bool:
    """Whether what stands on the line before a date calls it that of the paper: "Invoice date: "."""
    return bool(_LABEL.search(before.rstrip(" \t:：.")[-80:])) and not _OTHER.search(before)

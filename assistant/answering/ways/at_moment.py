"""Passes on what stands in request_times, by_time and moments, until nobody asks for it under this name."""

import re
from collections.abc import Sequence

from assistant.answering import moments
from assistant.answering.by_time import during, meant, placed, point_out, spread, with_times
from assistant.answering.moments import Moment
from assistant.answering.request_times import asked
from assistant.citing.citations import Cited
from assistant.ports.embedding import Embedder
from assistant.text.tokens import is_cjk
from assistant.values.evidence import Evidence

__all__ = [
    "Moment",
    "asked",
    "asks_when",
    "during",
    "find",
    "meant",
    "placed",
    "point_out",
    "spread",
    "told",
    "with_times",
]

_RECORDED = re.compile(
    r"\b(when|at (?:what|which) (?:point|time|minute|second|moment)|(?:what|which) (?:minute|second)|how far in|"
    r"where in (?:the|this) (?:video|recording|film|clip|audio|talk|lecture|meeting))\b",
    re.IGNORECASE,
)
_MENTIONED = re.compile(
    r"\b(mention|say|says|said|talk|speak|spoke|discuss|bring|brought|explain|announce|ask|answer|tell|told|"
    r"describe|show|shown|appear|see|seen|read|heard|hear|name|quote|thank|greet|introduce)\w*\b"
    r"|where in (?:the|this)|how far in|(?:what|which) (?:point|minute|second|moment)",
    re.IGNORECASE,
)
_WHEN_ZH = re.compile(
    r"(?:什么时候|何时|几分几秒|第?几分钟?|第几秒|哪一?(?:分钟|秒|刻)|在哪里|在哪儿).{0,12}?"
    r"(?:提到|说到|讲到|谈到|说|讲|谈|出现|显示|看到|听到|介绍|提)"
    r"|(?:提到|说到|讲到|谈到|出现|显示|介绍).{1,20}?(?:是|在)?(?:什么时候|何时|几分几秒|第几分钟|第几秒|哪一?(?:分钟|秒))"
)


def asks_when(question: str) -> bool:
    """Whether it asks at which second of a recording something comes, and not for a date."""
    return bool(_WHEN_ZH.search(question) or (_RECORDED.search(question) and _MENTIONED.search(question)))


def find(question: str, found: Sequence[Evidence], embedder: Embedder | None) -> list[Moment]:
    return moments.find(moments.sought(question, "zh" if is_cjk(question) else "en"), found, embedder)


def told(found: Sequence[Moment], question: str) -> Cited:
    return moments.told(found, "zh" if is_cjk(question) else "en")

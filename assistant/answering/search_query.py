"""The question as the library is asked it: understandable without the conversation, in the language of the files."""

import re
import threading
from collections.abc import Sequence

from assistant.ports.engine import Engine, Generation
from assistant.text.chinese_scripts import folded
from assistant.text.tokens import is_cjk, tokens
from assistant.values.conversation import Conversation
from assistant.values.evidence import Evidence
from assistant.values.parts import ChatMessage, Text
from prompts import render

LONGEST = 96  # tokens of a question that a model rewrites
TURNS = 3  # of the conversation, shown for rewriting
_POINTS_BACK = re.compile(
    r"\b(it|its|he|him|his|she|her|they|them|their|that|this|those|these|there|then|one)\b|^\s*(and|but|why)\b"
    r"|[它他她]|这个|那个|这里|那里|^(那|还有|为什么)",
    re.IGNORECASE,
)


def points_back(question: str, conversation: Conversation) -> bool:
    """Whether it needs the conversation to be understood ("and when is it due?")."""
    return bool(conversation.exchanges) and (len(tokens(question)) < 3 or bool(_POINTS_BACK.search(folded(question))))


def standing_alone(question: str, conversation: Conversation, engine: Engine, stop: threading.Event) -> str:
    """The same question with names for what it points back to. A small model is not trusted with that: there the
    question before comes along, whose words are searched for as well."""
    if engine.profile.small:
        return f"{conversation.last_question()} {question}"
    history = conversation.exchanges[-TURNS:]
    return _say(engine, stop, render("standalone.md.j2", history=history, question=question)) or question


def translated(question: str, engine: Engine, stop: threading.Event) -> str:
    """Chinese into English, anything else into Chinese."""
    into = "en" if is_cjk(question) else "zh"
    return _say(engine, stop, render("translate_question.md.j2", question=question, into=into)) or question


def is_foreign(question: str, pieces: Sequence[Evidence]) -> bool:
    """Whether the question is in another script than these, so that words cannot meet."""
    return bool(pieces) and all(is_cjk(piece.content) != is_cjk(question) for piece in pieces)


def _say(engine: Engine, stop: threading.Event, asked: str) -> str:
    return "".join(engine.generate([ChatMessage("user", (Text(asked),))], Generation(LONGEST), stop)).strip()

"""A question in English: what examples in English ask of a small model, it answers best of an English question."""

import threading

from assistant.ports.engine import ASIDE, Engine, Generation
from assistant.values.parts import ChatMessage, Text
from prompts import render

LONGEST = 96  # tokens
EXAMPLES = (
    ("Wie heißt der Hund?", "What is the dog called?"),
    ("图书馆几点关门？", "What time does the library close?"),
    ("¿quién pagó la cuenta?", "who paid the bill?"),
    ("Combien de chaises ont été livrées ?", "How many chairs were delivered?"),
)


def in_english(question: str, language: str, engine: Engine, stop: threading.Event) -> str:
    """The same question in English, by examples, which a small model follows better than an instruction."""
    if language == "en":
        return question
    messages: list[ChatMessage] = []
    for foreign, english in EXAMPLES:
        messages += [_to_english(foreign), ChatMessage("assistant", (Text(english),))]
    said = "".join(
        engine.generate([*messages, _to_english(question)], Generation(LONGEST), stop, ASIDE + "questions in English")
    )
    return next((line.strip() for line in said.splitlines() if line.strip()), question)


def _to_english(question: str) -> ChatMessage:
    return ChatMessage("user", (Text(render("translate_question.md.j2", question=question, into="en")),))

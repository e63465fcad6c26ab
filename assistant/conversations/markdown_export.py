"""Conversations to read and to learn from: one as Markdown, and the answers that were judged as lines of JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.conversations.history import History
from assistant.conversations.records import StoredTurn
from assistant.values.answer_json import printed
from assistant.values.events import Citation
from assistant.values.evidence import describe
from assistant.values.messages import say

_ENDED = {
    "stopped": say("The answer was stopped here."),
    "interrupted": say("The answer was interrupted here."),
    "answering": say("The answer is still being written."),
}


def export_markdown(history: History, owner: str, conversation: str) -> str:
    """The open path: questions, the names of files, answers with their numbers, and what each number stands for."""
    info, turns = history.get(owner, conversation), history.turns(owner, conversation)
    parts = [f"# {info.title or 'Conversation'}"]
    for number, stored in enumerate(turns, 1):
        parts += _turn(number, stored)
    return "\n\n".join(parts) + "\n"


def feedback_lines(history: History, owner: str) -> Iterator[str]:
    """One JSON object a line for each answer that was liked or disliked, oldest first.

    verdict, feedback, asked (as typed), question (as understood), files, earlier (question and answer of the turns
    before), answer (as `ask --json` prints it, or null), partial, failure, asked_at (UTC).
    """
    for stored in history.judged(owner):
        earlier = history.before(stored).exchanges
        line = {
            "verdict": stored.verdict,
            "feedback": stored.feedback,
            "asked": stored.asked,
            "question": stored.question or stored.asked,
            "files": [file.name for file in stored.given],
            "earlier": [{"question": each.question, "answer": each.answer} for each in earlier],
            "answer": printed(stored.answer) if stored.answer is not None else None,
            "partial": stored.partial,
            "failure": stored.failure,
            "asked_at": _moment(stored).isoformat(timespec="seconds"),
        }
        yield json.dumps(line, ensure_ascii=False)


def _turn(number: int, stored: StoredTurn) -> list[str]:
    asked = stored.asked or stored.question
    parts = [f"## {number}. {_moment(stored):%Y-%m-%d %H:%M} UTC"]
    if asked:
        parts.append("\n".join(f"> {line}".rstrip() for line in asked.splitlines()))
    if stored.given:
        parts.append("Files: " + ", ".join(_code(file.name) for file in stored.given))
    if text := stored.answer.text if stored.answer is not None else stored.partial:
        parts.append(text)
    if stored.failure:
        parts.append(f"*{stored.failure}*")
    if stored.state in _ENDED:
        parts.append(f"*{_ENDED[stored.state]}*")
    if stored.answer is not None and stored.answer.citations:
        parts.append("\n".join(["Sources:", "", *map(_source, stored.answer.citations)]))
    return parts


def _source(citation: Citation) -> str:
    quote = " ".join(citation.quote.split())
    return f"- \\[{citation.number}\\] {_code(citation.source)}, {describe(citation.location)}: “{quote}”"


def _code(name: str) -> str:
    """A name as it is, whatever Markdown would make of it."""
    return f"`` {name} ``" if "`" in name else f"`{name}`"


def _moment(stored: StoredTurn) -> datetime:
    return datetime.fromtimestamp(stored.asked_at, UTC)

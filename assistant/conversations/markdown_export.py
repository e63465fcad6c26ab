"""Conversations to read and to learn from: one as Markdown, and the answers that were judged as lines of JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.conversations.history import History
from assistant.conversations.records import Entry
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
    info, entries = history.get(owner, conversation), history.entries(owner, conversation)
    parts = [f"# {info.title or 'Conversation'}"]
    for number, entry in enumerate(entries, 1):
        parts += _turn(number, entry)
    return "\n\n".join(parts) + "\n"


def feedback_lines(history: History, owner: str) -> Iterator[str]:
    """One JSON object a line for each answer that was liked or disliked, oldest first.

    verdict, feedback, asked (as typed), question (as understood), files, earlier (question and answer of the turns
    before), answer (as `ask --json` prints it, or null), partial, failure, asked_at (UTC).
    """
    for entry in history.judged(owner):
        earlier = history.before(entry).exchanges
        line = {
            "verdict": entry.verdict,
            "feedback": entry.feedback,
            "asked": entry.asked,
            "question": entry.question or entry.asked,
            "files": [file.name for file in entry.given],
            "earlier": [{"question": each.question, "answer": each.answer} for each in earlier],
            "answer": printed(entry.answer) if entry.answer is not None else None,
            "partial": entry.partial,
            "failure": entry.failure,
            "asked_at": _moment(entry).isoformat(timespec="seconds"),
        }
        yield json.dumps(line, ensure_ascii=False)


def _turn(number: int, entry: Entry) -> list[str]:
    asked = entry.asked or entry.question
    parts = [f"## {number}. {_moment(entry):%Y-%m-%d %H:%M} UTC"]
    if asked:
        parts.append("\n".join(f"> {line}".rstrip() for line in asked.splitlines()))
    if entry.given:
        parts.append("Files: " + ", ".join(_code(file.name) for file in entry.given))
    if text := entry.answer.text if entry.answer is not None else entry.partial:
        parts.append(text)
    if entry.failure:
        parts.append(f"*{entry.failure}*")
    if entry.state in _ENDED:
        parts.append(f"*{_ENDED[entry.state]}*")
    if entry.answer is not None and entry.answer.citations:
        parts.append("\n".join(["Sources:", "", *map(_source, entry.answer.citations)]))
    return parts


def _source(citation: Citation) -> str:
    quote = " ".join(citation.quote.split())
    return f"- \\[{citation.number}\\] {_code(citation.source)}, {describe(citation.location)}: “{quote}”"


def _code(name: str) -> str:
    """A name as it is, whatever Markdown would make of it."""
    return f"`` {name} ``" if "`" in name else f"`{name}`"


def _moment(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.asked_at, UTC)

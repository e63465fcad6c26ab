"""The page of a shared copy: still HTML for whoever has the link, without a script, and nothing loaded from anywhere.

Everything in it was written by a person, a file or a model, so every word is escaped, and the browser is told to
run nothing, to ask nobody, and to keep and pass on nothing. Knows no Gradio.
"""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.conversations.sharing import Copy, SharedCitation, SharedFile, SharedTurn, Shares
from assistant.values.standing import Standing
from ui.shared_markdown import MARK, as_html
from ui.sharing_view import FOLDER
from ui.words import in_language, language_of, tag
from ui.words.chat import ChatWords
from ui.words.core import place
from ui.words.sharing import SharingWords

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route


class SharedPage:
    def __init__(self, shares: Shares) -> None:
        self._shares = shares

    def routes(self) -> "list[Route]":
        from starlette.routing import Route

        return [
            Route(f"/{FOLDER}/{{token}}", self._page, methods=["GET"]),
            Route(f"/{FOLDER}/{{token}}/{{source_id}}", self._file, methods=["GET"]),
        ]

    def _page(self, request: "Request") -> "Response":
        token, words, chat = request.path_params["token"], *_words(request)
        copy = self._shares.copy(token)
        return _gone(words, chat) if copy is None else _response(page(copy, token, words, chat), 200)

    def _file(self, request: "Request") -> "Response":
        """A file that was shared along, to be saved and never shown as a page."""
        from starlette.responses import FileResponse

        found = self._shares.file(request.path_params["token"], request.path_params["source_id"])
        if found is None or not found[1].is_file():
            return _gone(*_words(request))
        file, path = found
        return FileResponse(path, media_type="application/octet-stream", filename=file.name, headers=_headers())


def page(copy: Copy, token: str, words: SharingWords, chat: ChatWords) -> str:
    """The whole of it. token: where its files are to be had, relative to it."""
    title = copy.title or words.untitled
    note = words.note.format(date=f"{datetime.fromtimestamp(copy.made, UTC):%Y-%m-%d}")
    turns = "".join(_turn(number, turn, token, words, chat) for number, turn in enumerate(copy.turns, 1))
    body = f'<h1 dir="auto">{escape(title)}</h1><p class="note">{escape(note)}</p>{turns}'
    return _html(title, body, chat)


def _turn(number: int, turn: SharedTurn, token: str, words: SharingWords, chat: ChatWords) -> str:
    files = "".join(f"<li>{_file(file, token, words)}</li>" for file in turn.files)
    files = f'<ul class="files" aria-label="{escape(words.files)}">{files}</ul>' if files else ""
    asked = f'<p dir="auto">{escape(turn.question)}</p>' if turn.question else ""
    answer = _answer(number, turn, words, chat)
    return (
        f'<section class="question"><h2>{escape(words.question)} {number}</h2>{files}{asked}</section>'
        f'<section class="answer"><h3>{escape(words.answer)} {number}</h3>{answer}</section>'
    )


def _file(file: SharedFile, token: str, words: SharingWords) -> str:
    name = f"<bdi>{escape(words.voice if file.spoken else file.name)}</bdi>"
    return f'<a href="{escape(token)}/{file.source_id}" download>{name}</a>' if file.source_id else name


def _answer(number: int, turn: SharedTurn, words: SharingWords, chat: ChatWords) -> str:
    text = turn.answer.replace(MARK, "").strip()
    for sentence in dict.fromkeys(turn.unsupported if _standing(turn) == "partly" else ()):
        if sentence.strip():
            text = text.replace(sentence.strip(), sentence.strip() + MARK)
    anchor = f"source-{number}-"
    parts = []
    if text:
        html = as_html(text, [one.number for one in turn.citations], anchor)
        parts.append(f'<div class="text" dir="auto" tabindex="0">{html}</div>')
    parts += [f'<p class="why">{escape(sentence)}</p>' for sentence in _ended(turn, words, chat)]
    if turn.citations:
        notes = "".join(_footnote(one, anchor, words, chat) for one in turn.citations)
        parts.append(f'<ol class="sources" aria-label="{escape(chat.sources)}">{notes}</ol>')
    return "".join(parts)


def _ended(turn: SharedTurn, words: SharingWords, chat: ChatWords) -> list[str]:
    """What is to be known of the answer. Why one failed stays with the owner: it may name folders."""
    match turn.state:
        case "failed":
            return [words.no_answer]
        case "answering" | "interrupted":
            return [words.unfinished]
        case "stopped":
            return [chat.stopped]
        case "done" if not turn.answer.strip():
            return [chat.nothing_said]
    match _standing(turn):
        case "partly":
            return [words.unsupported]
        case "itself":
            return [words.not_grounded]
        case "seen or itself":
            return [words.seen_or_itself]
        case "another script":
            return [words.another_script]
        case "":
            return []


def _standing(turn: SharedTurn) -> Standing:
    if turn.standing is not None:
        return turn.standing
    return "itself" if not turn.grounded else "partly" if turn.unsupported else ""


def _footnote(one: SharedCitation, anchor: str, words: SharingWords, chat: ChatWords) -> str:
    where = f"{escape(one.source)}, {escape(place(one.location, chat.language))}"
    quote = f'<blockquote dir="auto">{escape(" ".join(one.quote.split()))}</blockquote>' if one.quote.strip() else ""
    label = escape(words.footnote.format(number=one.number))
    return f'<li id="{anchor}{one.number}"><b title="{label}">[{one.number}]</b><bdi>{where}</bdi>{quote}</li>'


def _gone(words: SharingWords, chat: ChatWords) -> "Response":
    """One and the same for what never was, was withdrawn, or went with its conversation."""
    return _response(_html(words.gone, f"<p>{escape(words.gone)}</p>", chat), 404)


def _html(title: str, body: str, chat: ChatWords) -> str:
    return (
        f'<!doctype html><html lang="{tag(chat.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_css()}</style></head><body><main>{body}</main></body></html>"
    )


def _response(html: str, status: int) -> "Response":
    from starlette.responses import HTMLResponse

    return HTMLResponse(html.encode("utf-8", "replace"), status, headers=_headers())


def _words(request: "Request") -> tuple[SharingWords, ChatWords]:
    language = language_of(request)
    return in_language(language, SharingWords), in_language(language, ChatWords)


@cache
def _css() -> str:
    return (Path(__file__).parent / "looks" / "shared.css").read_text(encoding="utf-8")


@cache
def _headers() -> dict[str, str]:
    """The page's own style is known by its digest; whatever else anybody might slip in does nothing."""
    style = b64encode(hashlib.sha256(_css().encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Language, Cookie",
    }

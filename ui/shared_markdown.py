"""The Markdown of a shared answer as HTML for a page without a script: markdown-it, with little of it allowed.

No HTML of the model's, no pictures (their words stay), links to http and https alone; a number in brackets that is
one of the answer's citations leads to its footnote. Nothing carries a style, which the page's policy would refuse.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from html import escape
from typing import Any

MARK = "\ue000"  # stands behind an unsupported sentence until the text is HTML; a character nobody writes
_NUMBER = re.compile(r"\[(\d{1,4})\]")
_WEB = re.compile(r"https?://", re.IGNORECASE)


def as_html(text: str, numbers: Collection[int], anchor: str) -> str:
    """numbers: of the citations. anchor: what the ids of their footnotes begin with."""
    html: str = _parser().render(text, {"numbers": frozenset(numbers), "anchor": anchor, "in_link": False})
    return html.replace(MARK, " †")


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "typographer": False})
    made.enable(["table", "strikethrough"])
    made.disable("reference")  # else "[1]: http://…" would make a citation's number lead elsewhere
    made.validateLink = lambda url: _WEB.match(url) is not None  # type: ignore[method-assign]
    for name, rule in (("link_open", _link), ("link_close", _link_end), ("image", _picture), ("text", _words)):
        made.add_render_rule(name, rule)
    for name in ("th_open", "td_open"):
        made.add_render_rule(name, _cell)
    return made


def _link(renderer: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    env["in_link"] = True
    tokens[at].attrSet("rel", "noopener nofollow noreferrer")
    return str(renderer.renderToken(tokens, at, options, env))


def _link_end(renderer: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    env["in_link"] = False
    return str(renderer.renderToken(tokens, at, options, env))


def _picture(renderer: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    return escape(renderer.renderInlineAsText(tokens[at].children or [], options, env))


def _words(_: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:  # noqa: ARG001
    html = escape(tokens[at].content)
    return html if env["in_link"] else _NUMBER.sub(lambda found: _footnoted(found, env), html)


def _footnoted(found: re.Match[str], env: Any) -> str:
    if int(found[1]) not in env["numbers"]:
        return found[0]
    return f'<sup><a href="#{env["anchor"]}{int(found[1])}">[{int(found[1])}]</a></sup>'


def _cell(renderer: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    style = str(tokens[at].attrs.pop("style", ""))
    if style:
        tokens[at].attrSet("class", style.rpartition(":")[2])
    return str(renderer.renderToken(tokens, at, options, env))

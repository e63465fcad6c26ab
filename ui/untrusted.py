"""Text written by a model, a person or a file, made safe to show in a page that renders Markdown.

Nothing in it can load something from another host, run a script or close a tag of ours. Code stays
code, everything else keeps its plain Markdown: paragraphs, lists, tables, emphasis, links. This does
not follow a Markdown parser's every turn; it makes the dangerous characters impossible instead:

- outside of code there is no "<", no "![", no "](" before anything but an http, https, mailto or
  local #link, no "]:" (reference definitions) and no run of three backticks or tildes;
- blocks of code are written anew: at the left margin, between fences longer than any inside;
- code within a line is written as character references between <code> and </code>;
- formulas stand between characters of ours that nobody else can write (`FORMULAS`), because the page cuts
  them out before it reads the Markdown: cut out by a dollar sign they could take the end of a block of code along;
- a Mermaid drawing stays one only where nothing in it could become HTML, an address or a setting.
"""

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_CODE = r"(?<![`\\])(?P<ticks>`{1,2})(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
_IN_DISPLAYED = r"(?:[^\n]|\n(?![^\S\n]*\n))"
# Another beginning inside is no formula but "\\[2pt]", the end of a row. They are counted, so that those without an end
# are not each followed to the end of the text.
_NEXT_ROWS = rf"(?:(?!\\\[){_IN_DISPLAYED})*?(?:\\\[(?:(?!\\\[){_IN_DISPLAYED})*?){{0,40}}?"
_NEXT_ROUND = r"(?:(?!\\\()[^\n])*?(?:\\\((?:(?!\\\()[^\n])*?){0,8}?"
_DISPLAYED = (
    r"\$\$(?P<dollars>(?:[^$\n]|\n(?![^\S\n]*\n))+?)\$\$"
    rf"|\\\[(?P<brackets>{_IN_DISPLAYED}{_NEXT_ROWS})\\\]"
)
# A dollar sign is a price more often than not: a formula has no space at its edges, no digit behind, and a sign inside.
_INLINE = (
    rf"\\\((?P<round>[^\n]{_NEXT_ROUND})\\\)"
    r"|(?<![\\$\w])\$(?P<dollar>(?=[^$\n]*[\\^_={}+*/<>]|[A-Za-z]\$)[^\s$](?:[^$\n]*[^\s$\\])?)\$(?![\w$])"
)
_SPAN = re.compile(f"{_CODE}|{_DISPLAYED}|{_INLINE}")
_LINK = re.compile(r"\]\((?!(?:https?://|mailto:|#)[^\s)<>]{0,2000}[\s)])", re.IGNORECASE)

_OPEN, _CLOSE, _OPEN_INLINE, _CLOSE_INLINE = "\ue001", "\ue002", "\ue003", "\ue004"
_OURS = dict.fromkeys(range(0xE001, 0xE010))  # taken out of whatever others wrote
FORMULAS = [
    {"left": _OPEN, "right": _CLOSE, "display": True},
    {"left": _OPEN_INLINE, "right": _CLOSE_INLINE, "display": False},
]

_DRAWING = re.compile(
    r"\s*(?:graph|flowchart|sequenceDiagram|classDiagram|stateDiagram(?:-v2)?|erDiagram|gantt|pie|journey|mindmap|timeline"
    r"|gitGraph|quadrantChart|xychart-beta|sankey-beta)\b"
)
_NO_DRAWING = re.compile(
    r"<(?![-|=.])|&#?\w+;|#\w+;|//|url\s*\(|@\{|%%\{|`|!\[|\b(?:href|src|javascript|data)\b|^[^\S\n]*(?:click|links?)\s",
    re.IGNORECASE | re.MULTILINE,
)
_MEANING = "\\`*_[]<>&~|#$!\"'{}"


def as_text(text: str) -> str:
    """`text` in one line, as it reads: nothing in it means anything to Markdown or HTML.

    To be put after words of ours: at the start of a line "1." and "- " would still begin a list.
    """
    return _references(" ".join(text.translate(_OURS).split()))


def as_html(text: str) -> str:
    """`text` in one line, for a tag or an attribute: nothing in it means anything to HTML, Markdown or a template."""
    return "".join(f"&#{ord(c)};" if c in _MEANING else c for c in " ".join(text.translate(_OURS).split()))


def as_markdown(text: str, prose: Callable[[str], str] = str, drawn: bool = True) -> str:
    """The Markdown of `text`, harmless. `prose` may work on each stretch outside of code once it is safe.

    drawn: Mermaid becomes a drawing; not while its text is still growing.
    """
    out: list[str] = []
    lines: list[str] = []
    rest = iter(text.translate(_OURS).replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for line in rest:
        if (fence := _FENCE.match(line)) is None:
            lines.append(line)
            continue
        out += [_prose("\n".join(lines), prose), _code_block(fence, rest, drawn)]
        lines = []
    out.append(_prose("\n".join(lines), prose))
    return "\n\n".join(stripped for part in out if (stripped := part.strip("\n")))


def _references(text: str) -> str:
    """The characters with a meaning as character references."""
    return "".join(f"&#{ord(c)};" if c in "\\`*_[]<>&~|#$!" else c for c in text)


def _code_block(fence: re.Match[str], rest: Iterator[str], drawn: bool) -> str:
    """Takes lines from `rest` up to the closing fence, or to the end while the text is still streaming."""
    closing = re.compile(rf"^[ \t]*{re.escape(fence['marks'][0])}{{{len(fence['marks'])},}}[ \t]*$")
    body: list[str] = []
    for line in rest:
        if closing.match(line):
            break
        body.append(line)
    longest = max((len(run) for run in re.findall(r"`+", "\n".join(body))), default=0)
    marks = "`" * max(3, longest + 1)
    language = re.sub(r"[^\w+#-]", "", (fence["info"].split() or [""])[0])[:20]
    if language.lower() == "mermaid":
        language = "mermaid" if drawn and _is_drawing("\n".join(body)) else ""
    return "\n".join([marks + language, *body, marks])


def _is_drawing(text: str) -> bool:
    return _DRAWING.match(text) is not None and _NO_DRAWING.search(text) is None


def _prose(text: str, work: Callable[[str], str]) -> str:
    out: list[str] = []
    at = 0
    for span in _SPAN.finditer(text):
        out += [work(_harmless(text[at : span.start()])), _span(span)]
        at = span.end()
    return "".join([*out, work(_harmless(text[at:]))])


def _span(span: re.Match[str]) -> str:
    """Code within a line, or a formula."""
    if span["code"] is not None:
        return f"<code>{_references(span['code'])}</code>"
    displayed = span["dollars"] or span["brackets"]
    if displayed is not None:
        return f"{_OPEN}{displayed}{_CLOSE}"
    return f"{_OPEN_INLINE}{span['round'] or span['dollar']}{_CLOSE_INLINE}"


def _harmless(text: str) -> str:
    text = text.replace("<", "&lt;")
    text = re.sub(r"(?<!!)!++(?=\[)", "", text)
    text = re.sub(r"(?<!!)!+$", lambda marks: "&#33;" * len(marks[0]), text)  # what follows may be "["
    text = _LINK.sub("]&#40;", text)
    text = text.replace("]:", "]&#58;")
    return re.sub(r"`{3,}|~{3,}", lambda run: f"&#{ord(run[0][0])};" * len(run[0]), text)

"""Text written by a model, a person or a file, made safe to show in a page that renders Markdown.

Nothing in it can load something from another host, run a script or close a tag of ours. Code stays
code, everything else keeps its plain Markdown: paragraphs, lists, tables, emphasis, links. This does
not follow a Markdown parser's every turn; it makes the dangerous characters impossible instead:

- outside of code there is no "<", no "![", no "](" before anything but an http, https, mailto or
  local #link, no "]:" (reference definitions) and no run of three backticks or tildes;
- blocks of code are written anew: at the left margin, between fences longer than any inside;
- code within a line is written as character references between <code> and </code>.
"""

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_CODE = re.compile(r"(?<![`\\])(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"\]\((?!(?:https?://|mailto:|#)[^\s)<>]*[\s)])", re.IGNORECASE)
_DRAWN = {"mermaid"}  # languages that the page would turn into a drawing, with pictures in it


def as_text(text: str) -> str:
    """`text` in one line, as it reads: nothing in it means anything to Markdown or HTML.

    To be put after words of ours: at the start of a line "1." and "- " would still begin a list.
    """
    return _references(" ".join(text.split()))


def as_markdown(text: str, prose: Callable[[str], str] = str) -> str:
    """The Markdown of `text`, harmless. `prose` may work on each stretch outside of code once it is safe."""
    out: list[str] = []
    lines: list[str] = []
    rest = iter(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for line in rest:
        if (fence := _FENCE.match(line)) is None:
            lines.append(line)
            continue
        out += [_prose("\n".join(lines), prose), _code_block(fence, rest)]
        lines = []
    out.append(_prose("\n".join(lines), prose))
    return "\n\n".join(stripped for part in out if (stripped := part.strip("\n")))


def _references(text: str) -> str:
    """The characters with a meaning as character references."""
    return "".join(f"&#{ord(c)};" if c in "\\`*_[]<>&~|#$!" else c for c in text)


def _code_block(fence: re.Match[str], rest: Iterator[str]) -> str:
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
    return "\n".join([marks + ("" if language.lower() in _DRAWN else language), *body, marks])


def _prose(text: str, work: Callable[[str], str]) -> str:
    out: list[str] = []
    at = 0
    for span in _CODE.finditer(text):
        out += [work(_harmless(text[at : span.start()])), f"<code>{_references(span[2])}</code>"]
        at = span.end()
    return "".join([*out, work(_harmless(text[at:]))])


def _harmless(text: str) -> str:
    text = text.replace("<", "&lt;")
    text = re.sub(r"!+(?=\[)", "", text)
    text = re.sub(r"!+$", lambda marks: "&#33;" * len(marks[0]), text)  # what follows may be "["
    text = _LINK.sub("]&#40;", text)
    text = text.replace("]:", "]&#58;")
    return re.sub(r"`{3,}|~{3,}", lambda run: f"&#{ord(run[0][0])};" * len(run[0]), text)

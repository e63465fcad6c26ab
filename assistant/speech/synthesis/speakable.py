"""Markdown as it is read aloud: what stands there for the eye alone is left out or named with a word.

Headings are sentences, items of a list have pauses between them, a link is said by its name, code and formulas by
what they are; numbers, dates and units come out in words (`said`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.speech.text_normalization.language_id import identify_language
from assistant.speech.text_normalization.normalize import normalize_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 20_000  # characters of Markdown that are read at once; nobody listens to more
_WORDS = {
    "en": {
        "code": "Here is some code.", "drawing": "Here is a drawing.", "formula": "a formula", "picture": "a picture",
    },
    "zh": {"code": "此处有代码。", "drawing": "此处有图。", "formula": "一个公式", "picture": "一张图片"},
}  # fmt: skip
_CITATION = re.compile(
    r"\[\\?\[?\d{1,3}(?:\s?[,，–-]\s?\d{1,3}){0,20}\\?\]?\](?:\(#[^)\s]{0,80}\))?|"
    r"【\d{1,3}(?:†[^】\n]{0,60})?】|\[\^[\w-]{1,30}\]:?|[†‡]"
)
_FORMULA = re.compile(
    r"\$\$.{1,2000}?\$\$|\\\[.{1,2000}?\\\]|\\\(.{1,500}?\\\)|"
    r"(?<![\\\w$])\$(?=[^\s$])[^$\n]{0,300}?[\\^_{=][^$\n]{0,300}?(?<=[^\s\\])\$(?![\d$])",  # no sign of dollars
    re.DOTALL,
)
_SIMPLE_FORMULA = re.compile(r"[\w\s+\-=<>.,%]{1,40}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_ENDS = (".", "!", "?", "。", "！", "？", "…", ":", "：", ";", "；")
_TAG = re.compile(r"<[^<>\n]{1,200}>")
_DRAWN = ("mermaid", "svg", "dot", "plantuml")


def speakable(markdown: str, language: str = "") -> str:
    """language: "en", "zh", or "" to find it. Sentences with their signs; nothing that would be read as a sign."""
    text = markdown[:LONGEST]
    language = language or identify_language(_CITATION.sub("", text))
    words = _WORDS["zh" if language == "zh" else "en"]
    text = _FORMULA.sub(lambda found: _formula(found[0], words), _CITATION.sub("", text))
    blocks = _blocks(_parser().parse(text), words)
    said = (normalize_text(block, language) for block in blocks)
    stop = "。" if language == "zh" else "."
    return " ".join(_ended(one, stop) for one in said if any(letter.isalnum() for letter in one))


def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _blocks(tokens: "Sequence[Token]", words: dict[str, str]) -> Iterator[str]:
    """Paragraph by paragraph, item by item, row by row."""
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "tr_open":
                row = []
            case "tr_close" if row is not None:
                yield ", ".join(cell for cell in row if cell)
                row = None
            case "inline" if row is not None:
                row.append(_inline(token, words))
            case "inline":
                yield _inline(token, words)
            case "fence" | "code_block":
                drawn = token.info.strip().split(" ")[0].lower() in _DRAWN
                yield words["drawing" if drawn else "code"]
            case "html_block":
                yield _TAG.sub(" ", token.content)


def _inline(token: "Token", words: dict[str, str]) -> str:
    parts: list[str] = []
    for child in token.children or []:
        match child.type:
            case "text":
                parts.append(child.content)
            case "code_inline":
                parts.append(_code(child.content))
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "image":
                named = child.content.strip()
                parts.append(f" {named or words['picture']} ")
            case "html_inline":
                parts.append(" " if child.content.lower().startswith("<br") else "")
    return "".join(parts)


def _code(code: str) -> str:
    """Inline code is read: its signs that part words become blanks, a call loses its brackets."""
    code = re.sub(r"\(\)", "", code)
    return re.sub(r"[{}\[\]()=;|\\\"'`<>]+", " ", code)


def _formula(formula: str, words: dict[str, str]) -> str:
    """ "$x = 3$" is read; what needs to be seen is named."""
    inside = formula.strip("$").removeprefix("\\(").removesuffix("\\)").strip()
    return f" {inside} " if _SIMPLE_FORMULA.fullmatch(inside) and "_" not in inside else f" {words['formula']} "


def _ended(text: str, stop: str) -> str:
    """A heading or an item ends like a sentence, so that a pause follows."""
    bare = text.rstrip(" ,，、\"”’')）")
    return text if bare.endswith(_ENDS) else text.rstrip(" ,，、") + stop

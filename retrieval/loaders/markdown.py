"""Markdown: sections by headings; marks that only style are taken away, so that the text reads as prose."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from assistant.media import digest
from assistant.values.evidence import Document
from assistant.values.files import FileFacts
from retrieval import metadata
from retrieval.decoding import decode, guess_note
from retrieval.loaders.html import into_outline
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

_FENCE = re.compile(r"(?:[ \t]*>)*[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)")
_HEADING_ID = re.compile(r"(?<!\s)\s+\{#[\w-]{1,80}\}$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)$")
_BREAK = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:[-*+>|]|\d{1,9}[.)])(?=[ \t]|$)|[ \t]*\|")
_TABLE_RULE = re.compile(r"[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
_KEY = re.compile(r"[\w.-]{1,60}[ \t]*[:=]")
_PAIR = re.compile(r"([\w.-]{1,60})[ \t]*[:=][ \t]*(.*)$")
_MOST_FRONT_LINES = 500
_NOTE = re.compile(r" {0,3}\[\^([^\[\]\s]{1,60})\]:[ \t]*")
_NOTE_MARK = re.compile(r"\[\^([^\[\]\s]{1,60})\](?!:)")
_BACKTICKS = re.compile(r"`+")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAG_NAMES = (
    "a|abbr|b|big|blockquote|center|cite|code|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|font|i|img|ins|kbd|li"
    "|mark|ol|p|picture|q|s|samp|section|small|source|span|strike|strong|sub|summary|sup|table|tbody|td|th"
    "|thead|tr|tt|u|ul|var"
)
# lengths are bounded, so that a hostile line takes no longer than an honest one
_STYLE = (
    (re.compile(r"<!--.{0,2000}?-->"), ""),
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:[ \t]+\"[^\"]*\")?\)"), r"\1"),  # links and pictures: their words
    (re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]{0,200}\]"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"<br[ \t]{0,9}/?>", re.I), " "),
    (re.compile(r"<img\b[^<>]{0,500}?\balt=\"([^\"<>]{0,500})\"[^<>]{0,500}>", re.I), r"\1"),
    (re.compile(rf"</?(?:{_TAG_NAMES})(?:[ \t][^<>]{{0,500}})?/?>", re.I), ""),
)
_SET_ASIDE = 0xF0000  # from here on lie characters of private use, which stand for what no style may touch
_MOST_SET_ASIDE = 60_000


class MarkdownLoader:
    kind = "Markdown"
    extensions = (".md", ".markdown")
    media_types = ("text/markdown",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        text, guess = decode(path.read_bytes())
        outline = Outline()
        front, lines = _front_matter(text.split("\n"))
        outline.block("\n".join(front))
        _fill(outline, lines, name)
        begins = outline.begins or (bool(front) and bool(_HEADING.match(next(filter(str.strip, lines), ""))))
        title, headings = titled(outline.headings, begins)
        told = {found[1].lower(): found[2] for line in front if (found := _PAIR.match(line))}
        named = metadata.said(told.get("title"))
        facts = FileFacts(
            "",
            name,
            outline=tuple(one.text for one in outline.headings if one.text != named) if named else headings,
            words=outline.words,
            title=named or title,
            author=metadata.said(told.get("author") or told.get("authors")),
            written=next(filter(None, (metadata.iso(told.get(key)) for key in ("date", "created", "published"))), ""),
        )
        return Document(digest(path), name, "text", outline.passages(), notes=guess_note(name, guess), facts=facts)


def _front_matter(lines: list[str]) -> tuple[list[str], list[str]]:
    """What stands between marks above everything (YAML, or TOML with +++), as lines "key: value"; and the rest."""
    mark = lines[0].strip()
    if mark not in ("---", "+++"):
        return [], lines
    ends = (mark, "...") if mark == "---" else (mark,)
    end = next((at for at, line in enumerate(lines[1:_MOST_FRONT_LINES], 1) if line.rstrip() in ends), 0)
    front = [line for line in lines[1:end] if line.strip() and not line.lstrip().startswith("#")]
    if not front or not _KEY.match(front[0]):
        return [], lines  # a rule, and no mark
    return [_unquoted(line) for line in front], lines[end + 1 :]


def _unquoted(line: str) -> str:
    """ "owner: 'Petra Nagy'" as "owner: Petra Nagy"."""
    found = _PAIR.match(line)
    if found is None:
        return line
    value = found[2].strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return f"{found[1]}: {value}"


def _fill(outline: Outline, lines: list[str], name: str) -> None:
    """A footnote stands behind the block that points to it: read alone, neither says much."""
    lines, notes = _without_notes(_without_comments(lines))
    for level, block in _blocks(lines):
        if level < 0:
            into_outline(block, name, outline)
        elif level:
            outline.heading(_NOTE_MARK.sub("", block), level)
            outline.block("\n".join(_told(block, notes)))
        else:
            outline.block("\n".join((block, *_told(block, notes))))
    for mark in list(notes):  # those that nothing points to
        outline.block(f"[^{mark}]: {notes.pop(mark)}")


def _told(block: str, notes: dict[str, str]) -> Iterator[str]:
    for found in _NOTE_MARK.finditer(block) if notes else ():
        if found[1] in notes:
            yield f"[^{found[1]}]: {notes.pop(found[1])}"


def _without_comments(lines: list[str]) -> list[str]:
    """Comments over several lines are taken away; of those within a line `_STYLE` knows."""
    kept: list[str] = []
    fence, hidden, waiting = "", False, 0
    for line in lines:
        if hidden:
            _, closes, after = line.partition("-->")
            if closes:
                hidden = False
                kept.append(after)
            else:
                waiting += 1
            continue
        fence = _fenced(line, fence)
        if not fence and (at := line.rfind("<!--")) >= 0 and "`" not in line and "-->" not in line[at:]:
            kept.append(line[:at])
            hidden, waiting = True, 0
            continue
        kept.append(line)
    # one that never ends hides nothing
    return [*kept, *lines[len(lines) - waiting :]] if hidden and waiting else kept


def _fenced(line: str, fence: str) -> str:
    """The mark of the code that the next line stands in, where this one was met within `fence`; "": none."""
    mark = _FENCE.match(line)
    if mark is None:
        return fence
    if not fence:
        return mark[1] if "`" not in line[mark.end() :] or mark[1][0] == "~" else ""
    return "" if mark[1].startswith(fence) and not line[mark.end() :].strip() else fence


def _without_notes(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The lines without the definitions of footnotes, and these by their marks."""
    kept: list[str] = []
    notes: dict[str, list[str]] = {}
    fence, current = "", ""
    for line in lines:
        was, fence = fence, _fenced(line, fence)
        if was or fence:
            current = ""
            kept.append(line)
        elif (found := _NOTE.match(line)) and found[1] not in notes:
            current = found[1]
            notes[current] = [line[found.end() :]]
            kept.append("")
        elif current and line.strip() and (line[:1] in " \t" or kept[-1] == ""):
            if line[:1] in " \t" or notes[current][-1]:
                notes[current].append(line.strip())
                continue
            current = ""
            kept.append(line)
        elif current and not line.strip():
            notes[current].append("")
        else:
            current = ""
            kept.append(line)
    return kept, {mark: " ".join(filter(None, map(_plain, told))) for mark, told in notes.items()}


def _blocks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(level of a heading, or 0, or -1 for HTML, text) in order; a block ends at a blank line, code between fences is
    one block."""
    block: list[str] = []
    fence, html, width = "", False, 0
    last_end = max((at for at, line in enumerate(lines) if "</table" in line.lower()), default=-1)
    for at, line in enumerate(lines):
        was, fence = fence, _fenced(line, fence if not html else "")
        if html:
            block.append(line)
            html = "</table" not in line.lower()
            if not html:
                yield -1, "\n".join(block)
                block = []
            continue
        if was and fence:
            block.append(line)
            continue
        if was or fence:
            yield 0, "\n".join(block)
            block, width = [], 0
            continue
        if heading := _HEADING.match(line):
            yield 0, "\n".join(block)
            block, width = [], 0
            yield heading[0].count("#"), _plain(_HEADING_ID.sub("", line[heading.end() :].strip()).rstrip("#"))
        elif line.lstrip().lower().startswith("<table") and at <= last_end:
            yield 0, "\n".join(block)
            block, width = [line], 0
            html = "</table" not in line.lower()
            if not html:
                yield -1, "\n".join(block)
                block = []
        elif block and not width and _UNDERLINE.match(line.rstrip()) and not any(map(_NO_PARAGRAPH.match, block)):
            yield 1 if "=" in line else 2, " ".join(block)
            block = []
        elif _BREAK.match(line.rstrip()) or not line.strip():
            yield 0, "\n".join(block)
            block, width = [], 0
        elif width:
            block.append(_row(line, width))
        elif at + 1 < len(lines) and "|" in line and "|" in lines[at + 1] and _TABLE_RULE.match(lines[at + 1]):
            width = len(_cells(lines[at + 1]))
            block.append(_row(line, width))
        else:
            block.append(_plain(line))
        if width and _TABLE_RULE.match(line) and block and len(block) > 1 and at and "|" in lines[at - 1]:
            block.pop()  # the rule below the headers
    yield (-1 if html else 0), "\n".join(block)


def _row(line: str, width: int) -> str:
    """A row of a table of so many columns, as "a | b".

    A bar within code parts cells as on GitHub, unless that would be a cell too many: elsewhere it does not.
    """
    cells = _cells(line)
    if len(cells) > width and len(whole := _cells(line, code_parts=False)) == width:
        cells = whole
    return " | ".join(" ".join(_plain(cell.replace("\\|", "|")).split()) for cell in cells)


def _cells(line: str, code_parts: bool = True) -> list[str]:
    line = line.lstrip(" \t>").rstrip()
    spans = [] if code_parts else _code_spans(line)
    starts = [start for start, _ in spans]
    cells, begin = [], 0
    for at, letter in enumerate(line):
        if letter != "|" or (at and line[at - 1] == "\\"):
            continue
        inside = bisect_right(starts, at) - 1
        if inside >= 0 and at < spans[inside][1]:
            continue
        cells.append(line[begin:at])
        begin = at + 1
    cells.append(line[begin:])
    if len(cells) > 1 and not cells[0].strip():
        cells = cells[1:]
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _code_spans(line: str) -> list[tuple[int, int]]:
    """Start and end of each stretch of code in a line, its backticks included (CommonMark 0.31, section 6.1)."""
    runs = [found.span() for found in _BACKTICKS.finditer(line)]
    by_length: dict[int, list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(runs):
        by_length[end - start].append(number)
    spans, number = [], 0
    while number < len(runs):
        start, end = runs[number]
        same = by_length[end - start]
        following = bisect_right(same, number)
        escaped = start > 0 and line[start - 1] == "\\"
        if escaped or following == len(same):
            number += 1
            continue
        spans.append((start, runs[same[following]][1]))
        number = same[following] + 1
    return spans


def _plain(line: str) -> str:
    """Without the marks that style. What is code, or marked as no mark, stays as it is."""
    kept: list[str] = []

    def set_aside(words: str) -> str:
        if len(kept) >= _MOST_SET_ASIDE:
            return words
        kept.append(words)
        return chr(_SET_ASIDE + len(kept) - 1)

    parts, begin = [], 0
    for start, end in _code_spans(line):
        parts += [_ESCAPED.sub(lambda found: set_aside(found[1]), line[begin:start]), set_aside(line[start:end])]
        begin = end
    line = "".join((*parts, _ESCAPED.sub(lambda found: set_aside(found[1]), line[begin:])))
    for pattern, words in _STYLE:
        line = pattern.sub(words, line)
    if kept:
        line = "".join(
            kept[ord(letter) - _SET_ASIDE] if 0 <= ord(letter) - _SET_ASIDE < len(kept) else letter for letter in line
        )
    bare = line.strip()
    if bare.startswith("|") and bare.endswith("|") and len(bare) > 1:
        return " | ".join(cell.strip() for cell in bare[1:-1].split("|"))
    return line

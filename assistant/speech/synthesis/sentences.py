"""Sentences of an answer that is still being written, each as soon as it has ended, ready to be said.

What is fed is Markdown in pieces of any size. A sentence is never cut inside code, a link or a formula; a block of
code, a table or a drawing waits for its end and is named with a word. The first sentence is cut at a comma where it is
long, so that the voice begins early.
"""

import re

from assistant.speech.synthesis.speakable import speakable
from assistant.speech.text_normalization.language_id import identify_language

LONGEST = 220  # characters of English; a sentence beyond is parted at a comma. Chinese says as much in a third
FIRST = 20  # characters of English after which the first piece may end at a comma
_CHINESE = 3
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_ROW = re.compile(r" {0,3}\|")
_BLOCK = re.compile(r" {0,3}(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|>)")
_CLOSING = r"[\"'”’»)\]*_）】」』]{0,4}"
_NOTES = r"(?:\s?(?:\[\\?\[?\d[\d,\s–-]{0,20}\\?\]?\](?:\(#[^)\s]{0,80}\))?|【[^】]{1,40}】|†))*"
_END = re.compile(
    rf"(?:(?<![.!?…])[.!?…]++{_CLOSING}{_NOTES}{_CLOSING}(?=\s+\S)|[。！？…]+{_CLOSING}{_NOTES}{_CLOSING})"
)
_PAUSE = re.compile(r"[,;:—](?=\s)|\s[-–—]\s|[，；：、]")
_SHORTENED = re.compile(
    r"(?:^|[\s(\"“*_])(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Gen|Capt|Sen|Gov|Rev|Lt|Sgt|Col|Mt|No|Nos|Fig|Figs|Eq|Sec|Vol|Ch|Art|"
    r"Tab|vs|cf|ca|approx|e\.g|i\.e|p|pp|etc|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|incl|excl|resp|est|max|min|"
    r"[a-z]\.[a-z]|[A-Z]\.[A-Z]|\d{1,3})$"
)
_SURE = re.compile(r"\s+[\"“'(\[*_]*[A-Z\u4e00-\u9fff]")
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*+(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|(?<=.)\Z)")
_NEXT = re.compile(r"\s*(\S?)")
_SURE_SIGNS = ("。", "！", "？")
_AROUND = "\"'”’»)]*_）】」』"
_MAY_END = ("etc", "al", "m")  # "etc." before a capital ends a sentence
_LINK = re.compile(
    r"!?\[[^\[\]\n]{0,500}(?:\]\([^()\s]{0,500}(?:\)|$)|\]?$)|`+[^`]{0,500}`*|\$[^$\n]{1,300}\$|<?https?://\S+|\\\(.{0,300}?(?:\\\)|$)"
)
_UNFINISHED = re.compile(r"\[[^\[\]\n]{0,500}\]\([^()\n]{0,500}$|\[[^\[\]\n]{0,500}$")


class Sentences:
    """language: "en", "zh", or "" to find it sentence by sentence."""

    def __init__(self, language: str = "") -> None:
        self._language, self._rest, self._begun = language, "", False
        self._spoken = ""  # the language of what was said last: code has none of its own

    def feed(self, piece: str) -> list[str]:
        """What can be said now; each may be handed to a Speaker."""
        self._rest += piece
        return self._take(False)

    def end(self) -> list[str]:
        """What is left once the answer has ended. Then this can begin anew."""
        said = self._take(True)
        self._rest, self._begun = "", False
        return said

    def _take(self, ended: bool) -> list[str]:
        said = []
        while self._rest:
            cut = self._cut(ended)
            if not cut:
                break
            raw, self._rest = self._rest[:cut], self._rest[cut:]
            if any(letter.isalpha() for letter in raw) and not _FENCE.match(raw):
                self._spoken = identify_language(raw)
            if spoken := speakable(raw, self._language or self._spoken):
                said.append(spoken)
                self._begun = True
        return said

    def _cut(self, ended: bool) -> int:
        """How much of the rest is a whole piece; 0: nothing yet."""
        rest = self._rest
        blank = len(rest) - len(rest.lstrip("\r\n"))
        if blank:
            return blank
        if fence := _FENCE.match(rest):
            return self._fenced(fence[1], ended)
        if not ended and _partial(rest):
            return 0
        if _ROW.match(rest):
            return self._table(ended)
        line = rest.find("\n")
        whole = line >= 0
        if _BLOCK.match(rest) or not whole:
            text = rest[: line + 1] if whole else rest
        else:
            text = rest[: _paragraph(rest)]
            whole = len(text) < len(rest) or ended
        if at := _sentence(
            text, self._begun, whole or ended, identify_language(text) if not self._language else self._language
        ):
            return at
        return len(text) if whole or ended else 0

    def _fenced(self, fence: str, ended: bool) -> int:
        lines = self._rest.splitlines(keepends=True)
        length = len(lines[0])
        for line in lines[1:]:
            length += len(line)
            if (
                line.strip().startswith(fence)
                and not line.strip(" \r\n").strip(fence[0])
                and (line.endswith("\n") or ended)
            ):
                return length
        return len(self._rest) if ended else 0

    def _table(self, ended: bool) -> int:
        length = 0
        for line in self._rest.splitlines(keepends=True):
            if not _ROW.match(line):
                return length
            length += len(line)
        return length if ended else 0


def _partial(rest: str) -> bool:
    """Whether it could still become a fence, a row, or anything else that its first signs do not tell yet."""
    return "\n" not in rest and (
        rest.strip() == "" or re.fullmatch(r" {0,3}(?:`{1,2}|~{1,2}|[#>*+-]+|\d{1,9}[.)]?)\s*", rest) is not None
    )


def _paragraph(rest: str) -> int:
    """Where the paragraph ends: at an empty line, or before a line that is a block of its own."""
    place = 0
    for found in _LINE.finditer(rest):  # most paragraphs end soon, and what follows need not be gone through
        line = found[0]
        if place and (not line.strip() or _FENCE.match(line) or _ROW.match(line) or _BLOCK.match(line)):
            return place
        place += len(line)
    return place


def _sentence(text: str, begun: bool, whole: bool, language: str) -> int:
    """Where the first sentence of a paragraph ends; 0: not yet, or it is the whole of it."""
    kept = [(found.start(), found.end()) for found in _LINK.finditer(text)]
    unfinished = _UNFINISHED.search(text) if not whole else None
    until = unfinished.start() if unfinished else len(text)
    share = _CHINESE if language == "zh" else 1
    lead = len(_BLOCK.match(text)[0]) if _BLOCK.match(text) else 0  # type: ignore[index]
    end = 0
    for found in _END.finditer(text, lead):
        if found.end() > until:
            break
        if not _inside(found.start(), kept) and _ends(text, found):
            end = found.end()
            break
    if end == len(text) and not whole and text.rstrip(_AROUND)[-1:] not in _SURE_SIGNS:
        end = 0  # what follows the point may tell that it ends nothing
    long = (LONGEST if begun else FIRST * 2) // share
    if (end or len(text)) <= long:
        return end
    least = (LONGEST // 3 if begun else FIRST) // share
    for found in _PAUSE.finditer(text, least):
        if found.end() >= min(until, end or until):
            break
        if not _inside(found.start(), kept):
            return found.end()
    if (end or until) > 2 * LONGEST // share:
        blank = text.rfind(" ", 1, 2 * LONGEST // share)
        return blank if blank > 0 and not _inside(blank, kept) else min(end or until, 2 * LONGEST)
    return end


def _inside(place: int, kept: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in kept)


def _ends(text: str, found: re.Match[str]) -> bool:
    """Whether this point ends a sentence, and not a shortened word, an initial or the number of an item."""
    if not found[0].startswith(".") or found[0].startswith(".."):
        return True
    shortened = _SHORTENED.search(text[max(0, found.start() - 12) : found.start()])
    if shortened is None:
        return _SURE.match(text, found.end()) is not None or not _NEXT.match(text, found.end())[1].islower()  # type: ignore[index]
    word = shortened[0].strip(' ("“*_')
    if word.rpartition(".")[2] in _MAY_END or (word.isdigit() and shortened.start() > 0):
        return _SURE.match(text, found.end()) is not None
    return False

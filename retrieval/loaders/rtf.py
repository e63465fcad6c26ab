"""Rich text (.rtf): what Word shows of it, with tables, footnotes, boxes and comments, in the order of the text.

After the Rich Text Format Specification 1.9.1. What is hidden or was deleted is no text.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.media import digest
from assistant.text.word_count import count_words
from assistant.values.evidence import Document, Passage, Section
from assistant.values.files import FileFacts
from assistant.values.messages import say
from retrieval import metadata
from retrieval.decoding import known_encoding
from retrieval.outline import Outline, titled
from retrieval.parse_context import ParseContext

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([\r\n]+)|([^\\{}\r\n]+)|\\"
)
_DEEPEST = 5_000  # groups
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 255: "cp850",
}  # fmt: skip
_WIDE = frozenset(("cp932", "cp949", "gb18030", "cp950"))
_SIGNS = {
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "tab": "\t", "line": "\n", "emspace": " ", "enspace": " ", "qmspace": " ", "softline": "\n", "lbr": "\n",
    "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
_SILENT = frozenset(
    "colortbl fldinst datafield nonshppict shprslt bkmkstart bkmkend xe tc rxe template operator comment objdata"
    " objclass themedata colorschememapping latentstyles datastore listtable listoverridetable rsidtbl generator pn"
    " pnseclvl filetbl revtbl private ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn xmlnstbl mmathpr wgrffmtfilter"
    " blipuid bliptag do picprop sp sn sv formfield ffname ffdeftext ffhelptext ffstattext ffexitmcr ffentrymcr atnid"
    " atndate atnref atrfstart atrfend passwordhash userprops docvar keywords category doccomm hlinkbase company"
    " manager subject revtim printim buptim mmathpict pntxta pntxtb".split()
)
_STARRED = frozenset("shpinst shppict annotation ud momath momathpara mmath atnauthor company".split())
_AROUND = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())


@dataclass
class _Group:
    """What holds between two braces."""

    target: str = "text"
    """text, fonts, styles, silent, note, comment, around, picture, or the name of an item of the information."""
    codec: str = "cp1252"
    skipped: int = 1
    """Characters that stand behind one of Unicode for those who do not know it."""
    hidden: bool = False
    deleted: bool = False
    starred: bool = False
    halves: int = 0
    """Whether the next group within is the half of \\upr that is not Unicode."""
    owner: bool = False
    """Whether it opened its target, so that its end completes it."""


@dataclass
class _Paragraph:
    level: int | None = None
    in_table: bool = False
    text: list[str] = field(default_factory=list)


class RtfLoader:
    kind = say("a text with formats (RTF)")
    extensions = (".rtf",)
    media_types = ("application/rtf",)

    def __init__(self, context: ParseContext) -> None:
        self._context = context

    def load(self, path: Path, name: str) -> Document:
        reading = _Reading(self._context)
        reading.read(path.read_bytes().decode("latin-1"))
        outline = reading.outline
        around = "\n".join(dict.fromkeys(reading.around))
        passages = outline.passages()
        if around:
            passages = (*passages, Passage(around, Section("page header and footer")))
        shown, headings = titled(outline.headings, outline.begins)
        facts = FileFacts(
            "",
            name,
            outline=headings,
            words=outline.words + count_words(around),
            title=metadata.title_of(reading.told.get("title"), name) or shown,
            author=metadata.said(reading.told.get("author")),
            written=metadata.iso(reading.told.get("creatim")),
        )
        return Document(digest(path), name, "text", passages, facts=facts)


def text_of(data: bytes, context: ParseContext) -> str:
    """The words of rich text that is no file of its own."""
    reading = _Reading(context)
    reading.read(data.decode("latin-1"))
    sections = ((str(getattr(one.location, "heading", "")), one.text) for one in reading.outline.passages())
    return "\n\n".join(part for section in sections for part in section if part)


class _Reading:
    def __init__(self, context: ParseContext) -> None:
        self._context = context
        self.outline = Outline()
        self.around: list[str] = []
        self.told: dict[str, str] = {}
        self._group = _Group()
        self._groups: list[_Group] = []
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._levels: dict[int, int] = {}
        self._style, self._style_name = 0, ""
        self._pending = bytearray()
        self._to_skip = 0
        self._paragraph = _Paragraph()
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._aside: list[str] = []  # of the note, comment or item that is being read
        self._notes: list[str] = []  # to be told behind the paragraph
        self._count = 0
        self._who = ""
        self._date: dict[str, int] = {}

    def read(self, data: str) -> None:
        at = 0
        while at < len(data):
            found = _TOKEN.match(data, at)
            if found is None:
                break
            at = found.end()
            word, number, code, symbol, brace, _, text = found.groups()
            if word == "bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self._word(word, int(number) if number else None)
            elif code is not None:
                self._bytes(bytes.fromhex(code))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None:
                self._flush()
                if not (self._open() if brace == "{" else self._close()):
                    break
            elif text is not None:
                self._text(text)
        self._flush()
        self._end_paragraph()
        self._end_table()

    def _open(self) -> bool:
        self._groups.append(self._group)
        self._group = replace(self._group, starred=False, halves=0, owner=False)
        if self._groups[-1].halves == 1:
            self._groups[-1].halves = 2
            self._group.target = "silent"
        self._to_skip = 0
        return len(self._groups) < _DEEPEST

    def _close(self) -> bool:
        if not self._groups:
            return False
        ended, self._group = self._group, self._groups.pop()
        self._to_skip = 0
        if not ended.owner:
            return True
        said = " ".join("".join(self._aside).split())
        match ended.target:
            case "note":
                self._notes.append(f"[{self._count}] {said}")
            case "comment":
                self._notes.append(f"Comment by {self._who}: {said}" if self._who else f"Comment: {said}")
                self._who = ""
            case "atnauthor":
                self._who = said
            case "around":
                self.around += [said] if said else []
            case "picture":
                self._picture("".join(self._aside))
            case "creatim":
                year, month, day = (self._date.get(part, 0) for part in ("yr", "mo", "dy"))
                self.told["creatim"] = f"{year:04}-{month:02}-{day:02}"
            case "title" | "author":
                self.told[ended.target] = said
        self._aside = []
        return True

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._flush()
            self._put(chr(number % 65536))
            self._to_skip = self._group.skipped
            return
        if word in _SIGNS:
            self._flush()
            if self._to_skip:
                self._to_skip -= 1
            else:
                self._put(_SIGNS[word])
            return
        self._flush()
        group = self._group
        on = number != 0
        match word:
            case "ansicpg":
                self._codec = group.codec = known_encoding(f"cp{number}") or "cp1252"
            case "mac" | "pc" | "pca":
                self._codec = group.codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
            case "uc":
                group.skipped = min(max(number or 0, 0), 10)
            case "f":
                self._font = number or 0
                if group.target != "fonts":
                    group.codec = self._fonts.get(self._font, self._codec)
            case "fcharset" if group.target == "fonts":
                self._fonts[self._font] = _CHARSETS.get(number or 0, self._codec) if number else self._codec
            case "cpg" if group.target == "fonts":
                self._fonts[self._font] = known_encoding(f"cp{number}") or self._codec
            case "v":
                group.hidden = on
            case "deleted":
                group.deleted = on
            case "plain":
                group.hidden = group.deleted = False
                group.codec = self._codec
            case "fonttbl" | "stylesheet":
                group.target = "fonts" if word == "fonttbl" else "styles"
            case "upr":
                group.halves = 1
            case "yr" | "mo" | "dy":
                self._date[word] = min(abs(number or 0), 9999)
            case "chftn" if group.target == "text":
                self._put(f" [{self._count + 1}]")
            case _ if group.target != "silent":
                self._structure(word, number)

    def _structure(self, word: str, number: int | None) -> None:
        group, text = self._group, self._group.target == "text"
        match word:
            case "s" if group.target == "styles":
                self._style = number or 0
            case "s" if text:
                self._paragraph.level = self._levels.get(number or 0)
            case "outlinelevel" if text:
                self._paragraph.level = (number or 0) + 1 if (number or 0) < 9 else None
            case "pard" if text:
                self._paragraph.level, self._paragraph.in_table = None, False
            case "intbl" if text:
                self._paragraph.in_table = True
            case "par" | "sect" | "page" | "column":
                if text:
                    self._end_paragraph()
                else:
                    self._put(" ")
            case "cell" | "nestcell" if text:
                self._end_cell(word == "nestcell")
            case "row" if text:
                self._end_row()
            case "footnote" if text:
                self._count += 1
                self._begin("note")
            case "annotation" if text:
                self._begin("comment")
            case "atnauthor" if text:
                self._begin("atnauthor")
            case "pict" if text:
                self._begin("picture")
            case name if name in _AROUND and text:
                self._begin("around")
            case "info":
                group.target = "information"
            case "title" | "author" | "creatim" if group.target == "information":
                self._begin(word)
            case "shptxt" | "ud" | "result":
                group.target = "text" if group.target == "silent" and group.starred else group.target
            case name if name in _SILENT or (group.starred and name not in _STARRED):
                group.target = "silent"
        group.starred = False

    def _begin(self, target: str) -> None:
        self._group.target, self._group.owner = target, True
        self._aside = []

    def _symbol(self, symbol: str) -> None:
        self._flush()
        if symbol == "*":
            self._group.starred = True
        elif symbol in "\r\n":
            self._word("par", None)
        elif self._to_skip:
            self._to_skip -= 1
        elif symbol in _SYMBOLS:
            self._put(_SYMBOLS[symbol])

    def _bytes(self, data: bytes) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._pending += data

    def _text(self, text: str) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(text))
            self._to_skip -= skipped
            text = text[skipped:]
        if self._group.target == "picture":
            self._aside.append(text)
        elif self._pending and self._group.codec in _WIDE:
            self._pending += text.encode("latin-1")  # the second half of a letter may look like a letter
        elif not text.isascii():
            self._pending += text.encode("latin-1")
        else:
            self._flush()
            self._put(text)

    def _flush(self) -> None:
        if self._pending:
            data, self._pending = bytes(self._pending), bytearray()
            self._put(data.decode(self._group.codec, errors="replace"))

    def _put(self, text: str) -> None:
        group = self._group
        if group.hidden or group.deleted:
            return
        match group.target:
            case "text":
                self._paragraph.text.append(text)
            case "styles":
                self._style_name += text
                if ";" in text:
                    self._end_style()
            case "fonts" | "silent" | "information" | "picture":
                return
            case _:
                self._aside.append(text)

    def _end_style(self) -> None:
        name = self._style_name.partition(";")[0].strip().lower()
        if name == "title":
            self._levels[self._style] = 0
        elif name.startswith(("heading ", "überschrift ", "titre ")) and name[-1].isdigit():
            self._levels[self._style] = int(name[-1])
        self._style, self._style_name = 0, ""

    def _said(self) -> str:
        text = "".join(self._paragraph.text)
        self._paragraph.text = []
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return "\n".join(" ".join(line.split()) for line in whole.split("\n")).strip()

    def _end_paragraph(self) -> None:
        if self._paragraph.in_table:
            self._paragraph.text.append("\n")
            return
        self._end_table()
        text, level = self._said(), self._paragraph.level
        if text and level is not None:
            self.outline.heading(text, level)
        else:
            self.outline.block(text)
        self._tell_notes()

    def _end_cell(self, within: bool) -> None:
        if within:
            self._paragraph.text.append(" , ")
            return
        self._cells.append(" ".join(self._said().split()))

    def _end_row(self) -> None:
        if self._cells:
            self._rows.append(self._cells)
        self._cells = []
        self._paragraph.in_table = False

    def _end_table(self) -> None:
        if self._rows:
            self.outline.rows(self._rows)
            self._rows = []
            self._tell_notes()

    def _tell_notes(self) -> None:
        for note in self._notes:
            self.outline.block(note)
        self._notes = []

    def _picture(self, digits: str) -> None:
        try:
            data = bytes.fromhex("".join(digits.split()))
        except ValueError:
            return
        at = Section(self.outline.last_heading)
        if data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            read = self._context.figure(data, say("a figure"), lambda _: at)
            if read is not None:
                self._notes.append(read.text)

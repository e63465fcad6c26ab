"""Bytes of a text file into text, whatever encoding they are in. Knows nothing of formats.

charset-normalizer tells scripts apart well, and Latin alphabets badly where the text is short: which of these it is,
the letters of the languages decide that are written with them.
"""

import codecs
import re
from collections import Counter
from itertools import pairwise

from assistant.media.file_types import unmarked_utf16
from assistant.values.messages import Message, say

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536  # bytes by which an encoding is told
_TIMES_MORE = 4  # so many times as many letters of UTF-8 as bytes that are none make it UTF-8
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\([BJI]")
_NO_ASCII = re.compile(rb"[\x80-\xff]+")
_SURE = 0.9
# what is called by a small name is written by programs that know the large one (WHATWG Encoding, section 4.2)
_LARGER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
}
_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "big5-hkscs": "big5hkscs",
}
_NAMES = {
    "gb18030": "GB18030",
    "cp950": "Big5",
    "big5hkscs": "Big5",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "koi8-r": "KOI8-R",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "mac_roman": "Mac Roman",
    "mac_cyrillic": "Mac Cyrillic",
    "latin-1": "Latin-1",
}
_SIGNS = frozenset("€£§°·–—“”„‚‘’‹›«»…•™©®±²³¹½¼¾µ×÷ºª¿¡\xa0\xad¢¥¤†‡‰")
_ALPHABETS = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "äöüßé",
        "àâæçéèêëîïôœùûüÿ",
        "áéíóúüñç",
        "àáâãçéêíóôõúü",
        "àèéìíîòóùú",
        "áèéëïóöüç",
        "åäöé",
        "æøåéèêóò",
        "áéíóúýþæöð",
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîșțşţ",
        "čćđšž",
        "çëâàáé",
        "çğıöşüâî",
        "ąčęėįšųūž",
        "āčēģīķļņšūž",
        "äöõüšž",
        "ċġħżàèìòù",
        "àéèíïóòúüç",
    )
)
_TURKISH_I = frozenset("İ")
# the likeliest first: the first of the best is taken
_LATIN = (
    "cp1252",
    "cp1250",
    "cp1254",
    "cp1257",
    "iso8859_2",
    "mac_roman",
    "cp850",
    "cp852",
    "iso8859_15",
    "mac_latin2",
)
_WINDOWS = frozenset(_LATIN[:4])
_WIDE = frozenset(("cp949", "euc_jp", "cp932", "cp950"))  # that Chinese in GB18030 can be taken for
_FINALS = frozenset("ךםןףץ")
_COMMON_HANGUL = frozenset(
    "이다는을의에가고은하지로를도서한기리사자시인어대나정일그부장해있주전것들라수보안상원아오동스성여제구만조중신했면게국"
    "공학과름명금액번호소개월년회비용업체내역가격품목총합계산울구천남북경광산김박최강윤임철영희민준지현우"
)


def decode(data: bytes) -> tuple[str, str]:
    """The text with plain newlines, and the encoding where it was a guess ("" where it was certain)."""
    text, guess = _decode(data)
    return _plain(text), guess


def decode_as(data: bytes, declared: str | None) -> tuple[str, str]:
    """The same, where something says how it is encoded: that is believed unless the bytes say otherwise.

    Who says "ISO-8859-1" often means Windows-1252, and who says nothing true writes UTF-8.
    """
    encoding = known_encoding(declared)
    if not encoding or any(data.startswith(mark) for mark, _ in _MARKS):
        return decode(data)
    if encoding == "utf-8" or not (data.isascii() or encoding.startswith(("utf", "iso2022", "hz"))):
        try:
            return _plain(data.decode("utf-8")), ""  # which other letters hardly ever are by chance
        except UnicodeDecodeError:
            pass
    try:
        return _plain(data.decode(encoding)), ""
    except (UnicodeDecodeError, UnicodeError):
        pass
    if encoding == "cp1252":
        return _plain(data.decode("latin-1")), ""
    text = data.decode(encoding, errors="replace")
    if encoding != "utf-8" and text.count("\ufffd") * _TIMES_MORE <= sum(letter > "\x7f" for letter in text):
        return _plain(text), ""
    return decode(data)


def known_encoding(declared: str | None) -> str:
    """The name by which Python knows an encoding, or the larger one that is meant by it; "" for one that is none."""
    name = (declared or "").strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError):
        return ""
    return _LARGER.get(found.name, found.name) if getattr(found, "_is_text_encoding", True) else ""


def guess_note(name: str, guess: str) -> tuple[Message, ...]:
    """What the person should know about a guess, as a document's notes."""
    if not guess:
        return ()
    return (
        say(
            "{name} does not say how its letters are encoded; I took {guess}. If it looks wrong, save it as UTF-8.",
            name=name,
            guess=guess,
        ),
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), ""
    if unmarked := unmarked_utf16(data):
        return data.decode(unmarked, errors="replace"), ""
    if b"\x1b" in data and data.isascii() and _JAPANESE_ESCAPE.search(data):
        return data.decode("iso2022_jp", errors="replace"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    mended = data.decode("utf-8", errors="surrogateescape")
    bad = sum("\udc80" <= letter <= "\udcff" for letter in mended)
    if sum(letter > "\x7f" for letter in mended) - bad >= _TIMES_MORE * bad:
        return mended.translate(_as_windows()), ""  # a line of another file between them, or cut in a letter
    encoding = _told(_sample(data))
    try:
        return data.decode(encoding), _name(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    if encoding == "cp1252" or text.count("\ufffd") > len(text) // 50:
        return data.decode("latin-1"), "Latin-1"
    return text, _name(encoding)


def _as_windows() -> dict[int, str]:
    """Bytes that are no UTF-8, as their surrogates → what Windows takes them for."""
    return {0xDC00 + byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0x100)}


def _name(encoding: str) -> str:
    return _NAMES.get(encoding) or re.sub(r"^cp125", "Windows-125", encoding.replace("iso8859_", "ISO-8859-"))


def _sample(data: bytes) -> bytes:
    """The lines that tell: those with anything but ASCII, from the whole of the file."""
    kept, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            kept.append(line[:_SAMPLE])
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(kept)


def _told(data: bytes) -> str:
    """The encoding of bytes that are no UTF-8."""
    from charset_normalizer import from_bytes

    if _is_sparse(data) and max(_likelihood(data, encoding) for encoding in _WINDOWS) > _SURE:
        return _latin(data)
    best = from_bytes(data).best()
    found = known_encoding(best.encoding) if best is not None else ""
    if not found or found.startswith("utf"):
        return "gb18030" if _looks_chinese(data) else _latin(data)
    text = data.decode(found, errors="replace")
    if found in _WIDE and _looks_chinese(data) and not _reads(text, found):
        return "gb18030"
    if _is_hebrew(data):
        return "cp1255"
    others = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
    is_latin = not others or sum(letter < "\u0370" for letter in others) > len(others) / 2
    if is_latin or (found not in _WIDE and _is_sparse(data) and _likelihood(data, _latin(data)) > _SURE):
        return _latin(data)
    return found


def _is_sparse(data: bytes) -> bool:
    """Whether what is not ASCII stands singly within what is, as accents do."""
    runs = [len(found[0]) for found in _NO_ASCII.finditer(data)]
    return sum(length <= 2 for length in runs) >= 0.9 * len(runs)


def _reads(text: str, encoding: str) -> bool:
    """Whether it reads as Korean or Japanese, which Chinese can be taken for; or as Chinese of Taiwan."""
    letters = [letter for letter in text if letter > "\u2e80"]
    hangul = [letter for letter in letters if "\uac00" <= letter <= "\ud7a3"]
    if encoding == "cp949":
        return sum(letter in _COMMON_HANGUL for letter in hangul) > 0.25 * len(letters)
    return not hangul and (encoding != "cp950" or not any("\u3040" <= letter <= "\u30ff" for letter in letters))


def _latin(data: bytes) -> str:
    return max(_LATIN, key=lambda encoding: _likelihood(data, encoding))


def _likelihood(data: bytes, encoding: str) -> float:
    """How well the letters that are not ASCII fit into one language, and into their words; of 1 each."""
    text = data.decode(encoding, errors="replace")
    counts = Counter(letter for letter in text if letter > "\x7f")
    whole = sum(counts.values())
    if not whole:
        return 0.0
    signs = sum(count for letter, count in counts.items() if letter in _SIGNS)
    turkish = sum(counts[letter] for letter in _TURKISH_I)
    fitting = max(sum(count for letter, count in counts.items() if letter in letters) for letters in _ALPHABETS)
    odd = _oddities(text)
    # a tenth of a letter for what nearly all such files are
    return (signs + turkish + fitting - 2 * odd) / whole + (0.02 if encoding in _WINDOWS else 0.0)


def _oddities(text: str) -> int:
    """Letters of no language and signs within words: "Stra§e"; capitals behind small letters: "GrÖßE" is none."""
    odd = 0
    before = ""
    for at, letter in enumerate(text):
        if letter > "\x7f":
            after = text[at + 1] if at + 1 < len(text) else ""
            if letter == "\ufffd" or not (letter.isprintable() or letter in _SIGNS):
                odd += 2
            elif not letter.isalpha():
                odd += letter not in "’·\xad" and before.isalpha() and after.isalpha()
                odd += letter not in _SIGNS
            elif letter.isupper() and before.islower():
                odd += 1
        before = letter
    return odd


def _is_hebrew(data: bytes) -> bool:
    """Whether it is Hebrew, which reads as Cyrillic without capitals: its final letters stand at the end of words."""
    try:
        text = data.decode("cp1255")
    except UnicodeDecodeError:
        return False
    letters = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
    hebrew = sum("\u05d0" <= letter <= "\u05ea" for letter in letters)
    inside = sum(letter in _FINALS and after.isalpha() for letter, after in pairwise(text))
    return hebrew >= 4 and hebrew > 0.95 * len(letters) and inside <= hebrew // 50 and not _is_sparse(data)


def _looks_chinese(data: bytes) -> bool:
    """Whether this is GB18030 text, and not Latin-1 that happens to decode.

    Common Chinese lies under the lead bytes A1–A9 (punctuation) and B0–D7; accented Latin letters
    read as pairs mostly fall above, on rare characters.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    leads = [letter.encode("gb18030")[0] for letter in text[:20_000] if letter > "\x7f"]
    common = sum(0xA1 <= lead <= 0xA9 or 0xB0 <= lead <= 0xD7 for lead in leads)
    return common > 0.7 * len(leads)

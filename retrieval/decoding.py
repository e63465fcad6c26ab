"""Bytes of a text file into text, whatever encoding they are in. Knows nothing of formats."""

import codecs

from assistant.values.messages import Message, say

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> tuple[str, str]:
    """The text with plain newlines, and the encoding where it was a guess ("" where it was certain)."""
    text, guess = _decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""), guess


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


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if _looks_chinese(data):
        return data.decode("gb18030"), "GB18030"
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


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

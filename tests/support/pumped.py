"""Texts that hurt a pattern which tries too many ways: one thing over and over, and what the pattern itself repeats."""

import re
from typing import Any

LENGTH = 50_000  # characters
NOTHING = "\0"  # which hardly any pattern wants
PUMPED = (
    *(" ", "\n", "\t", " \n", "\u3000", "1", "a", "A", "中", "é", "あ", "😀"),
    *(".", ",", ":", "!", "?", "-", "_", "*", "|", "~", "`", "'", '"', "\\", "/", "$"),
    *("(", "[", "](", "[a](", "{", "<", "<a ", "<!-- -->", "<!--", "![", "\\[", "\\("),
    *("1,1,1,", "1.", "1:", "1-", "1 ", "1,000,", "[1]"),
    *("a ", "A ", "a.", "a-", "a'", "aA", "A. ", "e.g. ", "a@", "a\n", "and ", "not ", "one "),
    *("。", "，", "「", "一点", "百分之", "第一", "中 ", "中1", "三十"),
)
BARE = (" ", "\n", ",", ".", "1", "a")


def texts(pattern: re.Pattern[Any], length: int = LENGTH) -> dict[str, Any]:
    """What was repeated → the whole text, of letters or bytes as the pattern is."""

    def pumped(before: str, again: str) -> str:
        """Does not end as a pattern wants it, so that all the ways to come there are tried."""
        return before + again * ((length - len(before)) // len(again) + 1) + NOTHING

    made = {one: pumped("", one) for one in PUMPED}
    made |= {f"{one} to the end": pumped("", one).removesuffix(NOTHING) for one in BARE}
    made |= {f"{one} in the middle": pumped(NOTHING, one) for one in BARE}
    for before, again in repeated(pattern):
        made[f"{before}({again})*"] = pumped(before, again)
        made[f"({before}{again})*"] = pumped("", before + again)
        made[f"({again})* in the middle"] = pumped(NOTHING, again)
    if isinstance(pattern.pattern, bytes):
        return {name: text.encode() for name, text in made.items()}
    return made


def repeated(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """Each thing that the pattern repeats without end, with what must stand before it."""
    parser: Any = re._parser  # type: ignore[attr-defined]
    found: list[tuple[str, str]] = []

    def walk(items: Any, before: str) -> str:
        """An example of what these match."""
        said = ""
        for operation, given in items:
            kind = str(operation)
            if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                least, most, body = given
                again = walk(body, before + said)
                if most > 1000 and again:
                    found.append((before + said, again))
                said += again * min(max(int(least), 1), 3)
            elif kind == "SUBPATTERN":
                said += walk(given[3], before + said)
            elif kind == "ATOMIC_GROUP":
                said += walk(given, before + said)
            elif kind == "BRANCH":
                said += next(walk(branch, before + said) for branch in given[1])
            elif kind in ("ASSERT", "ASSERT_NOT"):
                walk(given[1], before + said)
            else:
                said += letter(kind, given)
        return said

    walk(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG), "")
    return list(dict.fromkeys(found))


def letter(kind: str, given: Any) -> str:
    """One that this matches."""
    match kind:
        case "LITERAL":
            return chr(given)
        case "NOT_LITERAL":
            return "a" if given != ord("a") else "b"
        case "ANY":
            return "x"
        case "CATEGORY":
            known = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_DIGIT": "a", "NOT_SPACE": "a", "NOT_WORD": "-"}
            return known[str(given).removeprefix("CATEGORY_")]
        case "IN" if str(given[0][0]) == "NEGATE":
            refused = {ord(letter(str(one), it)) for one, it in given[1:] if str(one) != "RANGE"}
            ranges = [it for one, it in given[1:] if str(one) == "RANGE"]
            free = (each for each in map(ord, "a1 -.中\n<(") if each not in refused)
            return next((chr(each) for each in free if not any(low <= each <= high for low, high in ranges)), "é")
        case "IN":
            return letter(str(given[0][0]), given[0][1])
        case "RANGE":
            return chr(given[0])
    return ""

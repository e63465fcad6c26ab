"""English numbers in words: cardinal, ordinal, year, digit by digit."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINAL = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_LONGEST = 15  # digits; more are said one by one


def cardinal(number: int) -> str:
    """ "twelve hundred" is no cardinal: 1200 is "one thousand two hundred"."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_ONES[hundreds]} hundred" + (f" {cardinal(rest)}" if rest else "")
    scale, name = next(one for one in _SCALES if number >= one[0])
    many, rest = divmod(number, scale)
    return f"{cardinal(many)} {name}" + (f" {cardinal(rest)}" if rest else "")


def ordinal(number: int) -> str:
    return _as_ordinal(cardinal(number))


def _as_ordinal(words: str) -> str:
    head, mark, last = words.rpartition("-") if "-" in words.rpartition(" ")[2] else words.rpartition(" ")
    if last in _ORDINAL:
        last = _ORDINAL[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return f"{head}{mark}{last}"


def year(number: int) -> str:
    """1999 is "nineteen ninety-nine", 2005 "two thousand five", 2026 "twenty twenty-six"."""
    if not 1000 <= number <= 2999 or 2000 <= number <= 2009 or number % 1000 == 0:
        return cardinal(number)
    century, rest = divmod(number, 100)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def decade(number: int) -> str:
    """1990 as in "the 1990s": "nineteen nineties"."""
    words = year(number) if number >= 1000 else cardinal(number)
    return words[:-1] + "ies" if words.endswith("y") else words + "s"


def digits(text: str) -> str:
    """ "007" is "zero zero seven"."""
    return " ".join(_ONES[int(one)] for one in text if one.isdigit())


def number(text: str) -> str:
    """Digits with commas between thousands and a decimal point, as it is said."""
    whole, point, part = text.replace(",", "").partition(".")
    whole = whole or "0"
    one_by_one = len(whole) > _LONGEST or (len(whole) > 1 and whole[0] == "0")
    said = digits(whole[:40]) if one_by_one else cardinal(int(whole))
    return f"{said} point {digits(part[:20])}" if point and part else said

"""Normalizes English text. Each rule below is for one thing that is written otherwise than it is spoken. The rules
are tried in order, since a date is made of numbers and a price of a sign and a number.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from assistant.speech.text_normalization.english_numbers import cardinal, decade, digits, number, ordinal, year
from assistant.speech.text_normalization.units import MONEY, UNITS

_MONTHS = "January February March April May June July August September October November December".split()
_SHORT_MONTHS = {name[:3]: name for name in _MONTHS} | {"Sept": "September"}
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:{'|'.join(sorted(_SHORT_MONTHS, key=len, reverse=True))})\.?)(?![A-Za-z])"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]\d)|\d+(?:\.\d+)?|\.\d+)"
_N = rf"(?<![\w.,]){_NUMBER}"
_SIGNED = rf"(?<![\w.,])(?:(?<![\w)])[-−])?(?:{_NUMBER})"
_TO = r"(?:\s?–\s?|[-—~])"
_SHORT_SCALES = {
    "k": "thousand", "K": "thousand", "kn": "thousand", "Kn": "thousand", "m": "million", "M": "million",
    "mn": "million", "Mn": "million", "mm": "million", "MM": "million", "mio": "million", "Mio": "million",
    "mil": "million", "b": "billion", "B": "billion", "bn": "billion", "Bn": "billion", "BN": "billion",
    "bil": "billion", "mrd": "billion", "Mrd": "billion", "t": "trillion", "T": "trillion", "tn": "trillion",
    "Tn": "trillion", "TN": "trillion", "trn": "trillion", "tr": "trillion",
}  # fmt: skip
_SCALES = _SHORT_SCALES | {name: name for name in ("thousand", "million", "billion", "trillion")}
_A_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_ALONE = r"(?<!\s[bmtT])(?![A-Za-z])"  # "$20 T-shirt" is of no trillions
_SCALE = rf"(?:\s?(?P<scale>{_A_SCALE}){_ALONE})?"
_LOW_SCALE = rf"(?:\s?(?P<low_scale>{_A_SCALE}){_ALONE})?"
_MONEY_WORDS = r"(?:dollars?|euros?|pounds?|yen|yuan|francs?|rupees?|won|kron(?:or|er|a|e)|USD|EUR|GBP|CHF)\b"
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_SIGN = "|".join(re.escape(sign) for sign in sorted(MONEY, key=len, reverse=True) if not sign.isalpha())
_CODE = "|".join([sign for sign in MONEY if sign.isalpha()] + ["€", "£", "¥"])
_ORDINAL_SUFFIX = r"(?:st|nd|rd|th)"
_ROMAN = r"(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_NUMBERED = ("Chapter Part Volume Vol Book Section Act Scene Phase Type Stage War Level Class Article Appendix Figure "
             "Table Grade Annex Title Mark Unit Module Lesson Step Tier Rocky Apollo").split()  # fmt: skip
_RULERS = (
    "Louis Henry Charles George Elizabeth William Edward James Richard Pius Paul Benedict Philip Frederick Napoleon "
    "Friedrich Wilhelm Nicholas Alexander Catherine Leo Gregory John Innocent Clement Urban Ramesses Leopold Albert "
    "Gustav Christian Ferdinand Otto Heinrich Ludwig Karl Peter Ivan Juan Carlos"
).split()
_YEAR_BEFORE = (
    r"\b(?:[Ii]n|[Bb]etween|[Ss]ince|[Bb]y|[Ff]rom|[Uu]ntil|[Tt]ill|[Bb]efore|[Aa]fter|[Dd]uring|[Yy]ears?|[Oo]f|[Cc]irca|"
    r"[Ee]arly|[Ll]ate|[Mm]id|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|Q[1-4]|and|to|"
    rf"{'|'.join(_MONTHS)})\s"
)
_YEAR = r"(?:1[0-9]|20)\d\d"
_WORDS = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "vs": "versus", "cf.": "compare",
    "approx.": "approximately", "ca.": "about", "incl.": "including", "excl.": "excluding", "w/o": "without",
    "w/": "with", "a.m.": "A M", "p.m.": "P M", "U.S.": "U S", "U.K.": "U K", "E.U.": "E U", "U.S.A.": "U S A",
    "Ph.D.": "P H D", "Inc.": "Incorporated", "Ltd.": "Limited", "Corp.": "Corporation", "Jr.": "Junior",
    "Sr.": "Senior", "dept.": "department", "Dept.": "Department", "min.": "minimum", "max.": "maximum",
    "avg.": "average", "est.": "estimated", "Mt.": "Mount", "Ave.": "Avenue", "Blvd.": "Boulevard", "viz.": "namely",
    "resp.": "respectively", "et al.": "and others", "N/A": "not available", "n/a": "not available",
}  # fmt: skip
_TITLES = {
    "Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Prof.": "Professor", "St.": "Saint",
    "Gen.": "General", "Capt.": "Captain", "Sen.": "Senator", "Gov.": "Governor", "Rev.": "Reverend",
    "Lt.": "Lieutenant", "Sgt.": "Sergeant", "Col.": "Colonel", "Hon.": "Honorable",
}  # fmt: skip
_BEFORE_NUMBERS = {
    "No.": "number", "no.": "number", "Nos.": "numbers", "p.": "page", "pp.": "pages", "P.": "page", "Fig.": "figure",
    "Figs.": "figures", "fig.": "figure", "Sec.": "section", "sec.": "section", "Vol.": "volume", "vol.": "volume",
    "Ch.": "chapter", "ch.": "chapter", "Eq.": "equation", "Art.": "article", "art.": "article", "Tab.": "table",
    "para.": "paragraph", "v.": "version", "Ver.": "version",
}  # fmt: skip
_SYMBOLS = {
    "&": "and", "+": "plus", "=": "equals", "≈": "about", "≃": "about", "±": "plus or minus", "×": "times",
    "÷": "divided by", "≤": "at most", "≥": "at least", "≠": "is not", "→": "to", "←": "from", "⇒": "so",
    "∞": "infinity", "√": "root of", "§": "section", "¶": "paragraph", "°": "degrees", "%": "percent",
    "‰": "per mille", "€": "euros", "£": "pounds", "$": "dollars", "Ω": "ohms", "µ": "micro", "π": "pi", "@": "at",
    "∆": "delta", "Δ": "delta", "…": "...", "∑": "sum of", "α": "alpha", "β": "beta", "γ": "gamma", "λ": "lambda",
    "σ": "sigma", "θ": "theta", "μ": "mu", "<": "less than", ">": "more than",
}  # fmt: skip
_FRACTIONS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8), "⅜": (3, 8),
              "⅝": (5, 8), "⅞": (7, 8)}  # fmt: skip
_SPLIT = frozenset((*range(2, 11), 12, 16, 20, 32, 64, 100))  # into so many parts things are said to be
_POWERS = {"²": "squared", "³": "cubed"}
_Says = Callable[[re.Match[str]], str]
_Written = Iterator[tuple[str, _Says]]


def english(text: str) -> str:
    """Without digits and signs. What is in words already stays as it is."""
    for pattern, says in _RULES:
        text = pattern.sub(says, text)
    return text


def _address(found: re.Match[str]) -> str:
    """Of a bare address only the host is said; what ends the sentence stays."""
    host = found["host"].lower().removeprefix("www.")
    last = found[0][-1]
    return f" {host.replace('.', ' dot ').replace('-', ' ')}{last if last in '.,;:!?)' else ''}"


def _mail(found: re.Match[str]) -> str:
    name, _, host = found[0].partition("@")
    return f"{re.sub(r'[._+-]+', ' dot ', name)} at {host.replace('.', ' dot ').replace('-', ' ')}"


def _date(day: int, month: int, of_year: str) -> str:
    said = f"{_MONTHS[month - 1]} {ordinal(day)}"
    return f"{said}, {year(int(of_year))}" if of_year else said


def _iso_date(found: re.Match[str]) -> str:
    month, day = int(found["month"]), int(found["day"])
    return _date(day, month, found["year"]) if 1 <= month <= 12 and 1 <= day <= 31 else _parts(found[0])


def _slashed_date(found: re.Match[str]) -> str:
    """12/31/2026 is American; where the first number is no month, or dots part them, the day comes first."""
    first, second = int(found["first"]), int(found["second"])
    day, month = (first, second) if first > 12 or found["mark"] == "." else (second, first)
    fits = 1 <= month <= 12 and 1 <= day <= 31
    return _date(day, month, found["year"]) if fits else _parts(found[0])


def _parts(text: str) -> str:
    return " ".join(number(one) for one in re.findall(r"\d+", text))


def _named_date(found: re.Match[str]) -> str:
    """ "14 March 2026" and "March 14, 2026"."""
    name = found["month"].rstrip(".")
    named = f"{_SHORT_MONTHS.get(name, name)} "
    last = found["until"] if "until" in found.re.groupindex else None
    said = named + ordinal(int(found["day"])) + (f" to {ordinal(int(last))}" if last else "")
    return f"{said}, {year(int(found['year']))}" if found["year"] else said


def _month_year(found: re.Match[str]) -> str:
    name = found["month"].rstrip(".")
    return f"{_SHORT_MONTHS.get(name, name)} {year(int(found['year']))}"


def _time(found: re.Match[str]) -> str:
    hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "").replace(".", "").lower()
    if hour > 24 or minute > 59:
        return f"{number(found['hour'])} to {number(found['minute'])}"
    end = f" {half[0].upper()} M" if half else ""
    if minute == 0:
        said = cardinal(hour) + (end or " o'clock" if hour <= 12 else " hundred hours")
    else:
        said = f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{end}"
    return f"{said} and {_counted(found['second'], ('second', 'seconds'))}" if found["second"] else said


def _phone(found: re.Match[str]) -> str:
    plus = "plus " if found[0].lstrip().startswith("+") else ""
    groups = re.findall(r"\d+", found[0])
    return plus + ", ".join(digits(one) for one in groups)


def _money(found: re.Match[str]) -> str:
    one, many, part, _ = MONEY[found["sign"]]
    amount, scale = found["amount"], found["scale"]
    whole, point, cents = amount.replace(",", "").partition(".")
    if scale:
        return f"{number(amount)} {_SCALES[scale]} {many}"
    if point and len(cents) == 2 and part:
        named = one if whole == "1" else many
        if int(cents) == 0:
            return f"{number(whole)} {named}"
        parts = part if part in ("pence", "sen", "fen", "paise", "jeon") or cents == "01" else f"{part}s"
        said = f"{cardinal(int(cents))} {parts}"
        return said if whole in ("", "0") else f"{number(whole)} {named} and {said}"
    return f"{number(amount)} {one if amount == '1' else many}"


def _money_range(found: re.Match[str]) -> str:
    _, many, _, _ = MONEY[found["sign"]]
    scale = f" {_SCALES[found['scale']]}" if found["scale"] else ""
    low = f" {_SCALES[found['low_scale']]}" if found["low_scale"] and found["low_scale"] != found["scale"] else ""
    return f"{number(found['low'])}{low} to {number(found['high'])}{scale} {many}"


def _counted(amount: str, names: tuple[str, ...]) -> str:
    return f"{_signed(amount)} {names[0] if amount == '1' else names[1]}"


def _signed(amount: str) -> str:
    return f"minus {number(amount[1:])}" if amount[0] in "-−" else number(amount)


def _unit(found: re.Match[str]) -> str:
    unit = found["unit"]
    if unit == "K" and not found["gap"]:
        return f"{number(found['amount'].lstrip('-−'))} K"
    if found["gap"] and unit == "A" and re.match(r" [a-z]+ [a-z]", found.string[found.end() :]):
        return found[0]  # "Model 3 A new car has": an article
    return _counted(found["amount"], UNITS[unit])


def _unit_range(found: re.Match[str]) -> str:
    return f"{_signed(found['low'])} to {_counted(found['high'], ('', UNITS[found['unit']][1]))}"


def _product(found: re.Match[str]) -> str:
    said = " by ".join(number(one) for one in re.findall(_NUMBER, found["sizes"]))
    return f"{said} {UNITS[found['unit']][1]}" if found["unit"] else said


def _fraction(found: re.Match[str]) -> str:
    above, below = int(found["above"]), int(found["below"])
    if above >= below or below not in _SPLIT:
        return _parts(found[0])
    return _in_parts(above, below)


def _in_parts(above: int, below: int) -> str:
    if below == 2:
        return f"{cardinal(above)} {'half' if above == 1 else 'halves'}"
    name = "quarter" if below == 4 else ordinal(below)
    return f"{cardinal(above)} {name}{'' if above == 1 else 's'}"


def _fraction_sign(found: re.Match[str]) -> str:
    said = _in_parts(*_FRACTIONS[found["sign"]])
    if not found["whole"]:
        return said
    return f"{number(found['whole'])} and {said if not said.startswith('one ') else 'a ' + said[4:]}"


def _roman(numeral: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    total = 0
    for this, following in zip(numeral, [*numeral[1:], ""], strict=True):
        total += -values[this] if following and values[following] > values[this] else values[this]
    return total


def _version(found: re.Match[str]) -> str:
    said = " point ".join(number(one) for one in found[0].lstrip("vV").split("."))
    return f"version {said}" if found[0][0] in "vV" else said


def _host_number(found: re.Match[str]) -> str:
    return " dot ".join(digits(one) for one in found[0].split("."))


def _plain_number(found: re.Match[str]) -> str:
    return _signed(found[0])


def _glued(found: re.Match[str]) -> str:
    """Digits inside a name ("GPT4", "B12", "3D"): said beside the letters."""
    run = found[0]
    said = digits(run) if run[0] == "0" or len(run) > 4 else (year(int(run)) if len(run) == 4 else cardinal(int(run)))
    return f" {said} "


def _hour(found: re.Match[str]) -> str:
    return f"{number(found['hour'])} {found['half'][0].upper()} M"


def _years(found: re.Match[str]) -> str:
    last = year(int(found["high"])) if len(found["high"]) == 4 else cardinal(int(found["high"]))
    return f"{year(int(found['low']))} to {last}"


def _numbered(found: re.Match[str]) -> str:
    return f"{found['what']} {cardinal(_roman(found['roman']))}"


def _ruler(found: re.Match[str]) -> str:
    return f"{found['who']} the {ordinal(_roman(found['roman']))}"


def _short(found: re.Match[str]) -> str:
    """At the end of a text its point is also the sentence's."""
    shortened = found[0].rstrip()
    return _WORDS[shortened] + ("." if found["end"] is not None and shortened.endswith(".") else "")


def _any(words: Iterable[str]) -> str:
    """One of these, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _address_rules() -> _Written:
    yield r"(?:https?|ftp)://(?:[^\s/@]*@)?(?P<host>[\w.-]+)[^\s<>()\"”’，。]*", _address
    yield r"(?<![\w@.])(?P<host>www\.[\w-]+(?:\.[\w-]+)+)(?:/[^\s<>()\"”’，。]*)?", _address
    yield r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", _mail
    yield r"(?<![\d.,])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)", _host_number


def _date_rules() -> _Written:
    of_year = r"(?:,? (?P<year>\d{4})(?!\d))?"
    half = r"\s?(?P<half>[AaPp](?:[Mm]\b|\.[Mm]\.))"
    yield r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:T(?=\d))?(?!\d)", _iso_date
    yield (
        r"(?<![\d/.])(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d/])",
        _slashed_date,
    )
    yield (
        rf"\b(?P<month>{_MONTH}) (?P<day>\d\d?)(?:{_ORDINAL_SUFFIX})?(?:{_TO}(?P<until>\d\d?))?(?![\d:]){of_year}",
        _named_date,
    )
    yield rf"(?<![\d.,])(?P<day>\d\d?)(?:{_ORDINAL_SUFFIX})?\.?(?: of)? (?P<month>{_MONTH}){of_year}", _named_date
    yield rf"\b(?P<month>{_MONTH}) (?P<year>{_YEAR})\b", _month_year
    yield rf"(?<![\d:])(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:{half})?(?![\d:])", _time
    yield rf"(?<![\d.])(?P<hour>\d\d?){half}", _hour


def _phone_rules() -> _Written:
    yield r"(?<![\w.])(?:\+\d{1,3}[ -]?)(?:\(\d{1,4}\)[ -]?)?\d{1,5}(?:[ -]\d{2,8}){1,5}(?!\d)", _phone
    yield r"(?<![\w.])\+\d{8,15}(?!\d)", _phone
    yield r"(?<![\w.])(?:\(\d{3}\) ?|\d{3}[ -])\d{3}-\d{4}(?!\d)", _phone
    yield r"(?<![\w.])0\d{2,4}[ /-]\d{3,8}(?:[ -]\d{2,5})?(?![\d%])", _phone


def _amount_rules() -> _Written:
    yield (
        rf"(?P<sign>{_SIGN})\s?(?P<low>{_NUMBER}){_LOW_SCALE}{_TO}(?:{_SIGN})?(?P<high>{_NUMBER}){_SCALE}",
        _money_range,
    )
    yield rf"(?P<sign>{_SIGN})\s?(?P<amount>{_NUMBER}){_SCALE}", _money
    yield rf"\b(?P<sign>{_CODE})\s(?P<amount>{_NUMBER}){_SCALE}", _money
    yield (
        rf"(?P<low>{_N}){_LOW_SCALE}{_TO}(?P<high>{_NUMBER}){_SCALE}\s?(?P<sign>{_CODE})(?![A-Za-z])",
        _money_range,
    )
    yield rf"(?P<amount>{_N}){_SCALE}\s?(?P<sign>{_CODE})(?![A-Za-z])", _money
    yield (
        rf"(?P<amount>{_N})\s?(?P<scale>{'|'.join(sorted(_SHORT_SCALES, key=len, reverse=True))})(?= {_MONEY_WORDS})",
        lambda found: f"{number(found['amount'])} {_SCALES[found['scale']]}",
    )
    yield (
        r"(?:(?<![\w.,])(?P<decade>(?:1[0-9]|20)\d0)|(?<=[Tt]he )['’]?(?P<short>[1-9]0))['’]?s\b",
        lambda found: decade(int(found["decade"] or found["short"])),
    )
    yield (
        r"(?<![\w.,])(?P<amount>\d{1,3}(?:\.\d{1,2})?)(?P<scale>[kMB]|[bt]n|[MBT]n|trn)\b",
        lambda found: f"{number(found['amount'])} {_SCALES[found['scale']]}",
    )
    yield r"(?<=\d) [-−] (?=\d)", lambda _: " minus "
    yield r"(?<![\w.,/])(?P<above>\d{1,3})/(?P<below>\d{1,3})(?![\w/])", _fraction
    yield rf"(?:(?P<whole>\d{{1,6}})\s?)?(?P<sign>[{''.join(_FRACTIONS)}])", _fraction_sign
    yield rf"(?P<sizes>{_N}(?:\s?[x×]\s?(?:{_NUMBER})){{1,3}})(?:\s?(?P<unit>{_UNIT}))?(?![\w²³/])", _product
    yield rf"(?P<low>{_SIGNED}){_TO}(?P<high>{_NUMBER})(?P<gap>\s?)(?P<unit>{_UNIT})(?![\w²³/])", _unit_range
    yield rf"(?P<amount>{_SIGNED})(?P<gap>\s?)(?P<unit>{_UNIT})(?![\w²³/])", _unit


def _year_rules() -> _Written:
    alone = r"(?![\d.,]\d|\d|\w| ?[%€$£])"
    yield rf"(?<![\d.,-])(?P<low>{_YEAR}){_TO}(?P<high>{_YEAR}|\d\d){alone}", _years
    yield (
        rf"(?P<before>{_YEAR_BEFORE})(?P<year>{_YEAR}){alone}",
        lambda found: found["before"] + year(int(found["year"])),
    )
    yield rf"\((?P<year>{_YEAR})\)", lambda found: f"({year(int(found['year']))})"


def _word_rules() -> _Written:
    yield rf"\b(?P<what>{'|'.join(_NUMBERED)})\.?\s(?P<roman>{_ROMAN})\b", _numbered
    yield rf"\b(?P<who>{'|'.join(_RULERS)})\s(?P<roman>{_ROMAN})\b", _ruler
    yield r"#(?=\d)", lambda _: "number "
    yield r"(?<![\w.])~\s?(?=\d)", lambda _: "about "
    yield r"(?<!\w)<\s?(?=[\d-])", lambda _: "less than "
    yield r"(?<!\w)>\s?(?=[\d-])", lambda _: "more than "
    yield rf"(?<![\w.])(?:{_any(_BEFORE_NUMBERS)})\s?(?=\d)", lambda found: f"{_BEFORE_NUMBERS[found[0].strip()]} "
    yield rf"(?<!\w)(?:{_any(_TITLES)})(?=\s?[A-Z])", lambda found: _TITLES[found[0]]
    yield rf"(?<![\w.])(?:{_any(_WORDS)})(?!\w)(?P<end>\s*$)?", _short


def _number_rules() -> _Written:
    yield (
        rf"(?P<number>\d{{1,3}}(?:,\d{{3}}){{1,6}}|\d{{1,9}}){_ORDINAL_SUFFIX}\b",
        lambda found: ordinal(int(found["number"].replace(",", ""))),
    )
    yield r"(?<![\w.])[vV]?\d{1,4}(?:\.\d{1,4}){2,3}(?![\d.]*\d)", _version
    yield (
        rf"(?P<low>{_N}){_TO}(?P<high>{_NUMBER})(?![\w-])",
        lambda found: f"{number(found['low'])} to {number(found['high'])}",
    )
    yield r"(?<=\d)/(?=\d)", lambda _: " slash "
    yield r"(?<=[A-Za-z])\d{1,9}(?!\d)|(?<!\d)(?<![.,])\d{1,9}(?=[A-Za-z])", _glued
    yield rf"(?<![\w.,])(?:(?<![\w)])[-−])?(?:{_NUMBER})(?!\d)", _plain_number
    yield r"\d+", lambda found: f" {number(found[0])} "


def _sign_rules() -> _Written:
    yield r"(?<=\w)[²³]", lambda found: f" {_POWERS[found[0]]}"
    yield r"(?<=[A-Za-z])/(?=[A-Za-z])", lambda _: " or "
    yield r"(?<=\w)_(?=\w)", lambda _: " "
    yield r"(?<=\w)\.(?=[A-Za-z]{2,5}\b)", lambda _: " dot "
    yield f"[{re.escape(''.join(_SYMBOLS))}]", lambda found: f" {_SYMBOLS[found[0]]} "


_RULES = tuple(
    (re.compile(pattern), says)
    for rules in (
        _address_rules, _date_rules, _phone_rules, _amount_rules, _year_rules, _word_rules, _number_rules, _sign_rules,
    )
    for pattern, says in rules()
)  # fmt: skip

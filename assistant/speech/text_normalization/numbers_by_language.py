"""Numbers in words by the rules of French, Spanish, Italian, Portuguese and Japanese. Knows cardinals and digits, and
nothing of the text around them."""

from collections.abc import Callable, Mapping

LONGEST = 15  # digits; more are said one by one

_FR = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
).split()
_FR_TENS = "_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt".split()
_ES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
).split()
_ES_TENS = "_ _ _ treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_HUNDREDS = (
    "_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()
_IT = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
).split()
_IT_TENS = "_ _ venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()
_PT = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito "
    "dezenove"
).split()
_PT_TENS = "_ _ vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split()
_PT_HUNDREDS = (
    "_ cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
).split()
_JA = "零一二三四五六七八九"


def _french(number: int) -> str:
    if number < 20:
        return _FR[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        if tens in (7, 9):
            ones += 10
        if not ones:
            return _FR_TENS[tens] + ("s" if tens == 8 else "")
        return f"{_FR_TENS[tens]} et {_FR[ones]}" if ones in (1, 11) and tens < 8 else f"{_FR_TENS[tens]}-{_FR[ones]}"
    if number < 1_000:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{_FR[hundreds]} cent{'' if rest else 's'}"
        return f"{head} {_french(rest)}" if rest else head
    if number < 10**6:
        thousands, rest = divmod(number, 1_000)
        head = "mille" if thousands == 1 else f"{_unmarked(_french(thousands))} mille"
        return f"{head} {_french(rest)}" if rest else head
    return _large(number, ((10**12, "billion"), (10**9, "milliard"), (10**6, "million")), "un", "s", _french)


def _unmarked(words: str) -> str:
    """ "quatre-vingts" and "deux cents" lose their s before mille."""
    return words[:-1] if words.endswith(("vingts", "cents")) else words


def _spanish(number: int) -> str:
    if number < 30:
        return _ES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_ES_TENS[tens]} y {_ES[ones]}" if ones else _ES_TENS[tens]
    if number < 1_000:
        hundreds, rest = divmod(number, 100)
        return (
            f"{_ES_HUNDREDS[hundreds]} {_spanish(rest)}"
            if rest
            else "cien"
            if number == 100
            else _ES_HUNDREDS[hundreds]
        )
    if number < 10**6:
        thousands, rest = divmod(number, 1_000)
        head = "mil" if thousands == 1 else f"{spanish_before_noun(_spanish(thousands))} mil"
        return f"{head} {_spanish(rest)}" if rest else head
    size, one, several = (10**12, "un billón", "billones") if number >= 10**12 else (10**6, "un millón", "millones")
    many, rest = divmod(number, size)
    head = one if many == 1 else f"{spanish_before_noun(_spanish(many))} {several}"
    return f"{head} {_spanish(rest)}" if rest else head


def spanish_before_noun(words: str) -> str:
    """ "veintiuno" and "uno" are shorter before what they count."""
    if words.endswith("veintiuno"):
        return f"{words[:-3]}ún"
    return words[:-1] if words.endswith("uno") else words


def _italian(number: int) -> str:
    said = _italian_run(number)
    return f"{said[:-1]}é" if said.endswith("tre") and said != "tre" else said


def _italian_run(number: int) -> str:
    if number < 20:
        return _IT[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        head = _IT_TENS[tens]
        return (head[:-1] if ones in (1, 8) else head) + (_IT[ones] if ones else "")
    if number < 1_000:
        hundreds, rest = divmod(number, 100)
        head = ("" if hundreds == 1 else _IT[hundreds]) + "cento"
        return (head[:-1] if rest == 8 or 80 <= rest < 90 else head) + (_italian_run(rest) if rest else "")
    if number < 10**6:
        thousands, rest = divmod(number, 1_000)
        head = "mille" if thousands == 1 else f"{_italian_run(thousands)}mila"
        return head + (_italian_run(rest) if rest else "")
    scales = ((10**12, "bilione", "bilioni"), (10**9, "miliardo", "miliardi"), (10**6, "milione", "milioni"))
    size, one, several = next(scale for scale in scales if number >= scale[0])
    many, rest = divmod(number, size)
    head = f"un {one}" if many == 1 else f"{_italian(many)} {several}"
    return f"{head} {_italian(rest)}" if rest else head


def _portuguese(number: int) -> str:
    if number < 20:
        return _PT[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_PT_TENS[tens]} e {_PT[ones]}" if ones else _PT_TENS[tens]
    if number < 1_000:
        hundreds, rest = divmod(number, 100)
        if number == 100:
            return "cem"
        return f"{_PT_HUNDREDS[hundreds]} e {_portuguese(rest)}" if rest else _PT_HUNDREDS[hundreds]
    if number < 10**6:
        thousands, rest = divmod(number, 1_000)
        head = "mil" if thousands == 1 else f"{_portuguese(thousands)} mil"
        return _with_e(head, rest)
    scales = ((10**12, "trilhão", "trilhões"), (10**9, "bilhão", "bilhões"), (10**6, "milhão", "milhões"))
    size, one, several = next(scale for scale in scales if number >= scale[0])
    many, rest = divmod(number, size)
    return _with_e(f"um {one}" if many == 1 else f"{_portuguese(many)} {several}", rest)


def _with_e(head: str, rest: int) -> str:
    """ "mil e cem", "mil e dois", but "mil duzentos e um"."""
    if not rest:
        return head
    return f"{head} {'e ' if rest <= 100 or (rest < 1_000 and rest % 100 == 0) else ''}{_portuguese(rest)}"


def _japanese(number: int) -> str:
    if number == 0:
        return _JA[0]
    said = ""
    for size, name in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        many, number = divmod(number, size)
        if many:
            said += _japanese_below_myriad(many, bare=not name) + name
    return said


def _japanese_below_myriad(number: int, bare: bool) -> str:
    said = ""
    for size, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        many, number = divmod(number, size)
        if many:  # "千", but "一千万"
            said += ("" if many == 1 and name and (bare or name != "千") else _JA[many]) + name
    return said


def _large(
    number: int, scales: tuple[tuple[int, str], ...], one: str, plural: str, cardinal_of: Callable[[int], str]
) -> str:
    size, name = next(scale for scale in scales if number >= scale[0])
    many, rest = divmod(number, size)
    head = f"{one} {name}" if many == 1 else f"{cardinal_of(many)} {name}{plural}"
    return f"{head} {cardinal_of(rest)}" if rest else head


_CARDINALS: Mapping[str, Callable[[int], str]] = {
    "fr": _french,
    "es": _spanish,
    "it": _italian,
    "pt": _portuguese,
    "ja": _japanese,
}
LANGUAGES = frozenset(_CARDINALS)


def cardinal(number: int, language: str) -> str:
    """number: 0 or more, below 10^15. Raises KeyError for a language that is none of LANGUAGES."""
    return _CARDINALS[language](number)


def digits(text: str, language: str) -> str:
    """ "007" is "zéro zéro sept"."""
    return ("" if language == "ja" else " ").join(cardinal(int(one), language) for one in text if "0" <= one <= "9")

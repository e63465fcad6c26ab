"""Numbers spelled out in German, French, Spanish and Portuguese, as digits: "einhundertfünf", "treinta y cinco".

English and Chinese are read by `numerals`. What stands alone and is an article as well ("ein", "une") is left alone.
"""

import re
from functools import cache

_WORDS = {
    "de": """null=0 ein=1 eins=1 eine=1 zwei=2 zwo=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11
        zwölf=12 dreizehn=13 vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20
        dreißig=30 dreissig=30 vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=*100
        tausend=*1000""",
    "fr": """zéro=0 un=1 une=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12
        treize=13 quatorze=14 quinze=15 seize=16 vingt=20 vingts=20 trente=30 quarante=40 cinquante=50 soixante=60
        septante=70 quatre-vingt=80 quatre-vingts=80 huitante=80 nonante=90 cent=*100 cents=*100 mille=*1000""",
    "es": """cero=0 un=1 uno=1 una=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12
        trece=13 catorce=14 quince=15 dieciséis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno=21
        veintidós=22 veintitrés=23 veinticuatro=24 veinticinco=25 veintiséis=26 veintisiete=27 veintiocho=28
        veintinueve=29 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100
        ciento=100 doscientos=200 trescientos=300 cuatrocientos=400 quinientos=500 seiscientos=600 setecientos=700
        ochocientos=800 novecientos=900 mil=*1000""",
    "pt": """zero=0 um=1 uma=1 dois=2 duas=2 três=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12
        treze=13 catorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 dezoito=18 dezenove=19 vinte=20 trinta=30
        quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100 cento=100 duzentos=200
        trezentos=300 quatrocentos=400 quinhentos=500 seiscentos=600 setecentos=700 oitocentos=800 novecentos=900
        mil=*1000""",
}
_JOINS = {"de": r"(?:und)?", "fr": r"(?:[-\s]+(?:et[-\s]+)?)", "es": r"(?:\s+(?:y\s+)?)", "pt": r"(?:\s+(?:e\s+)?)"}
_ARTICLES = frozenset("ein eine un une uno una um uma".split())


def spelled_as_digits(text: str, language: str) -> str:
    """The text with what is spelled out in this language in digits; as it is where the language is none of these."""
    if language not in _WORDS:
        return text
    words, run = _known(language)

    def digits(match: re.Match[str]) -> str:
        if match.group().lower() in _ARTICLES:
            return match.group()
        whole = part = 0
        for piece in re.findall(_any_of(words), match.group().lower()):
            sign, value = words[piece]
            if sign and value >= 1000:
                whole, part = whole + max(part, 1) * value, 0
            else:
                part = max(part, 1) * value if sign else part + value
        return str(whole + part)

    return run.sub(digits, text)


@cache
def _known(language: str) -> tuple[dict[str, tuple[bool, int]], re.Pattern[str]]:
    """word → (whether it multiplies, its value), and a run of such words."""
    words = {
        word: (value.startswith("*"), int(value.lstrip("*")))
        for word, value in (one.split("=") for one in _WORDS[language].split())
    }
    one = _any_of(words)
    return words, re.compile(rf"\b{one}(?:{_JOINS[language]}{one})*\b", re.IGNORECASE)


def _any_of(words: dict[str, tuple[bool, int]]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"

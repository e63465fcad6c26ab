"""Language identification, as far as a voice needs it: by the script of a sentence, else by its small words."""

import re

_SCRIPTS = {
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "ru": "\u0400-\u04ff",
    "ar": "\u0600-\u06ff",
    "he": "\u0590-\u05ff",
    "el": "\u0370-\u03ff",
    "th": "\u0e00-\u0e7f",
    "hi": "\u0900-\u097f",
}
_OF = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_SMALL = {
    "en": "the of and to in is that it was for on are with as this be at by from not have you which what or an",
    "de": "der die das und ist nicht ein eine mit den dem auf für von zu im es sich auch wird sind wurde oder bei",
    "fr": "le la les des et est une dans pour que qui pas sur avec du au ce sont par plus il elle nous vous",
    "es": "el los las y es una en que por con para del se no su al como más está son este esta pero",
    "it": "il gli di che è una per non con sono del della si nel alla anche questo come dei le",
    "pt": "o os as e é uma em que por com para do da não se mais como dos das foi são este",
    "nl": "de het een en is van dat niet met op voor zijn aan er ook wordt bij naar maar werd",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}


def identify_language(text: str) -> str:
    """ISO 639-1. English where nothing says otherwise."""
    text = text[:2000]
    counts = {language: len(letters.findall(text)) for language, letters in _OF.items()}
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    if counts["ja"] and counts["ja"] * 5 > han:
        return "ja"
    language, most = max(counts.items(), key=lambda one: one[1])
    if most > han and most > latin:
        return language
    if han and han * 2 >= latin:
        return "zh"
    words = [word.lower() for word in _LATIN.findall(text)]
    votes = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    best = max(votes, key=lambda one: votes[one])
    return best if votes[best] >= 2 and votes[best] > votes["en"] else "en"

"""Grapheme to phoneme (G2P) for English: words are looked up, built from their stems, guessed from their letters, or
spelt. The phonemes are those of Kokoro.

The lexicons are those of misaki 0.9 (Apache-2.0), which Kokoro was trained with; the rules for endings follow it.
Which of two ways a word such as "read" or "record" is said is told from the word before it.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from assistant.speech.synthesis.letter_to_sound import LetterToSound

Sounds = str | dict[str, str | None]
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|\s+")
_PARTS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]{2})|[A-Z]?[a-z']+|[A-Z]+(?:'s|s)?(?![a-z])|[A-Z]")
_PUNCTUATION = dict(zip(';:,.!?—…()“”–"', ';:,.!?—…()“”—"', strict=True))
_VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻɐ")
_FLAPPED = frozenset("AIOWYiuæɑəɛɪɹʊʌ")
_BEFORE_VERBS = frozenset("to will would can could must should may might shall i you we they not don't let's "
                          "didn't doesn't won't can't please and".split())  # fmt: skip
_BEFORE_NOUNS = frozenset("the a an this that these my your his her its our their of each every no some new".split())
_BEFORE_PARTICIPLES = frozenset("has have had having been was were be is are being i've we've you've they've".split())
_SAID_AS_WORDS = 5  # letters of capitals that no lexicon knows: fewer are spelt


class EnglishG2p:
    """gold, silver: word → sounds, or sounds by part of speech; what gold knows counts first."""

    def __init__(
        self,
        gold: Mapping[str, Sounds],
        silver: Mapping[str, Sounds],
        letter_to_sound: LetterToSound,
        british: bool = False,
    ) -> None:
        self._gold, self._silver, self._letter_to_sound, self._british = gold, silver, letter_to_sound, british

    @classmethod
    def load(cls, folder: Path, letter_to_sound: LetterToSound, british: bool = False) -> "EnglishG2p":
        """folder: with us_gold.json and its kin."""
        variant = "gb" if british else "us"
        gold, silver = (
            json.loads((folder / f"{variant}_{kind}.json").read_text(encoding="utf-8")) for kind in ("gold", "silver")
        )
        return cls(gold, silver, letter_to_sound, british)

    def sounds(self, text: str) -> str:
        """What is said, with the punctuation that Kokoro knows. Digits and other signs are left out."""
        plain = _plain(text)
        tokens = _TOKEN.findall(plain)
        said: list[str] = []
        following: bool | None = None  # whether what comes next begins with a vowel; None: nothing comes
        for position in range(len(tokens) - 1, -1, -1):
            token = tokens[position]
            if token.isspace():
                said.append(" ")
            elif token in _PUNCTUATION:
                said.append(_PUNCTUATION[token])
                following = following if token in '“”"()' else None
            elif token[0].isalpha():
                before = _word_before(tokens, position)
                spoken = self._word(token, before, following, _word_after(tokens, position))
                said.append(spoken)
                following = next((sound in _VOWELS for sound in spoken if sound not in "ˈˌ"), following)
            elif token in "-/":
                said.append(" ")
        joined = "".join(reversed(said)).replace("ɾ", "T").replace("ʔ", "t")
        return re.sub(r" +", " ", joined).strip()

    def _word(self, word: str, before: str, following: bool | None, after: str) -> str:
        lower = word.lower()
        match lower:
            case "the":
                return "ði" if following else "ðə"
            case "a" if word == "a" or before == "":
                return "ɐ" if following is not None else "ˈA"
            case "an":
                return "ɐn"
            case "to":
                return {None: "tu", False: "tə", True: "tʊ"}[following]
            case "i" if word == "I":
                return "ˌI"
            case "in":
                return "ɪn" if following is not None else "ˈɪn"
            case "used" if after == "to" and before not in _BEFORE_PARTICIPLES:
                return "jˈust"
        return self._known(word, _part(before, following)) or self._pieces(word)

    def _known(self, word: str, part: str) -> str:
        """As a whole, in the way that fits; "" where it is in no lexicon, nor is its stem."""
        for written in dict.fromkeys((word, word.lower(), word.capitalize())):
            if written != word and word.isupper() and len(word) > 1 and len(word) < 4 and written not in self._gold:
                continue  # IBM is no word of small letters
            found = self._look(written, part) or self._inflected(written, part)
            if found:
                return _stressed(found, word)
        return ""

    def _look(self, word: str, part: str) -> str:
        found = self._gold.get(word) or self._silver.get(word)
        if isinstance(found, dict):
            found = found.get(part) or found.get(_parent(part)) or found.get("DEFAULT")
        return found or ""

    def _inflected(self, word: str, part: str) -> str:
        """From its stem: plurals and possessives, -ed, -ing (after misaki)."""
        if len(word) > 2 and word.endswith("'s"):
            return self._with_s(self._look(word[:-2], part) or self._inflected(word[:-2], part))
        if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
            stems = [word[:-1]]
            if len(word) > 4 and word.endswith("ies"):
                stems.append(word[:-3] + "y")
            elif len(word) > 4 and word.endswith("es"):
                stems.append(word[:-2])
            return self._with_s(self._first(stems, part))
        if len(word) > 4 and word.endswith("ed"):
            return self._with_ed(self._first([word[:-1], word[:-2], word[:-3] if word[-3] == word[-4] else ""], part))
        if len(word) > 5 and word.endswith("ing"):
            stem = word[:-3]
            return self._with_ing(self._first([stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else ""], part))
        return ""

    def _first(self, stems: list[str], part: str) -> str:
        return next((found for stem in stems if stem and (found := self._look(stem, part))), "")

    def _with_s(self, stem: str) -> str:
        if not stem:
            return ""
        if stem[-1] in "ptkfθ":
            return stem + "s"
        return stem + (("ɪz" if self._british else "ᵻz") if stem[-1] in "szʃʒʧʤ" else "z")

    def _with_ed(self, stem: str) -> str:
        if not stem:
            return ""
        if stem[-1] in "pkfθʃsʧ":
            return stem + "t"
        if stem[-1] == "d":
            return stem + ("ɪd" if self._british else "ᵻd")
        if stem[-1] != "t":
            return stem + "d"
        if self._british or len(stem) < 2:
            return stem + "ɪd"
        return (stem[:-1] + "ɾᵻd") if stem[-2] in _FLAPPED else stem + "ᵻd"

    def _with_ing(self, stem: str) -> str:
        if not stem:
            return ""
        flapped = not self._british and len(stem) > 1 and stem[-1] == "t" and stem[-2] in _FLAPPED
        return (stem[:-1] + "ɾɪŋ") if flapped else stem + "ɪŋ"

    def _pieces(self, word: str) -> str:
        """A word that nobody knows: capitals spelt, the rest guessed, and "'s" as it is said."""
        stem, mark, _ = word.partition("'s") if word.endswith("'s") else (word, "", "")
        pieces = _PARTS.findall(stem.replace("'", "")) or [stem]
        said = []
        for piece in pieces:
            plural = len(piece) > 2 and piece[:-1].isupper() and piece.endswith("s")
            core = piece[:-1] if plural else piece
            spelt = (core.isupper() and len(core) < _SAID_AS_WORDS) or len(core) < 2 or not _has_vowel(core)
            known = self._known(core, "") if len(pieces) > 1 and not spelt else ""
            spoken = self._spelt(core) if spelt else (known or self._guessed(core))
            said.append(self._with_s(spoken) if plural else spoken)
        whole = " ".join(filter(None, said))
        return self._with_s(whole) if mark else whole

    def _spelt(self, letters: str) -> str:
        """Letter by letter, the last one stressed: "GPU" → "ʤˌipˌijˈu"."""
        names = [self._look(letter.upper(), "") for letter in letters if letter.isascii()]
        joined = "".join(name.replace("ˈ", "ˌ") for name in names if name)
        head, mark, last = joined.rpartition("ˌ")
        return f"{head}ˈ{last}" if mark else joined

    def _guessed(self, word: str) -> str:
        said = self._letter_to_sound.say(word)
        if self._british:
            said = said.replace("O", "Q").replace("əɹ", "ə").replace("ɜɹ", "ɜː").replace("ɑɹ", "ɑː")
        return said


def _plain(text: str) -> str:
    """Letters without their accents, straight apostrophes."""
    text = text.replace("’", "'").replace("‘", "'").replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    parts = unicodedata.normalize("NFD", text)
    return "".join(one for one in parts if not unicodedata.combining(one))


def _word_before(tokens: list[str], position: int) -> str:
    if position >= 2 and tokens[position - 1].isspace():
        before = tokens[position - 2]
        return before.lower() if before[0].isalpha() else ""
    return ""


def _word_after(tokens: list[str], position: int) -> str:
    if position + 2 < len(tokens) and tokens[position + 1].isspace():
        return tokens[position + 2].lower()
    return ""


def _part(before: str, following: bool | None) -> str:
    if before in _BEFORE_PARTICIPLES:
        return "VBN"
    if before in _BEFORE_VERBS:
        return "VERB"
    if before in _BEFORE_NOUNS:
        return "NOUN"
    return "None" if following is None else "DEFAULT"


def _parent(part: str) -> str:
    return "VERB" if part.startswith("VB") else part


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouy" for letter in word.lower())


def _stressed(sounds: str, word: str) -> str:
    """Names have at least a light stress, words in capitals a full one."""
    if word.islower():
        return sounds
    if word.isupper() and len(word) > 1:
        sounds = sounds if "ˈ" in sounds else sounds.replace("ˌ", "ˈ")
        mark = "ˈ"
    else:
        mark = "ˌ"
    if "ˈ" in sounds or "ˌ" in sounds:
        return sounds
    first = next((place for place, sound in enumerate(sounds) if sound in _VOWELS), None)
    return sounds if first is None else sounds[:first] + mark + sounds[first:]

"""The language of an answer: what Medley works out itself, without a model, is said in it.

The sentences stand in English in the templates of prompts/ and beside the tables of words; a language is there because
locale/LANGUAGE/LC_MESSAGES/answers.po is, and what that file lacks stays English. Dates, numbers, units and names of
languages are CLDR's, by Babel. What is quoted from a file is only set in quotation marks.
"""

import gettext
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Literal

from assistant.text.catalogues import FOLDER, is_there, names_in, read
from assistant.values.messages import Message, Value, filled
from prompts import render

DOMAIN = "answers"
SOURCE = "en"  # the language that the sentences are written in
Unit = Literal["second", "minute", "hour", "day", "week", "month", "year", "byte", "kilobyte", "megabyte", "gigabyte"]

_CLDR = {SOURCE: "en_GB"}  # "30 November 2026", "14:05"; of any other language, what it is called by
_OF_BYTES = ("byte", "kilobyte", "megabyte", "gigabyte")
_FAR = ("zh", "ja", "ko")  # whose short names of units are the usual ones
_FAR_AFTER_DIGIT = re.compile(r"(?<=\d)\s?(?=[\u3040-\u9fff])")


def N_(text: str) -> str:  # noqa: N802 - as gettext calls it
    """Marks an English word of a table as one that is said by `gettext` later, for Babel to find it."""
    return text


class AnswerLanguage:
    """code: ISO 639-1. Of a language without a catalogue everything is said in English.

    folder: has <language>/LC_MESSAGES/answers.po.
    """

    def __init__(self, code: str, folder: Path = FOLDER) -> None:
        self.code = code if is_there(code, DOMAIN, folder) else SOURCE
        self._cldr = _CLDR.get(self.code, self.code)
        self._known: gettext.NullTranslations = (
            read(self.code, DOMAIN, folder) if self.code != SOURCE else gettext.NullTranslations()
        )

    def render(self, template: str, **values: object) -> str:
        """The template of prompts/ with these values, its sentences in this language."""
        said = {
            "gettext": self.gettext,
            "ngettext": self.ngettext,
            "pgettext": self.pgettext,
            "quoted": self.quoted,
            "listed": self.listed,
            "beside": self.beside,
            "together": self.together,
        }
        return render(template, **said, **values)

    # Sentences

    def gettext(self, sentence: str, /, **values: object) -> str:
        """The sentence with these values at its {names}; an int as the language writes it, a Message said in it."""
        return self._filled(self._known.gettext(sentence), sentence, values)

    def ngettext(self, one: str, several: str, /, count: int, **values: object) -> str:
        """As `gettext`, in the form that the language has for so many."""
        english = one if count == 1 else several
        return self._filled(self._known.ngettext(one, several, count), english, {"count": count, **values})

    def pgettext(self, context: str, word: str, /) -> str:
        """A word that means something else elsewhere."""
        return self._known.pgettext(context, word)

    def said(self, message: str) -> str:
        """A Message in this language; any other str as it stands."""
        return self._word(message)

    def quoted(self, text: str) -> str:
        return self.gettext("“{quote}”", quote=text)

    def listed(self, words: Sequence[str]) -> str:
        """ "a, b, c": as they come, and there may be more."""
        return self.gettext("{one}, {other}", one="", other="").join(words)

    def beside(self, words: Sequence[str]) -> str:
        """ "6 pages, 312 words": what is said of one thing, or in one sentence."""
        return self.gettext("{fact}, {more}", fact="", more="").join(words)

    # CLDR

    def together(self, words: Sequence[str]) -> str:
        """ "a, b and c"."""
        from babel.lists import format_list

        return str(format_list(list(words), "standard", self._cldr))

    def either(self, words: Sequence[str]) -> str:
        """ "a, b or c"."""
        from babel.lists import format_list

        return str(format_list(list(words), "or", self._cldr))

    def number(self, number: int) -> str:
        from babel.numbers import format_decimal

        return str(format_decimal(number, locale=self._cldr))

    def decimal(self, digits: str) -> str:
        """ "1,234.5" as this language writes it."""
        from babel.numbers import get_decimal_symbol, get_group_symbol

        signs = {",": get_group_symbol(self._cldr), ".": get_decimal_symbol(self._cldr)}
        return "".join(signs.get(letter, letter) for letter in digits)

    def long_date(self, day: date) -> str:
        """ "5 March 2026"."""
        from babel.dates import format_date

        return self._spelled_out(format_date(day, "long", locale=self._cldr))

    def full_date(self, day: date) -> str:
        """ "Thursday, 5 March 2026"."""
        from babel.dates import format_date

        return self._spelled_out(format_date(day, "full", locale=self._cldr))

    def month(self, day: date) -> str:
        """ "March 2026"."""
        from babel.dates import format_skeleton

        return self._spelled_out(format_skeleton("yMMMM", day, locale=self._cldr))

    def clock_time(self, at: time) -> str:
        """ "14:05"."""
        from babel.dates import format_time

        return str(format_time(at, "short", locale=self._cldr))

    def units(self, number: float, unit: Unit) -> str:
        """ "3 days", "12.3 kB"; of bytes by the thousand with one decimal."""
        from babel.units import format_unit

        of_bytes = unit in _OF_BYTES
        short = unit in _OF_BYTES[1:] or (not of_bytes and self.code in _FAR)
        said = format_unit(
            number,
            f"digital-{unit}" if of_bytes else f"duration-{unit}",
            "short" if short else "long",
            format="#,##0.0" if unit in _OF_BYTES[1:] else None,
            locale=self._cldr,
        )
        blank = {"zh": " ", "ja": ""}.get(self.code)  # Chinese is set with one here, Japanese without
        return str(said) if blank is None else _FAR_AFTER_DIGIT.sub(blank, str(said))

    def language_name(self, code: str) -> str:
        """ "de" → "German", "德语"; the code itself where it has no name. zh_Hans, zh_Hant: of its two scripts."""
        from babel import Locale

        return str(Locale.parse(self._cldr).languages.get(code) or code)

    def _spelled_out(self, day: str) -> str:
        """Russian without the full stop at its end, which would end the sentence; French with "1er"."""
        if self.code == "fr":
            return re.sub(r"(?<!\d)1(?= [^\W\d])", "1er", day)
        return re.sub(r"(?<!\s)\s*+г\.$", " года", day)

    def _filled(self, told: str, english: str, values: Mapping[str, object]) -> str:
        """One that would be filled with other facts than the English one is none."""
        if missing := names_in(english) - values.keys():
            raise ValueError(f"{english!r} lacks {', '.join(sorted(missing))}")
        template = told if names_in(told) <= values.keys() else english
        return filled(template, {name: self._word(value) for name, value in values.items()}, str)

    def _word(self, value: object) -> str:
        match value:
            case Message(id=id, several=several, values=values) if id:
                count = values.get("count", 0)
                in_form = self._known.ngettext(id, several, count) if several and isinstance(count, int) else ""
                told = in_form or self._known.gettext(id)
                return filled(told if names_in(told) <= values.keys() else id, values, self._part)
            case bool():
                raise ValueError(f"{value} is no word")
            case int():
                return self.number(value)
            case _:
                return str(value)

    def _part(self, value: Value) -> str:
        return self.listed([self._part(each) for each in value]) if isinstance(value, tuple) else self._word(value)


@cache
def in_language(code: str) -> AnswerLanguage:
    """By ISO 639-1; English for what there is no catalogue for."""
    return AnswerLanguage(code)

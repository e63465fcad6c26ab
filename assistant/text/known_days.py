"""Days that people know by a name: Christmas, Easter, 中秋节, and when they are in a year."""

# ruff: noqa: E501 - a row of a table is read as one line

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from assistant.text.lunar import common

# its name | names in lower case, as patterns | how it is found: a fixed day (month-day), days after Easter (+n), of the lunar
# calendar (lunar month-day), the nth weekday of a month (nth weekday month, Monday is 0)
_DAYS = """
Christmas Eve | christmas eve|xmas eve|heilig(?:er )?abend|nochebuena|véspera de natal|平安夜 | 12-24
Boxing Day | boxing day | 12-26
Christmas | christmas|x-?mas|weihnachten|noël|navidad|natal\\b|圣诞节?|クリスマス|크리스마스|рождеств\\w+ | 12-25
New Year's Eve | new year'?s eve|silvester|nochevieja|saint-sylvestre|跨年夜? | 12-31
Chinese New Year | chinese new year|lunar new year|spring festival|春节|过年|大年初一|农历新年|설날 | lunar 1-1
Chinese New Year's Eve | chinese new year'?s eve|除夕|大年(?:三十|30) | lunar 12-30
Lantern Festival | lantern festival|元宵节? | lunar 1-15
Dragon Boat Festival | dragon boat(?: festival)?|端午节? | lunar 5-5
Qixi | qixi|七夕 | lunar 7-7
Mid-Autumn Festival | mid-?autumn(?: festival)?|moon festival|中秋节? | lunar 8-15
Double Ninth Festival | double ninth(?: festival)?|重阳节? | lunar 9-9
New Year | new year'?s?(?: day)?|neujahr|nouvel an|año nuevo|ano novo|元旦|新年|새해|нов\\w+ год\\w* | 1-1
Epiphany | epiphany|three kings'? day|dreikönig\\w*|épiphanie|día de reyes | 1-6
Valentine's Day | valentine'?s?(?: day)?|valentinstag|saint-valentin|san valentín|情人节|バレンタイン(?:デー)? | 2-14
Women's Day | women'?s day|frauentag|妇女节|三八节 | 3-8
St Patrick's Day | st\\.? patrick'?s(?: day)? | 3-17
April Fools' Day | april fool'?s?'?(?: day)?|愚人节 | 4-1
Labour Day | labou?r day|may day|tag der arbeit|fête du travail|día del trabajo|劳动节|五一(?!\\d) | 5-1
Children's Day | 儿童节|六一(?!\\d) | 6-1
the gaokao | gaokao|高考 | 6-7
Independence Day | independence day|(?:4|fourth) (?:of )?july | 7-4
Bastille Day | bastille day|14 juillet | 7-14
Teachers' Day | 教师节 | 9-10
National Day | 国庆节?|(?:十一|11)(?:放假|长假|黄金周) | 10-1
German Unity Day | tag der deutschen einheit|german unity day | 10-3
Halloween | halloween|万圣节|ハロウィン | 10-31
All Saints' Day | all saints'?(?: day)?|allerheiligen|toussaint|todos los santos | 11-1
Singles' Day | singles'? day|双(?:十一|11)|光棍节 | 11-11
St Nicholas Day | (?:st\\.? )?nicholas day|nikolaus(?:tag)? | 12-6
Good Friday | good friday|karfreitag|vendredi saint|viernes santo | +-2
Easter Monday | easter monday|ostermontag|lundi de pâques | +1
Easter | easter(?: sunday)?|ostern|ostersonntag|pâques|pascua|páscoa|复活节|пасх\\w+ | +0
Ash Wednesday | ash wednesday|aschermittwoch | +-46
Shrove Tuesday | shrove tuesday|pancake day|mardi gras|faschingsdienstag | +-47
Palm Sunday | palm sunday|palmsonntag | +-7
Ascension Day | ascension(?: day)?|christi himmelfahrt | +39
Whit Sunday | pentecost|whit(?:sun| sunday)|pfingsten|pentecôte|pentecostés | +49
Mother's Day | mother'?s day|muttertag|母亲节 | 2 6 5
Father's Day | father'?s day|父亲节 | 3 6 6
Thanksgiving | thanksgiving|感恩节 | 4 3 11
"""


@dataclass(frozen=True)
class KnownDay:
    """A day that everybody knows by name."""

    english: str
    """Its name, which `AnswerLanguage.gettext` says in other languages."""
    pattern: re.Pattern[str]
    rule: str

    def in_year(self, year: int) -> date | None:
        """None where the tables do not reach."""
        if self.rule.startswith("lunar "):
            month, day = map(int, self.rule.removeprefix("lunar ").split("-"))
            return common(year if month < 12 else year - 1, month, day)
        if self.rule.startswith("+"):
            return easter(year) + timedelta(days=int(self.rule[1:]))
        if "-" in self.rule:
            month, day = map(int, self.rule.split("-"))
            return date(year, month, day)
        nth, weekday, month = map(int, self.rule.split())
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

    def after(self, day: date) -> date | None:
        """The next one, this very day among them."""
        found = [one for year in (day.year, day.year + 1) if (one := self.in_year(year)) is not None]
        return min((one for one in found if one >= day), default=None)

    def before(self, day: date) -> date | None:
        """The last one, this very day among them."""
        found = [one for year in (day.year - 1, day.year) if (one := self.in_year(year)) is not None]
        return max((one for one in found if one <= day), default=None)


def known_day(words: str) -> KnownDay | None:
    """The one that words in lower case name; of several the one with the longest name."""
    found = [(len(match.group()), one) for one in every_known_day() if (match := one.pattern.search(words))]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def easter(year: int) -> date:
    """Of the Gregorian calendar (Meeus, Jones and Butcher's algorithm)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def every_known_day() -> tuple[KnownDay, ...]:
    found = []
    for line in _DAYS.strip().split("\n"):
        english, patterns, rule = (part.strip() for part in line.split(" | "))
        found.append(KnownDay(english, re.compile(rf"(?<![a-z])(?:{patterns})(?![a-z])"), rule))
    return tuple(found)

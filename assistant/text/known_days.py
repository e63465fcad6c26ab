"""Days that people know by a name: Christmas, Easter, 中秋节, and when they are in a year."""

# ruff: noqa: E501 - a row of a table is read as one line

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from assistant.text.lunar import common

# names in lower case, as patterns | how it is found: a fixed day (month-day), days after Easter (+n), of the lunar
# calendar (lunar month-day), the nth weekday of a month (nth weekday month, Monday is 0)
_DAYS = """
Christmas Eve | 平安夜 | christmas eve|xmas eve|heilig(?:er )?abend|nochebuena|véspera de natal|平安夜 | 12-24
Boxing Day | 节礼日 | boxing day | 12-26
Christmas | 圣诞节 | christmas|x-?mas|weihnachten|noël|navidad|natal\\b|圣诞节?|クリスマス|크리스마스|рождеств\\w+ | 12-25
New Year's Eve | 跨年夜 | new year'?s eve|silvester|nochevieja|saint-sylvestre|跨年夜? | 12-31
Chinese New Year | 春节 | chinese new year|lunar new year|spring festival|春节|过年|大年初一|农历新年|설날 | lunar 1-1
Chinese New Year's Eve | 除夕 | chinese new year'?s eve|除夕|大年(?:三十|30) | lunar 12-30
Lantern Festival | 元宵节 | lantern festival|元宵节? | lunar 1-15
Dragon Boat Festival | 端午节 | dragon boat(?: festival)?|端午节? | lunar 5-5
Qixi | 七夕 | qixi|七夕 | lunar 7-7
Mid-Autumn Festival | 中秋节 | mid-?autumn(?: festival)?|moon festival|中秋节? | lunar 8-15
Double Ninth Festival | 重阳节 | double ninth(?: festival)?|重阳节? | lunar 9-9
New Year | 元旦 | new year'?s?(?: day)?|neujahr|nouvel an|año nuevo|ano novo|元旦|新年|새해|нов\\w+ год\\w* | 1-1
Epiphany | 主显节 | epiphany|three kings'? day|dreikönig\\w*|épiphanie|día de reyes | 1-6
Valentine's Day | 情人节 | valentine'?s?(?: day)?|valentinstag|saint-valentin|san valentín|情人节|バレンタイン(?:デー)? | 2-14
Women's Day | 妇女节 | women'?s day|frauentag|妇女节|三八节 | 3-8
St Patrick's Day | 圣帕特里克节 | st\\.? patrick'?s(?: day)? | 3-17
April Fools' Day | 愚人节 | april fool'?s?'?(?: day)?|愚人节 | 4-1
Labour Day | 劳动节 | labou?r day|may day|tag der arbeit|fête du travail|día del trabajo|劳动节|五一(?!\\d) | 5-1
Children's Day | 儿童节 | 儿童节|六一(?!\\d) | 6-1
the gaokao | 高考 | gaokao|高考 | 6-7
Independence Day | 美国独立日 | independence day|(?:4|fourth) (?:of )?july | 7-4
Bastille Day | 法国国庆日 | bastille day|14 juillet | 7-14
Teachers' Day | 教师节 | 教师节 | 9-10
National Day | 国庆节 | 国庆节?|(?:十一|11)(?:放假|长假|黄金周) | 10-1
German Unity Day | 德国统一日 | tag der deutschen einheit|german unity day | 10-3
Halloween | 万圣节 | halloween|万圣节|ハロウィン | 10-31
All Saints' Day | 诸圣节 | all saints'?(?: day)?|allerheiligen|toussaint|todos los santos | 11-1
Singles' Day | 双十一 | singles'? day|双(?:十一|11)|光棍节 | 11-11
St Nicholas Day | 圣尼古拉节 | (?:st\\.? )?nicholas day|nikolaus(?:tag)? | 12-6
Good Friday | 耶稣受难日 | good friday|karfreitag|vendredi saint|viernes santo | +-2
Easter Monday | 复活节星期一 | easter monday|ostermontag|lundi de pâques | +1
Easter | 复活节 | easter(?: sunday)?|ostern|ostersonntag|pâques|pascua|páscoa|复活节|пасх\\w+ | +0
Ash Wednesday | 圣灰星期三 | ash wednesday|aschermittwoch | +-46
Shrove Tuesday | 忏悔星期二 | shrove tuesday|pancake day|mardi gras|faschingsdienstag | +-47
Palm Sunday | 棕枝主日 | palm sunday|palmsonntag | +-7
Ascension Day | 耶稣升天节 | ascension(?: day)?|christi himmelfahrt | +39
Whit Sunday | 五旬节 | pentecost|whit(?:sun| sunday)|pfingsten|pentecôte|pentecostés | +49
Mother's Day | 母亲节 | mother'?s day|muttertag|母亲节 | 2 6 5
Father's Day | 父亲节 | father'?s day|父亲节 | 3 6 6
Thanksgiving | 感恩节 | thanksgiving|感恩节 | 4 3 11
"""


@dataclass(frozen=True)
class KnownDay:
    """A day that everybody knows by name."""

    english: str
    """Its English name."""
    chinese: str
    """Its Chinese name."""
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
    found = [(len(match.group()), one) for one in _known() if (match := one.pattern.search(words))]
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
def _known() -> tuple[KnownDay, ...]:
    found = []
    for line in _DAYS.strip().split("\n"):
        english, chinese, patterns, rule = (part.strip() for part in line.split(" | "))
        found.append(KnownDay(english, chinese, re.compile(rf"(?<![a-z])(?:{patterns})(?![a-z])"), rule))
    return tuple(found)

"""The Chinese lunar calendar from 2000 to 2050, as a table: computed dates would need an astronomer's precision.

Each year: the day in the common calendar on which its first month begins, the lengths of its months in order (1: 30
days, 0: 29), and after which month the leap month stands (0: there is none).
"""

from dataclasses import dataclass
from datetime import date, timedelta

_YEARS = """
2000:0205:110010010110:0 2001:0124:1101010010101:4 2002:0212:110101001010:0
2003:0201:110110100101:0 2004:0122:0101101010101:2 2005:0209:010101101010:0
2006:0129:1010101011011:7 2007:0218:001001011101:0 2008:0207:100100101101:0
2009:0126:1100100101011:5 2010:0214:101010010101:0 2011:0203:101101001010:0
2012:0123:1011010101010:4 2013:0210:101011010101:0 2014:0131:0101010110101:9
2015:0219:010010111010:0 2016:0208:101001011011:0 2017:0128:0101001010111:6
2018:0216:010100101011:0 2019:0205:101010010011:0 2020:0125:0111010010101:4
2021:0212:011010101010:0 2022:0201:101011010101:0 2023:0122:0100110110101:2
2024:0210:010010110110:0 2025:0129:1010010101110:6 2026:0217:101001001110:0
2027:0206:110100100110:0 2028:0126:1110100100110:5 2029:0213:110101010011:0
2030:0203:010110101010:0 2031:0123:0110101101010:3 2032:0211:100101101101:0
2033:0131:0100101011101:11 2034:0219:010010101101:0 2035:0208:101001001101:0
2036:0128:1101001001011:6 2037:0215:110100100101:0 2038:0204:110101010010:0
2039:0124:1101101010100:5 2040:0212:101101011010:0 2041:0201:010101101101:0
2042:0122:0100101011011:2 2043:0210:010010011011:0 2044:0130:1010010010111:7
2045:0217:101001001011:0 2046:0206:101010100101:0 2047:0126:1011010100101:5
2048:0214:011011010010:0 2049:0202:101011011010:0 2050:0123:0101010110110:3
"""


@dataclass(frozen=True)
class LunarDay:
    """leap: it is in the leap month, which repeats the number of the month before it."""

    year: int
    month: int
    day: int
    leap: bool = False


def lunar(day: date) -> LunarDay | None:
    """Which day of the lunar calendar this is; None outside of the table."""
    for year in (day.year, day.year - 1):
        start = _starts().get(year)
        if start is None or day < start:
            continue
        left = (day - start).days
        for month, leap, length in _months(year):
            if left < length:
                return LunarDay(year, month, left + 1, leap)
            left -= length
    return None


def common(year: int, month: int, day: int) -> date | None:
    """The day of the common calendar; a last day of the year is (year, 12, 30), whether it has that day or not.

    None outside of the table.
    """
    start = _starts().get(year)
    if start is None:
        return None
    for number, leap, length in _months(year):
        if number == month and not leap:
            return start + timedelta(days=min(day, length) - 1)
        start += timedelta(days=length)
    return None


def _starts() -> dict[int, date]:
    return {int(one[:4]): date(int(one[:4]), int(one[5:7]), int(one[7:9])) for one in _YEARS.split()}


def _months(year: int) -> list[tuple[int, bool, int]]:
    """(number, whether it is the leap month, days) of each month in order."""
    lengths, after = next(one.split(":")[2:] for one in _YEARS.split() if one.startswith(str(year)))
    months = [(number, False) for number in range(1, 13)]
    if leap := int(after):
        months.insert(leap, (leap, True))
    return [(number, is_leap, 29 + int(long)) for (number, is_leap), long in zip(months, lengths, strict=True)]

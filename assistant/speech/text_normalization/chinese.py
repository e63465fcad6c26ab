"""Normalizes Chinese text: numbers, dates, times, money and units in characters. Words in Latin letters stay."""

import re
from collections.abc import Callable

from assistant.speech.text_normalization.units import MONEY, UNITS

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_SCALES = ("", "万", "亿", "万亿", "亿亿")
_LONGEST = 16  # digits; more are said one by one
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_N = rf"(?<![\d.,]){_NUMBER}"
_SIGNED = rf"(?<![\d.,])(?:(?<![\w)])[-−])?{_NUMBER}"
_TO = r"\s?(?:[-–—~～至到])\s?"
_SCALE = r"(?P<scale>\s?(?:万亿|百万|千万|[十百千万亿]))?"
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True) if unit not in "%‰")
_SIGN = "|".join(re.escape(sign) for sign in sorted(MONEY, key=len, reverse=True) if not sign.isalpha())
_CODE = "|".join([sign for sign in MONEY if sign.isalpha()] + ["€", "£", "¥", r"\$"])
_COUNTED = "个位名只条张本次天年月周岁分秒种家台辆件层间块杯瓶份点倍成起支座项小时人米公"  # before these 2 is 两
_SYMBOLS = {
    "&": "和", "+": "加", "=": "等于", "≈": "约等于", "±": "正负", "×": "乘", "÷": "除以", "≤": "不超过", "≥": "不少于",
    "≠": "不等于", "→": "到", "←": "自", "∞": "无穷", "√": "根号", "§": "第", "°": "度", "%": "百分", "π": "派",
    "@": " at ", "<": "小于", ">": "大于", "…": "……", "$": "美元", "€": "欧元", "£": "英镑", "Ω": "欧姆", "²": "平方",
    "³": "立方", "½": "二分之一", "¼": "四分之一", "¾": "四分之三", "⅓": "三分之一", "⅔": "三分之二",
}  # fmt: skip
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def chinese(text: str) -> str:
    """Without digits and signs. What is in characters already stays as it is."""
    for pattern, says in _RULES:
        text = pattern.sub(says, text)
    return text


def cardinal(number: int) -> str:
    """10 is 十, 105 一百零五, 20,000 二万."""
    if number == 0:
        return _DIGITS[0]
    said, scale, gap = "", 0, False
    while number:
        number, part = divmod(number, 10_000)
        if part:
            said = _four(part) + _SCALES[scale] + ("零" if gap and said else "") + said
        gap = part < 1000 if part or not said else True
        scale += 1
    return said[1:] if said.startswith("一十") else said


def _four(number: int) -> str:
    """1 to 9999."""
    said, gap = "", False
    for place, digit in zip((3, 2, 1, 0), f"{number:04}", strict=True):
        if digit == "0":
            gap = bool(said)
        else:
            said += ("零" if gap else "") + _DIGITS[int(digit)] + _PLACES[place]
            gap = False
    return said


def digits(text: str) -> str:
    return "".join(_DIGITS[int(one)] for one in text if one.isdigit())


def number(text: str) -> str:
    whole, point, part = text.replace(",", "").lstrip("-−").partition(".")
    one_by_one = len(whole) > _LONGEST or (len(whole) > 1 and whole[0] == "0")
    said = digits(whole[:40]) if one_by_one else cardinal(int(whole or "0"))
    said = f"{said}点{digits(part[:20])}" if point and part else said
    return f"负{said}" if text[0] in "-−" else said


def _address(found: re.Match[str]) -> str:
    host = found["host"].lower().removeprefix("www.")
    last = found[0][-1]
    return f" {host.replace('.', ' dot ').replace('-', ' ')} {last if last in '.,;:!?)' else ''}"


def _date(found: re.Match[str]) -> str:
    month, day = int(found["month"]), int(found["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return " ".join(number(one) for one in re.findall(r"\d+", found[0]))
    return f"{digits(found['year'])}年{cardinal(month)}月{cardinal(day)}日"


def _time(found: re.Match[str]) -> str:
    hour, minute, second = int(found["hour"]), int(found["minute"]), found["second"]
    if hour > 24 or minute > 59:
        return f"{cardinal(hour)}比{cardinal(minute)}"
    said = f"{_hour(hour)}点"
    if minute or second:
        said += ("零" if minute < 10 else "") + cardinal(minute) + "分"
    return said + (f"{cardinal(int(second))}秒" if second else "")


def _hour(hour: int) -> str:
    return "两" if hour == 2 else cardinal(hour)


def _money(found: re.Match[str]) -> str:
    return f"{number(found['amount'])}{(found['scale'] or '').strip()}{MONEY[found['sign']][3]}"


def _money_range(found: re.Match[str]) -> str:
    scale = (found["scale"] or "").strip()
    return f"{number(found['low'])}到{number(found['high'])}{scale}{MONEY[found['sign']][3]}"


def _percent(found: re.Match[str]) -> str:
    part = "千分之" if found["sign"] == "‰" else "百分之"
    return _with_minus(part, found["amount"])


def _with_minus(part: str, amount: str) -> str:
    return f"负{part}{number(amount[1:])}" if amount[0] in "-−" else part + number(amount)


def _unit(found: re.Match[str]) -> str:
    named = UNITS[found["unit"]][2]
    amount = found["amount"]
    if named.endswith("分之一"):
        return f"{named[:-1]}{number(amount)}"
    if named.endswith("度") and len(named) > 1:  # 零下五摄氏度
        below = "零下" if amount[0] in "-−" else ""
        return f"{below}{number(amount.lstrip('-−'))}{named}"
    return f"{_two(amount)}{named}"


def _two(amount: str) -> str:
    return "两" if amount == "2" else number(amount)


def _phone(found: re.Match[str]) -> str:
    said = "，".join(digits(one) for one in re.findall(r"\d+", found[0]))
    return f"加{said}" if found[0].startswith("+") else said


def _rules() -> list[Rule]:
    made: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (r"(?:https?|ftp)://(?:[^\s/@]*@)?(?P<host>[A-Za-z0-9.-]+)[^\s<>()\"”’，。；！？、）]*", _address),
        (r"(?<![\w@.])(?P<host>www\.[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?:/[^\s<>()\"”’，。；！？、）]*)?", _address),
        (r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+",
         lambda found: f" {found[0].replace('@', ' at ').replace('.', ' dot ')} "),
        (r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?:T(?=\d))?(?![\d.])", _date),
        (r"(?<!\d)(?P<year>\d{4}|\d\d)(?P<until>\s?[-–—~～至到]\s?\d{4})?\s?年(?![级纪])",
         lambda found: digits(found["year"]) + (f"到{digits(found['until'])}" if found["until"] else "") + "年"
         if len(found["year"]) == 4 or found["year"][0] in "06789" else f"{cardinal(int(found['year']))}年"),
        (r"(?<![\d:])(?P<hour>\d\d?)[:：](?P<minute>\d\d)(?:[:：](?P<second>\d\d))?(?![\d:])", _time),
        (r"(?<=[点分秒])\s?[-–—~～]\s?(?=[零一二三四五六七八九十两])", lambda _: "到"),
        (r"(?<![\d.])2点(?!\d)", lambda _: "两点"),
        (r"(?<![\w.])\+\d{1,3}[ -]?\d{2,5}(?:[ -]?\d{3,8}){1,3}(?!\d)", _phone),
        (r"(?<![\d.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", _phone),
        (r"(?<![\d.])0\d{2,3}-\d{7,8}(?!\d)", _phone),
        (r"(?<![\d.])400-\d{3,4}-\d{3,4}(?!\d)", _phone),
        (rf"(?P<sign>{_SIGN})\s?(?P<low>{_NUMBER}){_TO}(?:{_SIGN})?(?P<high>{_NUMBER}){_SCALE}", _money_range),
        (rf"(?P<sign>{_SIGN})\s?(?P<amount>{_NUMBER}){_SCALE}", _money),
        (rf"(?P<amount>{_N}){_SCALE}\s?(?P<sign>{_CODE})(?![A-Za-z])", _money),
        (rf"(?P<low>{_N})[%]?{_TO}(?P<high>{_NUMBER})\s?(?P<sign>[%‰])",
         lambda found: f"{'千' if found['sign'] == '‰' else '百'}分之{number(found['low'])}到{number(found['high'])}"),
        (rf"(?P<amount>{_SIGNED})\s?(?P<sign>[%‰])", _percent),
        (r"(?<![\w.,/])(?P<above>\d{1,3})/(?P<below>[1-9]\d{0,2})(?![\w/])",
         lambda found: f"{cardinal(int(found['below']))}分之{cardinal(int(found['above']))}"),
        (rf"(?P<low>{_N})\s?[x×*]\s?(?P<high>{_NUMBER})",
         lambda found: f"{number(found['low'])}乘{number(found['high'])}"),
        (rf"(?P<low>{_SIGNED}){_TO}(?P<high>{_NUMBER})\s?(?P<unit>{_UNIT})(?![A-Za-z\d²³/])",
         lambda found: f"{number(found['low'])}到{_two(found['high'])}{UNITS[found['unit']][2]}"),
        (rf"(?P<amount>{_SIGNED})\s?(?P<unit>{_UNIT})(?![A-Za-z\d²³/])", _unit),
        (r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){2,3}(?![\d.])",
         lambda found: "点".join((digits if found[0].count(".") > 2 else number)(one) for one in found[0].split("."))),
        (rf"(?P<low>{_N})(?P<one>[月日号])?{_TO}(?P<high>{_NUMBER})(?![\w-]{{0,40}}[A-Za-z])",
         lambda found: f"{number(found['low'])}{found['one'] or ''}到{number(found['high'])}"),
        (r"第\s?(?P<number>\d{1,9})", lambda found: f"第{cardinal(int(found['number']))}"),
        (rf"(?<![\d.,第])2\s?(?=[{_COUNTED}])(?!年|月|日|号|楼|点\d)", lambda _: "两"),
        (r"(?<=[A-Za-z])-?\d{1,9}", lambda found: f" {digits(found[0])} " if len(found[0].lstrip("-")) > 3
         else f" {cardinal(int(found[0].lstrip('-')))} "),
        (r"(?<![\w.])[#＃]\s?(?=\d)", lambda _: "第"),
        (r"(?<![\w.])[~～]\s?(?=\d)", lambda _: "约"),
        (rf"{_SIGNED}", lambda found: number(found[0])),
        (r"\d+", lambda found: digits(found[0][:40])),
        (r"(?<=[\u4e00-\u9fff])/(?=[\u4e00-\u9fff])", lambda _: "或"),
        (r"(?<=[A-Za-z])[/_](?=[A-Za-z])", lambda _: " "),
        (r"(?<=[A-Za-z])\.(?=[A-Za-z]{2,5}\b)", lambda _: " dot "),
        (r"(?<=[\u4e00-\u9fff])\s?[-–—]{1,2}\s?(?=[\u4e00-\u9fff])", lambda _: "，"),
        (f"[{re.escape(''.join(_SYMBOLS))}]", lambda found: _SYMBOLS[found[0]]),
    ]  # fmt: skip
    return [(re.compile(pattern, re.ASCII), says) for pattern, says in made]


_RULES = _rules()

"""How people name days, times and stretches of time, in several languages."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from typing import Literal

Step = Literal["minutes", "hours", "days", "weeks", "months", "years"]
COUNTED: tuple[Step, ...] = ("weeks", "months", "hours", "minutes", "years")  # where days are not meant

WEEKDAYS = (
    r"monday|mon\b|montag|lundi|lunes|segunda-feira|周一|星期一|礼拜一|月曜日?|월요일|понедельник\w*",
    r"tuesday|tue\b|tues\b|dienstag|mardi|martes|terça-feira|周二|星期二|礼拜二|火曜日?|화요일|вторник\w*",
    r"wednesday|wed\b|mittwoch|mercredi|miércoles|quarta-feira|周三|星期三|礼拜三|水曜日?|수요일|сред[аыуе]",
    r"thursday|thu\b|thurs\b|donnerstag|jeudi|jueves|quinta-feira|周四|星期四|礼拜四|木曜日?|목요일|четверг\w*",
    r"friday|fri\b|freitag|vendredi|viernes|sexta-feira|周五|星期五|礼拜五|金曜日?|금요일|пятниц\w+",
    r"saturday|sat\b|samstag|sonnabend|samedi|sábado|周六|星期六|礼拜六|土曜日?|토요일|суббот\w+",
    r"sunday|sun\b|sonntag|dimanche|domingo|周日|星期[日天]|礼拜[日天]|日曜日?|일요일|воскресень\w+",
)
FROM_TODAY = (
    (2, r"day after tomorrow|übermorgen|après-demain|pasado mañana|depois de amanhã|后天|明後日|あさって|모레"),
    (3, r"大后天"),
    (-2, r"day before yesterday|vorgestern|avant-hier|anteayer|anteontem|前天|おととい|그저께"),
    (1, r"tomorrow|(?<!guten )\bmorgen\b|\bdemain\b|\bmañana\b|amanhã|明天|明日|내일|завтра"),
    (-1, r"yesterday|gestern|\bhier\b|\bayer\b|\bontem\b|昨天|昨日|어제|вчера"),
    (0, r"\btoday\b|\bheute\b|aujourd'hui|\bhoy\b|\bhoje\b|今天|今日|오늘|сегодня"),
)
STEPS: dict[Step, str] = {
    "minutes": r"min(?:ute)?s?\b|minuten|minutos|分钟|分(?!之)",
    "hours": r"个?小时|hours?\b|hrs?\b|stunden?\b|heures?\b|horas?\b|个?钟头",
    "days": r"days?\b|sleeps?\b|tage?n?\b|jours?\b|días?\b|dias?\b|天|日(?=后|前|内)",
    "weeks": r"weeks?\b|wochen?\b|semaines?\b|semanas?\b|周|星期|礼拜",
    "months": r"months?\b|monate?n?\b|mois\b|mes(?:es)?\b|mês|个?月",
    "years": r"years?\b|jahre?n?\b|ans?\b|années?\b|años?\b|anos?\b|年",
}
BACK = re.compile(
    r"\bago\b|\bsince\b|\bpast\b|\bvor\b|\bseit\b|\bil y a\b|\bdepuis\b|\bhace\b|\bdesde\b|以前|之前|前(?!天)|至今|多久了|多少天了|过了"
)
WEEKEND = re.compile(r"weekend|wochenende|fin de semana|周末")
ENDS = (
    ("month", r"left (?:in )?(?:this|the) month|end of (?:the|this) month|monatsende|fin du mois|fin de mes|这个?月还[剩有]|月底|本月还"),
    ("year", r"left (?:in )?(?:this|the) year|end of (?:the|this) year|jahresende|fin de l'année|fin de año|今年还[剩有]|年底"),
)  # fmt: skip
PLACES = {
    "beijing": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "china": "Asia/Shanghai",
    "中国": "Asia/Shanghai", "东京": "Asia/Tokyo", "japan": "Asia/Tokyo", "日本": "Asia/Tokyo",
    "纽约": "America/New_York", "nyc": "America/New_York", "washington": "America/New_York",
    "boston": "America/New_York", "miami": "America/New_York", "伦敦": "Europe/London", "london": "Europe/London",
    "england": "Europe/London", "巴黎": "Europe/Paris", "柏林": "Europe/Berlin", "germany": "Europe/Berlin",
    "munich": "Europe/Berlin", "münchen": "Europe/Berlin", "frankfurt": "Europe/Berlin", "hamburg": "Europe/Berlin",
    "wien": "Europe/Vienna", "维也纳": "Europe/Vienna", "莫斯科": "Europe/Moscow", "moskau": "Europe/Moscow",
    "洛杉矶": "America/Los_Angeles", "san francisco": "America/Los_Angeles", "旧金山": "America/Los_Angeles",
    "seattle": "America/Los_Angeles", "las vegas": "America/Los_Angeles", "california": "America/Los_Angeles",
    "芝加哥": "America/Chicago", "houston": "America/Chicago", "dallas": "America/Chicago", "悉尼": "Australia/Sydney",
    "墨尔本": "Australia/Melbourne", "新加坡": "Asia/Singapore", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei",
    "taiwan": "Asia/Taipei", "首尔": "Asia/Seoul", "korea": "Asia/Seoul", "迪拜": "Asia/Dubai", "曼谷": "Asia/Bangkok",
    "india": "Asia/Kolkata", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "rom": "Europe/Rome", "rome": "Europe/Rome", "罗马": "Europe/Rome", "马德里": "Europe/Madrid",
    "nueva york": "America/New_York", "londres": "Europe/London", "tokio": "Asia/Tokyo", "utc": "UTC", "gmt": "UTC",
}  # fmt: skip
CLOCK = re.compile(
    r"(?<![\d.])(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?\s*(?P<half>a\.?m\.?\b|p\.?m\.?\b)"
    r"|(?<![\d.])(?P<hour2>\d{1,2})[:h](?P<minute2>\d\d)\b|\b(?P<hour3>\d{1,2})\s*(?:o'?clock|uhr|heures?)\b"
    r"|(?:(?P<part>上午|下午|晚上|中午|早上)\s*)?(?P<hour4>\d{1,2})\s*点(?:(?P<minute4>\d{1,2})分|(?P<thirty>半))?"
)
CHINESE = re.compile(r"(?<![零〇一二三四五六七八九两十])[零〇一二三四五六七八九两十]++(?=[天周年月日号点分小个礼星])")
ONE = re.compile(
    r"\b(?:an?|one|eine[mnr]?|une?|una|uma?)\s+(?=(?:week|month|year|hour|day|woche|monat|jahr|stunde|tag|semaine|mois|an\b|heure|jour|semana|mes\b|año|hora|día|ano\b|mês))"
)


def ahead(step: Step) -> str:
    """ "in two weeks", "3 days from now"."""
    words = STEPS[step]
    return (
        rf"\b(?:in|dans|en|em|daqui a|через)\s+(\d+)\s*(?:{words})"
        rf"|(?<!\d)(\d++)\s*(?:{words})\s*(?:from (?:now|today)|later|后|以后|之后)|再过\s*(\d+)\s*(?:{words})"
    )


def before(step: Step) -> str:
    """ "2 days ago", "vor 2 Tagen"."""
    words = STEPS[step]
    return (
        rf"(?<!\d)(\d++)\s*(?:{words})\s*(?:ago|back|earlier|前|以前|之前)|\bvor\s+(\d+)\s*(?:{words})"
        rf"|\bil y a\s+(\d+)\s*(?:{words})|\bh(?:ace|á)\s+(\d+)\s*(?:{words})"
    )


def counted(step: Step) -> str:
    """ "how many weeks"."""
    return rf"(?:how many|wie ?viele|combien de|cu[áa]nt[oa]s|quant[oa]s|几个?|多少个?)\s*(?:{STEPS[step]})"

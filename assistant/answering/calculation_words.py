"""How people put arithmetic into words, in several languages: patterns, signs, and words that mean nothing to it."""

# ruff: noqa: E501 - a pattern is read as one line

import re

NUMBER = r"(?<![a-z\d_.,])-?\d+(?:[.,'’]\d+)*(?![\d])"
PERCENT_OF = rf"(?P<p>{NUMBER})\s*%"
FIRST, SECOND = rf"(?P<a>{NUMBER})", rf"(?P<b>{NUMBER})"
LIST = rf"(?P<list>{NUMBER}(?:(?:[\s,;、&和跟与加+]|\b(?:and|und|et|y)\b)++{NUMBER})+)"
CHINESE = re.compile(
    r"(?!一[下共样半起些直切般定])[零〇一二三四五六七八九两十百千万亿](?:[零〇一二三四五六七八九两十百千万亿点](?!共))*"
)
PERCENT = re.compile(
    r"(?<=\d)\s*(?:per\s?cent|percent|pct|prozent|pour\s?cent|por\s?ciento|por\s?cento|процент\w*|퍼센트|パーセント)\b"
)
DATE = re.compile(r"\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
MONEY = re.compile(
    r"[€$£¥￥]|(?<=\d)\s?(?:\b(?:euros?|dollars?|usd|eur|gbp|pounds? sterling|bucks)\b|元|块钱?|美元|欧元|円|원)"
)

# a pattern, and what it means; p, a and b are numbers, list is several
PATTERNS: tuple[tuple[str, str], ...] = (
    (rf"{PERCENT_OF}\s*(?:off|discount|rabatt|de (?:descuento|remise|réduction)|de desconto)\D*{FIRST}", "{a} - {p} %"),
    (rf"{FIRST}\D*?\b{PERCENT_OF}\s*(?:off|discount|cheaper|rabatt|de (?:descuento|remise|réduction|desconto))", "{a} - {p} %"),
    (rf"{PERCENT_OF}\s*(?:more|higher|greater|larger|mehr|de plus|más|mais) (?:than|als|que|do que) {FIRST}", "{a} + {p} %"),
    (rf"{PERCENT_OF}\s*(?:less|lower|fewer|smaller|weniger|de moins|menos) (?:than|als|que|do que) {FIRST}", "{a} - {p} %"),
    (rf"比\s*{FIRST}\s*[多大高]\s*{PERCENT_OF}", "{a} + {p} %"),
    (rf"比\s*{FIRST}\s*[少小低]\s*{PERCENT_OF}", "{a} - {p} %"),
    (rf"{PERCENT_OF}\D*\b(?:tip|trinkgeld|pourboire|propina|gorjeta)\b\D*{FIRST}", "tip {p} % of {a}"),
    (rf"\b(?:tip|trinkgeld|pourboire|propina|gorjeta)\b\D*{PERCENT_OF}\D*{FIRST}", "tip {p} % of {a}"),
    (rf"\b(?:tip|trinkgeld|pourboire|propina|gorjeta)\b\D*{FIRST}\D*{PERCENT_OF}", "tip {p} % of {a}"),
    (rf"{FIRST}\D*{PERCENT_OF}\s*的?小费", "tip {p} % of {a}"),
    (rf"\b(?:add|ajoute|suma|schlage?)\s{PERCENT_OF}\s*(?:\w+\s)?(?:to|on|à|a|auf|zu) {FIRST}", "{a} + {p} %"),
    (rf"\b(?:increase|raise|erhöhe)\s+{FIRST}\s*(?:by|um)\s*{PERCENT_OF}", "{a} + {p} %"),
    (rf"\b(?:decrease|reduce|lower|verringere)\s+{FIRST}\s*(?:by|um)\s*{PERCENT_OF}", "{a} - {p} %"),
    (rf"\bsubtract {FIRST} from {SECOND}", "{b} - {a}"),
    (rf"\badd {FIRST} (?:and|to) {SECOND}", "{a} + {b}"),
    (rf"\bmultiply {FIRST} (?:by|with|and) {SECOND}", "{a} * {b}"),
    (rf"\b(?:product of) {FIRST} and {SECOND}", "{a} * {b}"),
    (rf"\bdifference (?:between|of) {FIRST} and {SECOND}", "difference {a} ; {b}"),
    (rf"{FIRST}\s*(?:的|の|의)\s*{PERCENT_OF}", "{p} % of {a}"),
    (rf"\bwhat (?:percent(?:age)?|share) is {FIRST} (?:out )?of {SECOND}", "share {a} / {b}"),
    (rf"\bwhat (?:percent(?:age)?|share) of {FIRST} is {SECOND}", "share {b} / {a}"),
    (rf"{FIRST}\s*is what percent(?:age)? of {SECOND}", "share {a} / {b}"),
    (rf"{FIRST} (?:out of|of|von|sur|de) {SECOND}\D*\b(?:percent|percentage|%|prozent|pourcentage|porcentaje)", "share {a} / {b}"),
    (rf"wie ?viel prozent sind {FIRST} von {SECOND}", "share {a} / {b}"),
    (rf"{FIRST}\s*[占是为]\s*{SECOND}\s*的?(?:百分之几|百分之多少|百分比|多少百分比)", "share {a} / {b}"),
    (rf"\b(?:from|von|de) {FIRST} (?:to|auf|à|a) {SECOND}\D*(?:percent|%|increase|decrease|change|prozent|pour ?cent)", "change {a} ; {b}"),
    (rf"从\s*{FIRST}\s*[涨升降跌变增减][^\d]{{0,2}}[到至]\s*{SECOND}\D*百分之", "change {a} ; {b}"),
    (rf"\b(?:split|divide|share|teile?|partage[rz]?|repart\w*|divide)\b[^\d]*{FIRST}\D+?{SECOND}", "{a} / {b}"),
    (rf"{FIRST}\D*\b(?:between|among|durch|entre|dividido por)\s+{SECOND}\s*(?:people|personen?|leute|personas|persons|friends|pessoas)", "{a} / {b}"),
    (rf"{FIRST}\D*à partager en {SECOND}", "{a} / {b}"),
    (rf"{FIRST}[,，]?\s*{SECOND}\s*个?人\s*(?:平?分|平摊|aa)", "{a} / {b}"),
    (rf"(?:average|mean|durchschnitt|mittelwert|moyenne|media|média)\b\D*{LIST}", "average {list}"),
    (rf"{LIST}\s*的?\s*(?:平均|の平均)", "average {list}"),
    (rf"\bmedian\b\D*{LIST}", "median {list}"),
    (rf"\b(?:sum of|add up|add|total of|summe (?:von|aus)|somme de|suma de?|soma de?)\s+{LIST}", "sum {list}"),
    (rf"{LIST}\s*(?:一共|总共|合计|总和|加起来|的和)", "sum {list}"),
    (rf"\b(?:gcd|greatest common divisor|highest common factor)\b\D*{LIST}", "gcd {list}"),
    (rf"{LIST}\s*的?最大公约数", "gcd {list}"),
    (rf"\b(?:lcm|least common multiple|lowest common multiple)\b\D*{LIST}", "lcm {list}"),
    (rf"{LIST}\s*的?最小公倍数", "lcm {list}"),
    (rf"compound interest\D*{FIRST}\D*{PERCENT_OF}\D*{SECOND}\s*years?", "{a} * (1 + {p} %) ^ {b}"),
    (rf"{FIRST}\D*{PERCENT_OF}\s*复利\D*{SECOND}\s*年", "{a} * (1 + {p} %) ^ {b}"),
    (rf"\bround {FIRST} to {SECOND} (?:decimal|place|digit)", "round {a} ; {b}"),
    (rf"{FIRST}\s*保留\s*{SECOND}\s*位小数", "round {a} ; {b}"),
)  # fmt: skip

# words, and the signs that they stand for, in this order; @ is a share of what follows
SIGNS: tuple[tuple[str, str], ...] = (
    (rf"{FIRST}\s*打\s*{SECOND}\s*折", "zhe"),
    (r"(?:the )?(?:positive )?square root of|squareroot of|(?:quadrat)?wurzel (?:aus|von)|racine carrée de|raíz cuadrada de"
     r"|raiz quadrada de|корень из|根号|sqrt\b", " sqrt "),
    (rf"{FIRST}\s*(?:的|の|의)\s*(?:平方根|제곱근)", r" sqrt \g<a> "),
    (r"\bsquared\b|zum quadrat|au carré|al cuadrado|ao quadrado|的平方|の2乗", " ^ 2 "),
    (r"\bcubed\b|au cube|al cubo|ao cubo|的立方", " ^ 3 "),
    (r"\bto the power(?: of)?\b|\bhoch\b|\bpuissance\b|elevado a(?: la)?", " ^ "),
    (r"\*\*", " ^ "),
    (rf"的\s*{SECOND}\s*次方", r" ^ \g<b> "),
    (rf"\bfactorial of {FIRST}", r" \g<a> ! "),
    (rf"{FIRST}\s*(?:factorial\b|的阶乘|fakultät)", r" \g<a> ! "),
    (rf"\blog(?:arithm)?(?: of)? {FIRST}", r" log(\g<a>) "),
    (rf"{FIRST}\s*的\s*一半", r" 1/2 @ \g<a> "),
    (rf"{FIRST}\s*(?:的|の|의)\s*(?P<d>\d+)(?:分之|分の)(?P<n>\d+)", r" \g<n>/\g<d> @ \g<a> "),
    (r"(?<!\d)(?P<d>\d++)\s*(?:分之|分の|분의)\s*(?P<n>\d+)", r" (\g<n>/\g<d>) "),
    (r"\b(?:a |one )?half (?:of )?(?=\d)|die hälfte von|la moitié de|la mitad de|metade de", " 1/2 @ "),
    (r"\b(?:a |one |ein |un )?(?:third|drittel|tiers|tercio|terço) (?:of|von|de) ", " 1/3 @ "),
    (r"\b(?:a |one |ein |un )?(?:quarter|fourth|viertel|quart|cuarto|quarto) (?:of|von|de) ", " 1/4 @ "),
    (r"\b(?:a |one |ein |un )?(?:fifth|fünftel|cinquième|quinto) (?:of|von|de) ", " 1/5 @ "),
    (r"\b(?:a |one )?tenth of ", " 1/10 @ "),
    (r"\b(?P<n>\d+|one|a|un|um)[ -](?:thirds?|drittel|tiers|tercios?|terços?)\b", r" (\g<n>/3) "),
    (r"\b(?P<n>\d+|one|a|un|um)[ -](?:quarters?|viertel|quarts?|cuartos?|quartos?)\b", r" (\g<n>/4) "),
    (r"\b(?P<n>\d+|one|a|un|um)[ -](?:fifths?|fünftel|cinquièmes?|quintos?)\b", r" (\g<n>/5) "),
    (r"\b(?P<n>\d+|one|a|un|um)[ -](?:sixths?|sechstel|sixièmes?|sextos?)\b", r" (\g<n>/6) "),
    (r"\b(?P<n>\d+|one|a|un|um)[ -](?:eighths?|achtel|huitièmes?|octavos?|oitavos?)\b", r" (\g<n>/8) "),
    (r"\btwice (?=\d)|\bdouble (?:of )?(?=\d)", " 2 * "),
    (r"multiplied by|multiplizier[te]n? mit|multiplié par|multiplicado por|умножить на|\btimes\b|(?<=[\d)])\s*\bmal\b|\bfois\b"
     r"|\bvezes\b|乘以|乘|かける|곱하기|(?<=\d)\s*[x×]\s*(?=\d)", " * "),
    (r"divided by|geteilt durch|dividiert durch|divisé par|dividido (?:por|entre|a)|разделить на|除以|割る|나누기"
     r"|(?<=\d)\s*(?:\bdurch\b|\bover\b|\bentre\b|\bby\b(?=\s*\d+\s*$))\s*(?=-?\d)", " / "),
    (r"\bplus\b|\bmás\b|\bmas\b|\bmais\b|\bплюс\b|加上|加|足す|たす|더하기", " + "),
    (r"\bminus\b|\bless\b|\btake away\b|\bmoins\b|\bmenos\b|\bминус\b|\bweniger\b|减去|减|引く|빼기", " - "),
    (r"(?<=\d)\s+por\s+(?=\d)", " * "),
    (r"(?:(?<=[%)])|(?<=/\d))\s*(?:\bof\b|\bvon\b|\bde\b|\bdel\b|\bот\b)\s*(?=[\d(])", " @ "),
)  # fmt: skip

MEANS_NOTHING = frozenset(
    """a am an and are be can compute calculate calc could do does equal equals exactly find for get gives give hello help
    hey hi homework how i is it its ive just know like makes make me my need now of off ok on out pay please pls quick
    quickly result s so solve something tell thanks that the then there this to up us value want was we what whats will
    with work would you your much many come comes sum answer
    was ist sind wie viel wieviel wieviele ergibt gibt macht rechne rechnen bitte mir mal eben aus das der die den dem ein
    eine zusammen von combien font fait ça ca calcule est le la les quel quelle résultat du s'il te plaît svp en tout
    cuánto cuanto es da calcula son el los las por favor cuántos quanto são é faz dá quais l d t qu il re ve сколько будет это равно
    выйдет
    请问 请 帮我 帮 我 算一下 算算 算 等于 等于几 是多少 是 多少 几 得 得多少 得几 一下 吗 呢 啊 的 和 税 结果 来 下 给我 答案 はいくつ はいくら は いくつ いくら
    는 은 얼마 얼마야""".split()
)
CJK_MEANS_NOTHING = re.compile(
    r"请问|请|原价|帮忙|帮我|麻烦|给我|算一算|算一下|算算|算|计算|等于多少|等于几|等于|是多少|是几|得多少|得几|多少钱|多少|一下|吗|呢|啊|的|税|结果|答案|几|是|元|块"
    r"|はいくつ|はいくら|いくつ|いくら|は|の|는|은|얼마야|얼마"
)
PRIME = re.compile(
    rf"\bis ({NUMBER}) (?:a )?prime|({NUMBER})\s*是(?:不是)?(?:质数|素数)|ist ({NUMBER}) eine primzahl|({NUMBER}) est(?:-il)? premier"
)

"""Words that people use of tables, in several languages: of columns, of operations, and words that mean nothing to them."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from typing import Literal

Operation = Literal["count", "sum", "average", "median", "most", "least", "difference", "percent"]

# what a request may say of a column | what the column may be called
_CONCEPTS = """
fee fees 会费 cost costs price prices priced expensive cheap cheapest dear dearest pay paid spend spent preis kostet teuer teuerste teuersten billig billigste günstig günstigste prix coûte cher chère precio cuesta caro barato preço | price cost costs amount fee preis betrag kosten prix montant precio importe preço
会费 价格 价钱 多少钱 贵 便宜 花 费用 最贵 最便宜 | 价格 单价 金额 费用 价钱 price cost amount fee
revenue turnover sales income sold takings umsatz umsätze einnahmen ventes recettes ventas ingresos 收入 销售额 营业额 营收 卖得 took take taken | revenue turnover sales income takings umsatz einnahmen ventes ventas ingresos amount betrag montant importe 收入 销售额 营业额 营收 金额
orders order ordered bestellungen commandes pedidos 订单 | orders order bestellungen commandes pedidos 订单 订单数
earn earns earned salary wage wages verdient gehalt gagne salaire gana sueldo 工资 薪水 挣 | salary wage pay income gehalt lohn salaire sueldo 工资 薪水
old older oldest young younger youngest age aged alt älter älteste ältesten jung jüngste jüngsten âgé âgée jeune mayor menor edad joven 年龄 年纪 岁 最大 最小 | age alter âge edad idade 年龄 年纪 born birth birthday geboren geburtsdatum naissance nacimiento 出生 生日
longest seniority since joined started längsten seit longtemps depuis desde 最久 加入 入职 | since joined start started entry hired eintritt seit depuis desde 加入 入职
live lives living located based resident wohnen wohnt leben habitent habite viven vive 住 来自 | town city place country location address region ort stadt wohnort land ville pays ciudad país 城市 地区 国家 住址
who whom person people wer qui quién quem 谁 | name person employee member student player customer guest mitarbeiter nom nombre nome 姓名 名字 成员
quantity pieces menge anzahl quantité cantidad 数量 件数 | quantity qty pieces menge anzahl quantité cantidad 数量 件数
hours stunden heures horas 小时 工时 | hours stunden heures horas 工时 小时
score scored scores mark marks grade grades points punkte noten note notes puntos notas 分数 成绩 平均分 考得 | score scores mark marks grade grades points punkte note noten notes puntos nota 分数 成绩
month monat mois mes mês 月份 哪个月 | month monat mois mes mês 月 月份
stock inventory bestand lager stock 库存 | stock inventory bestand 库存
temperature warm cold warmest coldest hottest temperatur température temperatura 气温 温度 | temperature temp temperatur température temperatura 气温 温度
people inhabitants population einwohner habitants habitantes 人口 | population inhabitants einwohner habitants habitantes 人口
"""
CONCEPTS: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(said.split()), frozenset(called.split()))
    for said, called in (line.split("|") for line in _CONCEPTS.strip().split("\n"))
)

# which operation certain words mean, whatever else is said; the first that fits counts
OPERATIONS: tuple[tuple[Operation, str], ...] = (
    ("percent", r"\bper ?cent(?:age)?\b|\bshare of\b|\bfraction\b|\bproportion\b|%|\bprozent\b|\banteil\b|\bpour ?cent(?:age)?\b|\bporcentaje\b|\bpor ciento\b|百分之|占比|比例"),
    ("difference", r"\bdifference\b|\bhow much (?:more|less)\b|\bhow many (?:more|fewer)\b|\bfar apart\b|\bunterschied\b|\bdifferenz\b|\bdifférence\b|\bdiferencia\b|差多少|相差|多了多少|少了多少|差了?几|比.{1,12}多(?:多少|花)"),
    ("median", r"\bmedian\w*\b|\bmédiane\b|\bmediana\b|中位数"),
    ("average", r"\baverage\b|\bmean\b|\bavg\b|\bdurchschnitt\w*\b|\bmittelwert\b|\bim schnitt\b|\bmoyenne?\b|\bpromedio\b|\bmedia\b|\bmédia\b|平均"),
    ("least", r"\b(?:(?<!at )least|fewest|lowest|smallest|minimum|min|cheapest|youngest|shortest|lightest|coldest|worst|wenigsten|niedrigste\w*|kleinste\w*|billigste\w*|günstigste\w*|jüngste\w*|le moins|moins cher\w*|plus (?:bas|petit|jeune)\w*|más (?:barat|baj|pequeñ|joven)\w*|menor)\b|最少|最低|最小|最便宜|最年轻"),
    ("most", r"\b(?:(?<!at )most|highest|largest|biggest|greatest|maximum|max|best|top \d+|oldest|longest|heaviest|tallest|dearest|warmest|hottest|meisten|höchste\w*|größte\w*|teuerste\w*|älteste\w*|längste\w*|le plus|la plus|plus (?:haut|grand|cher|âgé|vieux)\w*|más (?:car|alt|grand)\w*|mayor|newest|latest|earliest|most recent)\b|最多|最高|最大|最贵|最久|最老|最好|最早|最晚|最新"),
    ("sum", r"\b(?:total|sum|altogether|in all|add up|adds? up|together|overall|summe|insgesamt|zusammen|gesamt\w*|somme|en tout|au total|additionne|suma|en total|ao todo|soma)\b|总共|一共|合计|总计|总和|加起来|总收入|总额|加总"),
    ("count", r"\bhow many\b|\bcount\b|\bnumber of\b|\bwie ?viele\b|\banzahl\b|\bcombien de\b|\bnombre de\b|\bcu[áa]nt[oa]s\b|\bquant[oa]s\b|几个|多少个|多少人|几人|几家|几种|几名|几位|有多少|几行|多少行"),
)  # fmt: skip
EARLIEST = re.compile(
    r"\b(?:oldest|longest|earliest|first|älteste\w*|längste\w*|früheste\w*|plus (?:vieux|ancien|âgé)\w*|depuis le plus|plus longtemps|más tiempo|mais tempo|más antigu\w*|mayor)\b|дольше всех|最久|最老|最早|年纪最大|最年长"
)
LATEST = re.compile(
    r"\b(?:youngest|newest|latest|most recent|last|jüngste\w*|neueste\w*|letzte\w*|plus (?:jeune|récent)\w*|más (?:joven|reciente)\w*|menor)\b|最新|最晚|最近|最年轻|年纪最小"
)
DISTINCT = re.compile(
    r"\b(?:different|distinct|unique|verschiedene\w*|unterschiedliche\w*|différent\w*|distint\w*|diferente\w*)\b|不同|几家|几种|哪几"
)
NEGATED = re.compile(
    r"\b(?:not|no|without|except|(?:all|everyone|everybody) but|other than|außer|bis auf|sauf|hormis|excepto|salvo|exceto|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|nicht|kein\w*|ohne|sans|ne|pas|sin|no)\b|没有?|不[是在住]|未|除了"
)
TOP = re.compile(
    r"\btop (\d+)\b|\b(\d+) (?:best|biggest|highest|largest|cheapest|most \w+|lowest|oldest|smallest)\b|前(\d+)[名个位]?"
)
RANKED = re.compile(r"\brank\b|\bsort(?:ed)?\b|\brank(?:ing|ed)\b|sortier\w*|排名|排序|排一下|从高到低|从低到高")
FIRST_AND_LAST = re.compile(r"\bfirst\b.*\blast\b|\bersten?\b.*\bletzten?\b|\bpremi\w+\b.*\bderni\w+\b|第一.*最后")
HIGHEST_AND_LOWEST = re.compile(
    r"\bhighest\b.*\blowest\b|\blowest\b.*\bhighest\b|\bhöchste\w*\b.*\bniedrigste\w*\b|最高.*最低|最低.*最高"
)
PERIODS = {
    "month": "month months monat monate monaten mois mes meses mês 月 月份 个月",
    "year": "year years jahr jahre jahren an année années año años ano anos 年 年份",
}
_PERIOD = "|".join(sorted((word for words in PERIODS.values() for word in words.split()), key=len, reverse=True))
# what rows are put together by: a period, or a column that is called so
GROUPED = re.compile(
    r"\b(?:per|by|for (?:each|every)|in (?:each|every)|of (?:each|every)|each|every|pro|je|nach|für jede[nrs]?|par|pour chaque|chaque|por|para cada|cada)\s+(?P<by>[^\W\d_]+)"
    r"|(?P<adverb>\bmonthly\b|\byearly\b|\bannual(?:ly)?\b|\bmonatlich\w*|\bjährlich\w*|\bmensuel\w*|\bannuel\w*|\bmensual\w*|\banual\w*)"
    r"|(?:每一?个?|按照?|各个?)(?P<far>[\u3400-\u9fff]{1,4})"
)
ADVERBS = {"m": "month", "y": "year", "a": "year", "j": "year"}
ASKED_PERIOD = re.compile(
    rf"\b(?:which|what|welche[rsnm]?|quel(?:le)?|qu[ée]|cu[áa]l|qual|in which|in welchem)\s+(?P<by>{_PERIOD})\b|哪一?个?(?P<far>月|年)"
)
LISTS = re.compile(
    r"\b(?:list|show|name|display|enumerate|give)\b(?:\s+(?:me|us)\b)?(?:\s+(?:all|every|each|the|of|names?)\b)*|\b(?:zeige?|nenne?|liste?)\b(?:\s+(?:mir|uns|alle|auf)\b)*"
    r"|\b(?:montre|énumère|liste|donne)\b(?:[- ](?:moi|nous|tous|toutes|les)\b)*|\b(?:muestra|enumera|lista)\b(?:me)?(?:\s+(?:todos|todas|los|las)\b)*"
    r"|(?:请|帮我)?(?:列出|列举|显示|给出)(?:一下)?(?:所有|全部)?(?:的)?"
)
ASKS_WHICH = re.compile(r"^\W*(?:which|who|welche|wer|quels|quelles|qui|qué|quién(?:es)?|quais)\b|哪些|哪几")
MUCH = re.compile(r"\bhow much\b|\bwie ?viel\b|\bcombien\b|\bcuánto\b|\bquanto\b|多少")
PERIOD_NAMED = re.compile(
    r"(?:\b(?:in|of|from|for|during|im|in|aus|vom|von|en|de|du|em|do|year|jahr|année|año)\s+(?:the year\s+|jahr\s+)?)?"
    r"(?P<year>(?<![\d.,-])(?:19|20)\d\d(?![\d.,-]*\d))\s*年?"
)
UNTIL = re.compile(r"(?:to|until|till|through|bis|jusqu'(?:à|en)|à|au|a|hasta|até|по|до|[-–—]|到|至)")
BY_LETTER = re.compile(
    r"\bcolumns? ([a-z])\b|\bspalte ([a-z])\b|\bcolonne ([a-z])\b|\bcolumna ([a-z])\b|(?<![a-z])([a-z])列"
)
BY_NUMBER = re.compile(
    r"\b(\d+|first|second|third|fourth|last) column\b|第(\d+)列|\b(erste|zweite|dritte|vierte|letzte)n? spalte\b"
)
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "letzte": -1}  # fmt: skip
IDENTIFIER = re.compile(
    r"^(?:id|nr\.?|no\.?|number|nummer|#|编号|序号|index)$|\bid$|_id$|\bnumber$|\bno\.?$", re.IGNORECASE
)

_NUMBER = r"(?P<number>[-−]?[$€£¥￥]?\s?\d[\d.,]*)"
_WHEN = r"(?P<when>(?:\d{1,2}\.?\s+)?(?:[^\W\d_]{3,20}\.?\s+)?(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月(?:\d{1,2}[日号])?|年)?|\d{1,2}[./]\d{1,2}[./]\d{4})"
# what is compared, the sign that it means, the value that follows or comes before; the first that fits counts
COMPARED: tuple[tuple[str, str], ...] = (
    (">=", rf"\b(?:at least|no less than|mindestens|au moins|al menos|como mínimo)\s+{_NUMBER}|(?:至少|不少于|不低于)\s*{_NUMBER.replace('number', 'number2')}|{_NUMBER.replace('number', 'number3')}\s*(?:or (?:more|older|over|above)\b|及?以上)"),
    ("<=", rf"\b(?:at most|no more than|up to|höchstens|au plus|como máximo)\s+{_NUMBER}|(?:至多|最多|不超过|不高于)\s*{_NUMBER.replace('number', 'number2')}|{_NUMBER.replace('number', 'number3')}\s*(?:or (?:less|fewer|younger|under|below)\b|及?以下)"),
    (">=when", rf"\b(?:since|from|starting|seit|ab|depuis|desde)\s+{_WHEN}(?!\s*(?:to|until|till|bis|à|a|hasta)\b)|(?:[自从]\s*)?{_WHEN.replace('when', 'when2')}\s*(?:以来|起|开始|之后加入)"),
    (">when", rf"\b(?:after|nach|après|después de)\s+{_WHEN}|{_WHEN.replace('when', 'when2')}\s*(?:以后|之后)"),
    ("<when", rf"\b(?:before|vor|avant|antes de|prior to)\s+{_WHEN}|{_WHEN.replace('when', 'when2')}\s*(?:以前|之前|前)"),
    (">", rf"\b(?:more than|over|above|greater than|higher than|larger than|older than|longer than|exceed(?:s|ing)?|mehr als|über|älter als|größer als|plus de|au[- ]dessus de|más de|mayor(?:es)? (?:que|de)|mais de)\s+{_NUMBER}|(?:超过|大于|高于|多于)\s*{_NUMBER.replace('number', 'number2')}"),
    ("<", rf"\b(?:less than|under|below|fewer than|lower than|smaller than|younger than|weniger als|unter|jünger als|kleiner als|moins de|au[- ]dessous de|menos de|menor(?:es)? (?:que|de))\s+{_NUMBER}|(?:低于|小于|少于|不到|不足)\s*{_NUMBER.replace('number', 'number2')}"),
)  # fmt: skip

MEANS_NOTHING = frozenset(
    """a about according all also altogether am an and any are as at be been belong between both but by calculate can come
    comes compute could count counted csv did do does each entries entry every excel figure figures file find for from
    get give had has have here how i in into is it its just list listed long make makes many me much my need of on one ones
    only or our out over overall per please row rows sheet show since so some spreadsheet stand tab table tell than that
    the their them there these they this those to up us value values was we were what whats when where which who whom will
    with within work out would you your item items bill receipt receipts invoice invoices menu ticket number numbers column columns data total totals sum add put together people
    person there's what's it's s does document say says stated three two four five
    still yet currently already noch schon bereits derzeit encore déjà d l todavía aún ya ainda já
    ab alle aller alles an auf aus bei bin bitte das dem den der des die diese dieser du ein eine einen einer es gib gibt
    haben hat hatte hatten ich ihr im in insgesamt ist kosten leben liste machen mal mir mit nach oder sind spalte tabelle
    und uns vom von war waren was welche welchem welchen welcher welches wer werden wie viel viele viel wieviel wohnen
    wohnt zeile zeilen zu zum zur zusammen posten rechnung beleg quittung speisekarte kassenzettel bon
    à ai au aux avec ce ces combien dans de des du elle en est et fait feuille font habitent habite il ils je la le les
    leur ligne lignes mes moi ou par pour qu que quel quelle quelles quels qui se son sont sur tableau tout toute toutes un
    une y colonne article articles facture ticket reçu carte menu
    al con cuál cuáles cuánta cuántas cuánto cuántos del dime el ella en es esta este esto estos fila filas fue fueron ha
    hay hoja la las lo los más me mi para por qué quién son su sus suma tabla tiene tienen todas todo todos un una uno unos
    viven vive y columna cuenta factura menú artículo
    o os as do da dos das no na nos nas em um uma é são qual quais quanto quantos quanta quantas quem moram tem têm""".split()
)
CJK_MEANS_NOTHING = re.compile(
    r"请问|请|帮我|帮忙|告诉我|算一下|统计一下|统计|计算|数一下|数数|列出|表格?[里中上]?|文件[里中]?|菜单[里上中]?|单子[里上中]?|里面|其中|这[个份张些]?|那[个份张些]?|哪[个位些种年月一]*|谁|什么|多少钱?|几[个位名人种家行项]?|一共|总共|总计|合计|总和|总|账单|发票|小票|收据|加起来|平均|中位数|最[高低大小多少贵早晚新久好差]|有|是|的|了|在|住|和|与|或|及|人|个|位|名|行|列|吗|呢|啊|数|值|所有|全部|每|元|块|为|到|从|来自|都|各|把|一下|差|比|占|百分之|比例|于|三|两|二|年|月|日|共|分别|求|给|我"
)
# what "which" and "how many" ask for, and what a word like "cheapest" is said of: a noun that need not stand in the table
HEAD_NOUN = re.compile(
    r"(?P<asks>how many|which|what|number of|count(?: all| the)*|wie ?viele|welche[rsnm]?|anzahl(?: der)?|combien de|quel(?:le)?s?|cu[áa]nt[oa]s|qu[ée]|quant[oa]s|"
    r"cheapest|dearest|most expensive|least expensive|oldest|youngest|longest|teuerste[rsnm]?|billigste[rsnm]?|günstigste[rsnm]?|älteste[rsnm]?|top \d+)"
    r"\s++(?:(?:of|different|distinct|the|our|my|in)\s++)*(?P<noun>[^\W\d_]+)"
)
# words that say themselves what is compared, so that a column must mean that
SAYS_WHAT = re.compile(
    r"cheap|expensive|\bold|\byoung|\blong|\bshort|heav|\blight|\btall|warm|\bhot|\bcold|billig|günstig|teuer|\bält|\bjüng|\bläng|\bcher|\bâg|\bvieux|\bjeune|barat|\bcar[oa]\b|便宜|贵|老|年轻|久|重|长"
)
PEOPLE = frozenset(  # what the rows of a table with names may be called
    """member members people person persons customer customers client clients employee employees staff colleague colleagues
    student students pupil pupils player players user users guest guests participant participants patient patients man men
    woman women mitglied mitglieder mitgliedern kunden mitarbeiter schüler studenten gäste leute personen
    membres clients employés élèves joueurs invités personnes socios clientes empleados alumnos jugadores personas
    sócios alunos jogadores pessoas""".split()
)
FAR_PEOPLE = re.compile(r"会员|成员|客户|员工|学生|队员|用户|客人|顾客|人员")
NAMED = re.compile(
    r"name|nom|姓名|名字|person|member|employee|student|player|customer|guest|mitarbeiter", re.IGNORECASE
)
OF_AGE = re.compile(r"\bold|\byoung|\bält|\bjüng|\bâg|\bvieux|\bjeune|\bmayor|\bmenor|年轻|年纪|老")
GROWS = frozenset(
    "grow grew grown growth increase increased rise rose risen change changed fall fell decrease go went gone".split()
)
VERBS = frozenset(  # what was done with that which is added up, and says nothing of which rows
    "fell fallen sold bought spent paid pay earned made produced used gefallen verkauft bezahlt ausgegeben vendu vendus payé dépensé vendido pagado gastado".split()
)
ROWS = frozenset(  # what any row may be called, where rows are counted
    """row rows entry entries record records line lines item items product products article articles dish dishes position
    positions zeile zeilen einträge einträgen posten artikel ligne lignes entrées fila filas entradas linhas""".split()
)

"""How people ask how far a day of a file is, and what the sentence with that day may say, in several languages."""

# ruff: noqa: E501 - a pattern is read as one line

import re

from assistant.answering.table_words import MEANS_NOTHING

ASKS = re.compile(
    r"how (?:many|much) (?:days|weeks|months|years|more days|longer)|how long (?:is it |do i have |have i got )?(?:until|till|ago|since|before|left)"
    r"|how long ago|days (?:until|till|left|since|ago|between)|wie ?viele (?:tage|wochen|monate|jahre)|wie lange (?:noch|her|ist)"
    r"|combien de (?:jours|semaines|mois|temps)|cu[áa]nt[oa]s (?:d[íi]as|semanas|meses)|quant[oa]s dias"
    r"|[几多]少?[个]?天|几个?[周月年]|多久|多少天|隔了|あと何日|何日|며칠"
)  # fmt: skip
BETWEEN = re.compile(r"\bbetween\b|\bapart\b|\bzwischen\b|\bentre\b|之间|相隔|隔了|相差")
PAIR = re.compile(
    r"\b(?:between|from|zwischen|entre)\b (?P<one>.+?) (?:and|to|und|et|y|a) (?P<other>.+)|从(?P<one2>.+?)[到至](?P<other2>.+)"
)
TO_NOW = re.compile(
    r"\b(?:until|till|left|remain\w*|before it|ago|since|noch|bis|seit|her|restent?|reste|avant|depuis|faltan?|quedan?|hasta|hace|desde|faltam|até)\b"
    r"|还有|还剩|距离|离|到期|已经|过了|あと|남았"
)
# what a request may say of a day | what its sentence may say
CONCEPTS = tuple(
    (frozenset(said.split()), frozenset(stands.split()))
    for said, stands in (
        line.split("|")
        for line in """
due payable pay paid payment deadline owe fällig fälligkeit zahlen échéance payer vence venza vencimiento pagar vencer 到期 截止 付款 缴费 交 | due payable payment deadline latest fällig zahlbar zahlung échéance paiement vencimiento pago 到期 截止 付款 应付 缴费 缴
expire expires expiry valid ticket runs gültig abläuft expire périme caduca caducidad 过期 有效 失效 | expire expires expiry valid until gültig ablauf valable caduca válido 有效期 有效 失效 过期
start starts begin begins opens beginnt anfangen commence débute empieza comienza 开始 开业 | start starts begins begin opens opening beginnt beginn commence début comienza inicio 开始 起
end ends over finish finishes endet ende aus finit fin termina acaba 结束 终止 | end ends until finish expires endet ende bis fin termina 结束 终止 至 到
born birthday geboren né née nació 出生 生日 | born birth geboren naissance né nacimiento 出生
written sent issued dated geschrieben verschickt écrit envoyé escrito enviado 写 寄 开具 | date dated issued sent datum date fecha 日期
deliver delivered delivery arrive arrives geliefert lieferung livraison entrega llega 送达 发货 交货 | delivery delivered arrives lieferung livraison entrega 送达 交货 发货
water off cut 停水 | water off 停水
""".strip().split("\n")
    )
)
AGREES = {  # whether the day is still to come, and the words that ask for such a day
    True: re.compile(r"\b(?:until|till|left|remain\w*|noch|bis|restent?|reste|avant|faltan?|quedan?|hasta|faltam|até)\b|还有|还剩|距离|离|あと|남았"),
    False: re.compile(r"\b(?:ago|since|seit|her|depuis|hace|desde)\b|已经|过了|前"),
}  # fmt: skip
FAR = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
SAYS_NOTHING = MEANS_NOTHING - {"invoice", "bill", "receipt", "ticket", "rechnung", "facture", "factura"}
TIMES = frozenset(
    "day days week weeks month months year years long ago until till left between since date dates".split()
)

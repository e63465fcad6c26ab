"""What a total is called on receipts, bills and in tables, in several languages. The surest names come first."""

# ruff: noqa: E501 - a pattern is read as one line

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_LABELS = (
    r"grand total|total due|amount due|balance due|total to pay|amount payable|total payable|invoice total|total amount"
    r"|gesamtbetrag|rechnungsbetrag|zu zahlen|endbetrag|gesamtsumme|total ttc|montant total|net à payer|total à payer"
    r"|importe total|total a pagar|valor total|应付(?:金额|总额)?|实付(?:金额)?|应收|实收|总计|总金额|价税合计|合計金額|총액|итого к оплате",
    r"total|summe|gesamt|betrag|somme|importe|suma|totale|合计|总额|合計|총계|합계|итого|всего",
    r"sum|altogether|paid|共计|共|小計|計",
)  # fmt: skip
_PART = re.compile(
    r"\b(?:sub[- ]?total|sub[- ]?totals|zwischensumme|sous[- ]total|subtotal|total (?:vat|tax|discount|savings|items|weight|hours)"
    r"|total ht|total net|net total|nettosumme)\b|小计|税额合计",
    re.IGNORECASE,
)  # fmt: skip
_RANKED = tuple(re.compile(rf"(?<![^\W\d_])(?:{labels})(?![a-z])", re.IGNORECASE) for labels in _LABELS)
_ANYWHERE = (_PART, *(re.compile(rf"^(?:{labels})", re.IGNORECASE | re.MULTILINE) for labels in _LABELS[:2]))


def rank(line: str) -> int | None:
    """0 for the surest name of a total that the line has, 1 and 2 for others; None where it is no total's line."""
    if _PART.search(line):
        return None
    return next((number for number, names in enumerate(_RANKED) if names.search(line)), None)


def is_total(label: str) -> bool:
    """Whether a row with this label adds up others, wholly or in part."""
    label = label.strip()
    return bool(_PART.search(label)) or any(names.match(label) for names in _RANKED[:2])


def totals_among(labels: Sequence[str]) -> list[int]:
    """Which of the labels `is_total` holds for, of very many at once."""
    text = "\n".join(label.strip().replace("\n", " ") for label in labels)
    starts = list(accumulate((len(label.strip()) + 1 for label in labels), initial=0))
    found = {bisect_right(starts, match.start()) - 1 for pattern in _ANYWHERE for match in pattern.finditer(text)}
    return sorted(at for at in found if is_total(labels[at]))

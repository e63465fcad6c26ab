"""What several files come to together: of each the line of its total, or the line that the request names."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.answering.numbered_citations import NumberedCitations
from assistant.answering.table_questions import operation_of
from assistant.answering.table_words import CJK_MEANS_NOTHING, CONCEPTS, MEANS_NOTHING, OPERATIONS
from assistant.citing.citations import Cited
from assistant.text.answer_language import in_language
from assistant.text.chinese_scripts import folded
from assistant.text.quantities import Quantity, quantities_in, quantity, writes_comma_decimals
from assistant.text.tokens import stem
from assistant.text.total_labels import rank
from assistant.values.evidence import Evidence
from assistant.values.files import FileFacts

_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_FAR = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_OF_MONEY = CONCEPTS[0][0]  # what is said of prices
_OF_BILLS = frozenset(
    """first second third last one ones other others dearer cheaper higher lower than
    erste ersten erster zweite zweiten zweiter dritte dritten dritter andere anderen anderer letzte höher
    niedriger teurer günstiger als
    premier première second seconde deuxième troisième autre élevée élevé chère cher que
    primera primero segunda segundo tercera tercero otra otro cara caro alta alto que
    primeira primeiro terceira terceiro outra outro
    all altogether amount amounts bills bill both buy bought charge charged come comes due documents files here
    images invoices money owe pages papers payment payments photos pictures purchase purchases receipts shopping shops
    stores sum these three together totals two with
    ausgegeben ausgeben beide beiden bezahlt bezahlen belege bons drei einkauf für habe haben rechnungen wir zwei
    zusammen achats additionne ai avons chez deux dépensé entre factures nous paye payé pour reçus tickets trois
    ambos compras dos entre facturas gastado gasté he pagado pagué tickets tres
    ambas duas dois gastei notas fiscais paguei três""".split()
)
_FAR_OF_BILLS = re.compile(
    r"第[一二三四五六七八九十\d]+|另外?|其他|比|高|低|贵|便宜"
    r"|总额|金额|发票|小票|收据|账单|单据|花了?|付了?|支付|买|钱|张|份|两|这些|这|几|加|起|来|我们?|所有|全部"
)


@dataclass(frozen=True)
class Amount:
    """What a file comes to: written at start to end of a piece, in the line that is to be cited."""

    file: FileFacts
    piece: Evidence
    line: tuple[int, int]
    quantity: Quantity
    written: str


def rendered_answer(
    words: str, facet: str, files: Sequence[tuple[FileFacts, Sequence[Evidence]]], language: str
) -> Cited | None:
    """None where it asks for something else, or fewer than two files say it. files: each with all of its pieces."""
    operation = operation_of(words, facet)
    if operation not in ("sum", "difference", "most", "least") or len(files) < 2:
        return None
    named = _named(words, files)
    found = [_amount(file, pieces, named) for file, pieces in files]
    amounts = [amount for amount in found if amount is not None]
    missing = [file.name for (file, _), amount in zip(files, found, strict=True) if amount is None]
    if len(amounts) < 2 or (operation != "sum" and (missing or (len(amounts) > 2 and operation == "difference"))):
        return None
    return _sentence(operation, amounts, missing, language)


def total_of(file: FileFacts, pieces: Sequence[Evidence]) -> Amount | None:
    """What a file comes to, as the line of its total says; None where none does."""
    return _amount(file, pieces, frozenset())


@dataclass(frozen=True)
class PrintedTotal:
    """What a receipt or bill says that it comes to."""

    amount: Amount

    def cited(self, language: str) -> Cited:
        """The line that says it."""
        lines, piece = NumberedCitations(), self.amount.piece
        lines.at(piece, *self.amount.line)
        quote = " ".join(piece.content[slice(*self.amount.line)].split())
        text = in_language(language).render(
            "nearest.md.j2", said="", source=self.amount.file.name, place="", quote=quote
        )
        return Cited(text, tuple(lines.citations), ())


def printed(words: str, facet: str, file: FileFacts, pieces: Sequence[Evidence]) -> PrintedTotal | None:
    """None where no line says it, or something else is asked than what it comes to."""
    if operation_of(words, facet) != "sum" or _named(words, [(file, pieces)]):
        return None
    amount = total_of(file, pieces)
    return PrintedTotal(amount) if amount is not None else None


def _sentence(operation: str, amounts: list[Amount], missing: Sequence[str], language: str) -> Cited:
    units = {amount.quantity.unit for amount in amounts if amount.quantity.is_money}
    says = {"most": "highest", "least": "lowest"}.get(operation, operation)
    if len(units) > 1:
        says = "apart"
    if says in ("highest", "difference"):
        amounts = sorted(amounts, key=lambda amount: -amount.quantity.value)
    elif says == "lowest":
        amounts = sorted(amounts, key=lambda amount: amount.quantity.value)
    values = [amount.quantity.value for amount in amounts]
    result = sum(values, Decimal(0)) if says == "sum" else values[0] - values[1]
    lines = NumberedCitations()
    each = [
        {
            "source": amount.file.name,
            "amount": amount.written if says != "apart" else f"{amount.written} {amount.quantity.unit}".strip(),
            "cited": lines.at(amount.piece, *amount.line),
        }
        for amount in amounts
    ]
    text = in_language(language).render(
        "totals.md.j2",
        says=says,
        terms=[amount.written for amount in amounts],
        result=f"{result:f}",
        unit=units.pop() if len(units) == 1 else "",
        each=each,
        missing=list(missing),
    )
    return Cited(text, tuple(lines.citations), ())


def _named(words: str, files: Sequence[tuple[FileFacts, Sequence[Evidence]]]) -> frozenset[str]:
    """Stems of what the request is about, beside totals; none where it is the totals themselves."""
    text = folded(unicodedata.normalize("NFKC", words)).lower()
    for file, _ in files:
        text = text.replace(file.name.lower(), " ").replace(file.name.rsplit(".", 1)[0].lower(), " ")
    for _, pattern in OPERATIONS:
        text = re.sub(pattern, " ", text)
    unknown = {
        stem(word)
        for word in _WORD.findall(text)
        if word not in MEANS_NOTHING and word not in _OF_MONEY and word not in _OF_BILLS and len(word) > 1
    }
    far = "".join(_FAR.findall(CJK_MEANS_NOTHING.sub("", _FAR_OF_BILLS.sub("", text))))
    return frozenset(unknown | ({far} if far else set()))


def _amount(file: FileFacts, pieces: Sequence[Evidence], named: frozenset[str]) -> Amount | None:
    comma = writes_comma_decimals("\n".join(piece.content for piece in pieces))
    found: list[tuple[int, int, Amount]] = []
    for piece in pieces:
        start = 0
        lines = piece.content.split("\n")
        for at, line in enumerate(lines):
            fits = _fits(line, named)
            if fits is not None:
                following = lines[at + 1] if at + 1 < len(lines) else ""
                if amount := _in_line(file, piece, start, line, following, comma):
                    found.append((fits, -len(found), amount))
            start += len(line) + 1
    if not found:
        return None
    best = min(fits for fits, _, _ in found)
    of_best = [amount for fits, _, amount in found if fits == best]
    values = {amount.quantity.value for amount in of_best}
    if len(values) > 1 and named:
        return None  # several lines speak of it
    return of_best[-1]  # a total stands below what it adds up


def _fits(line: str, named: frozenset[str]) -> int | None:
    """How well a line says what is asked, 0 best; None where it does not."""
    if not named:
        return rank(line)
    low = folded(line).lower()
    stems = {stem(word) for word in _WORD.findall(low)}
    return 0 if all(word in stems or (_FAR.search(word) and word in low) for word in named) else None


def _in_line(file: FileFacts, piece: Evidence, start: int, line: str, following: str, comma: bool) -> Amount | None:
    """The amount that a line ends with, or says as money; or that stands alone in the line below."""
    found = list(quantities_in(line, comma))
    money = [one for one in found if one.is_money]
    ends = [one for one in found if one.end >= len(line.rstrip(" .。|"))]
    if not found:
        below = quantity(following, comma)
        if below is None:
            return None
        end = start + len(line) + 1 + len(following)
        written = following.strip()[below.digits_start : below.digits_end]
        return Amount(file, piece, (start, end), below, written)
    if len({one.value for one in money}) == 1:
        chosen = money[0]
    elif ends or money:
        chosen = (ends or money)[-1]
    elif len(found) == 1:
        chosen = found[0]
    else:
        return None
    written = line[chosen.digits_start : chosen.digits_end]
    return Amount(file, piece, (start, start + len(line)), chosen, written)

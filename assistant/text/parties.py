"""Who wrote a letter, a mail or an invoice, and to whom: the lines that say so, in several languages."""

import re
from dataclasses import dataclass

LONGEST = 80  # characters of a name
_SENDER = (
    r"from|sender|seller|issued by|von|absender|de|expéditeur|remitente|remetente|от|отправитель|"
    r"发件人|寄件人|送信者|差出人|보낸 ?사람"
)
_RECIPIENT = (
    r"to|recipient|bill(?:ed)? to|customer|an|empfänger|kunde|à|destinataire|para|destinatario|destinatário|"
    r"кому|получатель|收件人|宛先|받는 ?사람"
)
_LINE = r"(?im)^[^\S\n]{{0,8}}(?:{labels})[^\S\n]{{0,3}}[:：][^\S\n]{{0,8}}(?P<name>[^\n]{{2,200}})"
_FROM, _TO = (re.compile(_LINE.format(labels=labels)) for labels in (_SENDER, _RECIPIENT))


@dataclass(frozen=True)
class Parties:
    """Each by name, without the address that follows."""

    sender: str
    recipient: str


def parties_of(text: str) -> Parties | None:
    """None where the text does not name both."""
    sender, recipient = _FROM.search(text), _TO.search(text)
    if sender is None or recipient is None:
        return None
    return Parties(_name(sender["name"]), _name(recipient["name"]))


def _name(line: str) -> str:
    return re.split(r"[,;<，；(]", line.strip(), maxsplit=1)[0].strip()[:LONGEST]

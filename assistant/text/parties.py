"""Who wrote a letter, a mail or an invoice, and to whom: the lines that say so, or its greeting and the name below its
closing line, in several languages."""

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
_WORD = re.compile(r"\w+")
_ROLE = re.compile(
    r"(?m)^[^\S\n]{0,8}(?P<role>[^\W\d_][^\n:：,.]{2,24})[:：][^\S\n]{0,8}(?P<name>[^\W\d_][^\n]{2,200})"
)
_GREETING = re.compile(
    r"(?im)^[^\S\n]{0,8}(?:dear|hi|hello|sehr geehrte[rs]?|guten tag|liebe[rs]?|hallo|chère?|cher|bonjour|"
    r"estimad[oa]|querid[oa]|hola|"
    r"prezad[oa]|car[oa]|olá|уважаем(?:ый|ая)|дорог(?:ой|ая)|здравствуйте,|尊敬的|亲爱的|"
    r"親愛的)[^\S\n]{0,3}(?P<name>[^\n,:;!?，：！]{2,80})(?=[^\S\n]{0,8}(?:[,:;!，：！]|$))"
)
_CLOSING = re.compile(
    r"(?im)^[^\S\n]{0,8}(?:yours(?: (?:sincerely|faithfully|truly))?|sincerely(?: yours)?|(?:kind|best|warm|"
    r"with best|with kind)[^\S\n](?:regards|wishes)|"
    r"best|regards|mit (?:freundlichen|besten|lieben) grüßen|(?:freundliche|beste|liebe|viele|herzliche) grüße|"
    r"cordialement|bien à vous|"
    r"(?:meilleures )?salutations|atentamente|(?:un )?(?:cordial )?saludos?|atenciosamente|cumprimentos|"
    r"с уважением|此致敬礼|敬上|祝好)"
    r"[^\S\n]{0,3}[,.!，。]?[^\S\n]{0,8}\n\s{0,40}(?P<name>[^\n]{2,80})"
)


@dataclass(frozen=True)
class Parties:
    """Each by name, without the address that follows."""

    sender: str
    recipient: str
    """ "" where only it is known to whom is written."""


def parties_of(text: str) -> Parties | None:
    """None where the text does not name both. Its greeting and closing line count where no others say it."""
    sender, recipient = _FROM.search(text), _TO.search(text)
    if sender is None or recipient is None:
        sender, recipient = _last(_CLOSING, text), _GREETING.search(text)
    if sender is None or recipient is None:
        return None
    return Parties(_name(sender["name"]), _name(recipient["name"]))


def in_the_role(words: str, text: str) -> str:
    """Who is called so in the text that the request calls by his role: "write to the seller" of "Seller: Ada Berg". ""
    where nobody is."""
    asked = _spaced(words)
    named = (match for match in _ROLE.finditer(text) if _spaced(match["role"]) in asked)
    return next((_name(match["name"]) for match in named), "")


def _spaced(words: str) -> str:
    return f" {' '.join(_WORD.findall(words.casefold()))} "


def readdressed(text: str, parties: Parties) -> str:
    """A reply that took over the greeting of what it replies to, and its signature, with the two exchanged."""
    if not parties.recipient:
        return text
    greeting, closing = _GREETING.search(text), _last(_CLOSING, text)
    taken = [
        (match.start("name"), match.end("name"), name)
        for match, said, name in (
            (greeting, parties.recipient, parties.sender),
            (closing, parties.sender, parties.recipient),
        )
        if match is not None and _name(match["name"]) == said
    ]
    for start, end, name in reversed(taken):
        text = text[:start] + name + text[end:]
    return text


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=lambda match: match.start(), default=None)


def _name(line: str) -> str:
    return re.split(r"[,;<，；(]", line.strip(), maxsplit=1)[0].strip()[:LONGEST]

"""True and false sentences made of passages and their questions, each kind in its own way, no model in between.

True ones say what a passage says: word for word, with its clauses turned round, in other forms of its words, with its
numbers written differently, or as people put it (a question of the file made into a statement, whose words are
nobody's copy). False ones are one step away: another number, another name, a negation, two names exchanged, another
answer. What cannot be made of a passage gives nothing.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.text.tokens import is_cjk, sentences
from benchmarks.questions import Question


@dataclass(frozen=True)
class MadeSentence:
    """A sentence about a question's passage. asked: whether it answers that question, or stands by itself.

    read: the medium through which the evidence was read, "" for as it is.
    """

    kind: str
    text: str
    true: bool
    asked: bool = False
    read: str = ""


_NAME = re.compile(r"(?:[A-Z][\w’'-]+)(?:\s(?:of\s|the\s|de\s|van\s)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w-])(?![.,]\d)")
_NOT = re.compile(r"\b(is|are|was|were|has|had|can|could|will|would|should|must|did)\b(?! not)")
_CJK_NOT = re.compile(r"(?<![不没未])(是|有|在|可以|能够|会|为)")
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_WH = re.compile(
    r"\b(?:in |on |at |by |from |to |for )?(?:what|which) (?:is|are|was|were)\b|\bwho(?:m)?\b|\bhow (?:many|much)\b|"
    r"\b(?:what|which)\b(?: (?:year|century|country|city|kind|type|name|percentage|date))?",
    re.IGNORECASE,
)
_CJK_WH = re.compile(r"什么时候|什么时间|哪一年|哪年|哪里|哪儿|什么地方|多少|什么|哪位|哪个|哪些|哪|谁|几")


def made(question: Question, pool: Sequence[Question], chance: random.Random) -> Iterator[MadeSentence]:
    """pool: all questions of the file, for answers of other passages and of this one."""
    gold = question.golds[0]
    stated = _sentence_with(question.passage, gold)
    yield MadeSentence("answer", _answer(question, gold), True, asked=True)
    if statement := _statement(question, gold):
        yield MadeSentence("statement", statement, True)
    if stated:
        yield MadeSentence("verbatim", stated, True)
        for kind, text in (
            ("clauses turned round", _turned_round(stated)),
            ("other forms", _other_forms(stated)),
            ("numbers rewritten", _numbers_rewritten(stated)),
        ):
            if text:
                yield MadeSentence(kind, text, True)
        yield MadeSentence("of a picture", stated, True, read="image")
        yield MadeSentence("of a recording", stated, True, read="audio")
    yield from _false(question, pool, stated, chance)


def _false(question: Question, pool: Sequence[Question], stated: str, chance: random.Random) -> Iterator[MadeSentence]:
    gold = question.golds[0]
    elsewhere = [
        g
        for other in chance.sample(list(pool), 20)
        for g in other.golds[:1]
        if g.lower() not in question.passage.lower()
    ]
    if elsewhere:
        yield MadeSentence("another passage's answer", _answer(question, elsewhere[0]), False, asked=True)
    same = [
        other.golds[0]
        for other in pool
        if other.passage == question.passage and other.golds and _apart(other.golds[0], gold)
    ]
    if same:
        other = chance.choice(same)
        if statement := _statement(question, other):
            yield MadeSentence("another answer of the passage", statement, False)
    if stated:
        for kind, text in (
            ("number changed", _number_changed(stated, question.passage, chance)),
            ("name swapped", _name_swapped(stated, question.passage, chance)),
            ("negated", _negated(stated)),
            ("relation swapped", _relation_swapped(stated)),
        ):
            if text:
                yield MadeSentence(kind, text, False)


def _answer(question: Question, answer: str) -> str:
    """What a model would say: the question's words turned round, and the answer."""
    return f"The answer to “{question.text.rstrip('?？ ')}” is {answer}."


def _statement(question: Question, answer: str) -> str:
    """The question with the answer where it asks."""
    text = question.text.strip().rstrip("?？ ")
    if is_cjk(text):
        return f"{_CJK_WH.sub(answer, text, count=1)}。" if _CJK_WH.search(text) else ""
    if match := re.match(r"(when|where|why|how) (?:did|does|do|is|are|was|were|has|have) (.+)", text, re.IGNORECASE):
        return "" if match[1].lower() in ("why", "how") else f"{match[2][:1].upper()}{match[2][1:]} {answer}."
    if not (match := _WH.search(text)):
        return ""
    said = f"{text[: match.start()]}{answer} {text[match.end() :].strip()}.".replace("  ", " ")
    return said[:1].upper() + said[1:]


def _sentence_with(passage: str, gold: str) -> str:
    spans = [passage[start:end] for start, end in sentences(passage)]
    return next((text for text in spans if gold in text and 20 <= len(text) <= 300), "")


def _turned_round(text: str) -> str:
    mark = "，" if is_cjk(text) else ", "
    parts = text.rstrip(".。").split(mark)
    if len(parts) != 2 or min(map(len, parts)) < (5 if is_cjk(text) else 20):
        return ""
    return f"{parts[1]}{mark}{parts[0]}{'。' if is_cjk(text) else '.'}"


def _other_forms(text: str) -> str:
    """Up to three regular verbs and nouns in another form."""
    if is_cjk(text):
        return ""
    changed, left = [], 3
    for word in text.split(" "):
        if left and re.fullmatch(r"[a-z]{4,}(?:at|ish|nt|rm|ct|lop|pe)ed", word):
            word, left = f"{word[:-2]}ing", left - 1
        elif left and re.fullmatch(r"[a-z]{3,}(?:tion|ment|ship)s?", word):
            word, left = (word[:-1] if word.endswith("s") else f"{word}s"), left - 1
        changed.append(word)
    return " ".join(changed) if left < 3 else ""


def _numbers_rewritten(text: str) -> str:
    if is_cjk(text):
        said = re.sub(r"(\d{1,2})%", lambda m: f"百分之{_cjk_numeral(int(m[1]))}", text)
        said = re.sub(r"(?<![\d年.])(\d{1,2})(?=[月日个人])", lambda m: _cjk_numeral(int(m[1])), said)
    else:
        said = re.sub(r"(\d),(\d{3})\b", r"\1\2", text)
        said = re.sub(r"(\d) ?%", r"\1 per cent", said)
        said = re.sub(r"(\d) percent\b", r"\1%", said)
        said = re.sub(r"(?<![\w.,$€£-])(\d{1,2})(?= [a-z])", lambda m: _in_words(int(m[1])), said)
        said = re.sub(
            r"\b(two|three|four|five|six|seven|eight|nine|ten|twelve)\b", lambda m: str(_WORDS.index(m[1])), said
        )
    return said if said != text else ""


def _in_words(number: int) -> str:
    return _WORDS[number] if 1 < number < len(_WORDS) else str(number)


def _cjk_numeral(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")


def _number_changed(text: str, passage: str, chance: random.Random) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return ""
    match = chance.choice(found)
    digits = match.group()
    for _ in range(20):
        at = chance.choice([n for n, c in enumerate(digits) if c.isdigit()])
        changed = digits[:at] + str((int(digits[at]) + chance.randint(1, 9)) % 10) + digits[at + 1 :]
        if changed not in passage and not changed.startswith("0"):
            return text[: match.start()] + changed + text[match.end() :]
    return ""


def _names(text: str) -> list[re.Match[str]]:
    """Runs of capitalised words, but for a first word that may be no name."""
    return [match for match in _NAME.finditer(text) if match.start() > 0]


def _name_swapped(text: str, passage: str, chance: random.Random) -> str:
    """One name of the sentence by another one that the passage has elsewhere."""
    inside = _names(text)
    others = [
        match.group()
        for start, end in sentences(passage)
        for match in _names(passage[start:end])
        if _apart(match.group(), text)
    ]
    if not inside or not others:
        return ""
    match = chance.choice(inside)
    return text[: match.start()] + chance.choice(others) + text[match.end() :]


def _negated(text: str) -> str:
    if re.search(r"\b(not|no|never|none|neither|nor|without|only)\b|n't", text, re.IGNORECASE):
        return ""
    if is_cjk(text):
        match = _CJK_NOT.search(text)
        if not match:
            return ""
        return text[: match.start()] + ("没有" if match[1] == "有" else f"不{match[1]}") + text[match.end() :]
    match = _NOT.search(text)
    return f"{text[: match.end()]} not{text[match.end() :]}" if match else ""


def _relation_swapped(text: str) -> str:
    """Two neighbouring names exchanged, where a verb stands between them and no list."""
    for one, other in pairwise(_names(text)):
        between = text[one.end() : other.start()]
        verb = re.search(r"\b[a-z]+(?:ed|s)\b|\b(?:of|by|from|to|over|for)\b", between)
        if verb and not re.search(r"\band\b|\bor\b|,|\bwith\b|between", between) and _apart(one.group(), other.group()):
            return text[: one.start()] + other.group() + between + one.group() + text[other.end() :]
    return ""


def _apart(one: str, other: str) -> bool:
    """Whether neither holds a word of the other."""
    words = [{word for word in re.findall(r"\w+", text.lower()) if len(word) > 2} for text in (one, other)]
    if is_cjk(one):
        return not set(one) & set(other)
    return bool(words[0]) and bool(words[1]) and not words[0] & words[1] and one.lower() not in other.lower()

"""Whether a few neighbouring sentences of evidence say what a sentence says: word for word, nearly so, or otherwise.

Words, names and numbers that are there are not enough: "Rovers beat United" and "United beat Rovers" have the same.
So what is near is also looked at in its order: a word put in another's place, two parties exchanged, a "not" on
one side alone are contradictions, and the sentence is not supported there, however much of it is found.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from assistant.citing.opposites import OPPOSITES
from assistant.text.chinese_scripts import folded
from assistant.text.dates import dates_in
from assistant.text.numerals import plain_numbers
from assistant.text.quantities import quantities_in
from assistant.text.tokens import Token, in_order, is_cjk, sentences, stem, tokens
from assistant.text.total_labels import is_total

NEIGHBOURS = 2  # sentences looked at together
STRETCH = 300  # characters up to which more of them are: lines of a picture, segments of a recording
NEAR = 0.5  # share of a sentence that must stand in the same order for a difference to say something
YEAR = 2000  # of dates that say none; one that has a 29th of February
_LABEL = 6  # tokens that what a number of a list belongs to may have
_PLACEHOLDER = 4  # tokens that one thing in another's place may have
_NEGATIONS = frozenset("not no never none neither nor without cannot nobody nothing nowhere".split())
_CJK_NEGATION = re.compile(
    r"不(?!同|仅|断|但|过|久|少|论|管|如|只|丹)|没(?!收)|未(?!来|必)|(?<!除)非(?!常|洲|法)|无(?!论|线|数|锡)|禁止|勿"
)
_RELATIONS = frozenset("because than before after unless if but although while of by from to as".split())
_VOICE = frozenset("by of 's whose which 由 被 把 的 为".split())
_ARTICLES = frozenset("a an the his her its their our my your this that".split())
_CLAUSE = re.compile(r"[;:，；：、]|,(?!\d)|\b(?:but|although|though|while|whereas|unless|and|because)\b|但|而|虽然")
_ENDS = ".!?。！？"
_WORD = re.compile(r"[^\W\d_]+")
_DENIED = 3  # characters behind a Chinese "not" that it denies
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】")
_NOT_UNTIL = re.compile(r"\b(?:not|never|\w+n['’]t)\b[^.;:!?]{0,80}?\buntil\b", re.IGNORECASE)


@dataclass(frozen=True)
class Window:
    """Neighbouring sentences of one piece of evidence: characters start to end of its content."""

    evidence: int
    start: int
    end: int
    text: str

    @cached_property
    def statements(self) -> int:
        """Sentences that end here; lines without a full stop go on in the next one."""
        return 1 + sum(self.text[end - 1] in _ENDS for _, end in sentences(self.text)[:-1])

    @cached_property
    def order(self) -> list[Token]:
        return in_order(self.text)

    @cached_property
    def found(self) -> frozenset[str]:
        return frozenset(token.text for token in self.order if token.kind != "stop")


def windows(at: int, content: str) -> list[Window]:
    """Every run of neighbouring sentences of a piece of evidence that is short enough to be one place."""
    spans = sentences(content)
    return [
        Window(at, spans[first][0], spans[last][1], content[spans[first][0] : spans[last][1]])
        for first in range(len(spans))
        for last in range(first, len(spans))
        if last - first < NEIGHBOURS or spans[last][1] - spans[first][0] <= STRETCH
    ]


def dated_otherwise(sentence: str, window: Window) -> bool:
    """Whether the sentence names a day that a window in another script does not. Numbers alone are compared there, and
    12 may be anything."""
    if is_cjk(sentence) == is_cjk(window.text):
        return False
    return not _days(sentence) <= _days(window.text)


def _days(text: str) -> set[tuple[int, int]]:
    """Month and day of each date."""
    return {(one.day.month, one.day.day) for one in dates_in(plain_numbers(text), YEAR) if one.precision == "day"}


def crosses_rows(said: Sequence[Token], window: Window) -> bool:
    """Whether it takes a number from one row of a table and its subject from another ("41 phones" of "Phones 12").

    A row is a line with words and numbers and without a full stop. Where the sentence names a row by its words, one of
    that row's own numbers must be in it, if any number of the rows is.
    """
    rows = [frozenset(token.text for token in in_order(line) if token.kind == "number") for line in _rows(window.text)]
    if len(rows) < 2:
        return False
    numbers = {token.text for token in said if token.kind == "number"}
    if not any(numbers & row for row in rows):
        return False
    words = {token.text for token in said if token.kind in ("name", "word", "cjk")}
    labels = [words & {token.text for token in tokens(line) if token.kind != "number"} for line in _rows(window.text)]
    common = set.intersection(*labels) if labels else set()  # a header that stands in every row names none of them
    return any(label - common and not numbers & row for label, row in zip(labels, rows, strict=True))


def names_no_row(said: Sequence[Token], window: Window, echo: Set[str] = frozenset()) -> bool:
    """Whether it takes a price out of a list ("牛肉面 28元", "Coffee 2.80") and neither it nor the question says
    anything of what stands there beside the price. A line that adds up others needs no name."""
    lines = _rows(window.text)
    numbers = {token.text for token in said if token.kind == "number"}
    held = [line for line in lines if numbers & {t.text for t in tokens(line) if t.kind == "number"}]
    if len(lines) != len([line for line in window.text.split("\n") if line.strip()]) or not held:
        return False
    known = {token.text for token in said if token.kind != "number"} | echo
    characters = set("".join(text for text in known if is_cjk(text)))
    for line in held:
        if not _is_priced(line):
            return False
        label = [token for token in tokens(_without_amounts(line)) if token.kind != "number"]
        if is_total(line) or len(label) > _LABEL or not label:
            return False
        if any(t.text in known or (t.kind == "cjk" and set(t.text) <= characters) for t in label):
            return False
    return True


def _is_priced(line: str) -> bool:
    found = list(quantities_in(line))
    return bool(found) and (found[-1].is_money or "." in f"{found[-1].value}") and not dates_in(line, 2000)


def _without_amounts(line: str) -> str:
    for one in reversed(list(quantities_in(line))):
        line = f"{line[: one.start]} {line[one.end :]}"
    return line


def _rows(text: str) -> list[str]:
    """Its lines that hold words and numbers, where lines are what it is made of."""
    lines = [line for line in text.split("\n") if line.strip()]
    if any(line.rstrip()[-1] in _ENDS for line in lines):
        return []
    return [line for line in lines if any(c.isdigit() for c in line) and any(c.isalpha() for c in line)]


def verbatim(part: str, content: str) -> tuple[int, int] | None:
    """Where `part` stands in `content` letter for letter, but for case, spaces and punctuation; else None."""
    wanted, _ = _squeezed(part)
    said, offsets = _squeezed(content)
    at = said.find(wanted) if wanted else -1
    while at >= 0:
        start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
        if _whole_words(content, start, end) and not negations(content[max(0, start - 12) : start].split("\n")[-1]):
            return start, end
        at = said.find(wanted, at + 1)
    return None


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, and where each stood. A dot or comma inside a number stays."""
    kept = [
        at
        for at, c in enumerate(text)
        if c.isalnum()
        or c in "%$€£"
        or (c in ".," and 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit())
    ]
    return "".join(text[at].lower()[:1] for at in kept), kept


def _whole_words(text: str, start: int, end: int) -> bool:
    def runs_on(one: str, other: str) -> bool:
        return one.isalnum() and other.isalnum() and not is_cjk(one) and not is_cjk(other)

    return not (start and runs_on(text[start - 1], text[start])) and not (
        end < len(text) and runs_on(text[end - 1], text[end])
    )


def likenesses(sentence: str, said: Sequence[Token], content: str) -> dict[str, set[str]]:
    """Tokens of the sentence that are not in `content` → the tokens there that are the same word, badly read, joined
    to others, misspelt by a letter, or in another form. Numbers are never alike."""
    there = {token.text: token for token in tokens(content)}
    missing = [token for token in said if token.text not in there and token.kind in ("name", "word")]
    if not missing:
        return {}
    alike: dict[str, set[str]] = {}
    for token in missing:
        for text, other in there.items():
            if other.kind in ("name", "word") and _same_word(token, other):
                alike.setdefault(token.text, set()).add(text)
    vocabulary = {word.lower() for word in _WORD.findall(sentence)}
    wanted = {token.text for token in missing}
    for run in set(_WORD.findall(content)):
        if len(run) > 5 and run.lower() not in vocabulary:
            for word in _parts(run.lower(), vocabulary):
                if stem(word) in wanted:
                    alike.setdefault(stem(word), set()).add(stem(run.lower()))
    return alike


def _same_word(one: Token, other: Token) -> bool:
    a, b = one.text, other.text
    if min(len(a), len(b)) < 5 or a[0] != b[0]:
        return False
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if "name" not in (one.kind, other.kind) and shared >= 5 and shared >= 0.7 * max(len(a), len(b)):
        return True
    return min(len(a), len(b)) >= 6 and _one_edit(a, b)


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter was left out, put in, changed, or exchanged with its neighbour."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return a == b
    at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[at + 1 :] == shorter[at:]


_SMALL = frozenset(
    "a an the of in on at to by as is was are were and or for from with that this it its be has had".split()
)


def _parts(run: str, vocabulary: set[str]) -> list[str]:
    """The words that a run without spaces is made of, all of them known; none if it cannot be."""
    ways: list[list[str] | None] = [[], *[None] * len(run)]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 24), end):
            before, word = ways[start], run[start:end]
            if before is not None and (word in vocabulary or word in _SMALL):
                ways[end] = [*before, word]
                break
    return ways[-1] or []


def negations(text: str) -> list[int]:
    """Where something is said not to be. What stands in brackets is an aside, and "not until" says when it was."""
    text = _ASIDE.sub(lambda aside: " " * len(aside.group()), text)
    text = _NOT_UNTIL.sub(lambda said: " " * len(said.group()), text)
    if is_cjk(text):
        return [match.start() for match in _CJK_NEGATION.finditer(folded(text))]
    return [m.start() for m in re.finditer(r"[^\W\d_]+(?:['’]t)?", text) if _negates(m.group().lower())]


def _negates(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def contradicts(sentence: str, window: Window, alike: dict[str, set[str]], echo: Set[str] = frozenset()) -> bool:
    """Whether a sentence of the window says something else in the very words.

    echo: tokens of the question. An answer takes them up in an order of its own, which says nothing.
    """
    said = [_as_there(token, window, alike) for token in in_order(sentence)]
    spoken = {token.text for token in said if token.kind != "stop"}
    new = spoken - echo or spoken
    about = [clause for clause in _clauses(window.text) if any(token.text in new for token in tokens(clause))]
    spoken_of = [clause for clause in about if _held(clause, spoken) >= 0.5]
    denied = any(negations(clause) and _held(clause, spoken) >= 0.75 for clause in about)
    if (
        (denied and not negations(sentence))
        or _differs_in_negation(sentence, spoken_of or (about if echo else []) or [window.text])
        or (is_cjk(sentence) and (_denies(sentence, window.text) or _denies(window.text, sentence)))
        or _says_the_opposite(said, in_order(" ".join(spoken_of)) or window.order, echo)
    ):
        return True
    for start, end in sentences(window.text):
        there = in_order(window.text[start:end])
        if _puts_another_in_place(said, there, echo) or _turns_round(said, there, echo):
            return True
    return False


def _as_there(token: Token, window: Window, alike: dict[str, set[str]]) -> Token:
    same = alike.get(token.text, set()) & window.found
    return Token(min(same), token.kind) if same else token


def _differs_in_negation(sentence: str, spoken_of: Sequence[str]) -> bool:
    """The clauses that the sentence speaks of say "not", and the sentence does not; or the reverse."""
    ours = bool(negations(sentence))
    theirs = [bool(negations(clause)) for clause in spoken_of]
    return ours not in theirs if ours else all(theirs)


def _denies(one: str, other: str) -> bool:
    """Whether a Chinese "not" stands in the one before the very words that the other says without it. A clause may hold
    several, of which a single one is in question."""
    plain, there = ("".join(folded(text).split()) for text in (one, other))
    ours, theirs = (_denied(text) for text in (plain, there))
    return any(what in there and what not in theirs and plain.count(what) == times for what, times in ours.items())


def _denied(text: str) -> Counter[str]:
    """What follows each "not" of a text without blanks, and how often it does."""
    ends = (match.end() for match in _CJK_NEGATION.finditer(text))
    return Counter(text[end : end + _DENIED] for end in ends if end + _DENIED <= len(text))


def _clauses(text: str) -> Iterator[str]:
    for start, end in sentences(text):
        last = start
        for match in _CLAUSE.finditer(folded(text), start, end):
            yield text[last : match.start()]
            last = match.end()
        yield text[last:end]


def _held(clause: str, said: set[str]) -> float:
    """Share of a clause's words that are said, 0 to 1."""
    meant = [token.text for token in tokens(clause) if token.text not in _NEGATIONS]
    return sum(text in said for text in meant) / len(meant) if meant else 0.0


def _says_the_opposite(said: Sequence[Token], there: Sequence[Token], echo: Set[str] = frozenset()) -> bool:
    """A word on one side alone, and its opposite on the other alone. What the question asks ("who bought it?") may be
    said from the other side ("it was sold to …")."""
    ours, theirs = ({token.text for token in side} for side in (said, there))
    return any(
        other in theirs and other not in ours for word in ours - theirs - echo for other in OPPOSITES.get(word, ())
    ) or _placed_otherwise(said, there)


def _placed_otherwise(said: Sequence[Token], there: Sequence[Token]) -> bool:
    """ "from Ghent" on one side, "to Ghent" on the other."""
    ours, theirs = _placed(said), _placed(there)
    return any(ours[thing] != theirs[thing] for thing in ours.keys() & theirs.keys())


def _placed(order: Sequence[Token]) -> dict[str, str]:
    plain = [token for token in order if token.text not in _ARTICLES]
    return {
        thing.text: where.text
        for where, thing in pairwise(plain)
        if where.text in ("from", "to") and thing.kind in ("name", "word")
    }


def _puts_another_in_place(said: Sequence[Token], there: Sequence[Token], echo: Set[str] = frozenset()) -> bool:
    """Between the same neighbours, or at the same end, another word, name or number; or two of them exchanged."""
    matcher = SequenceMatcher(None, [t.text for t in said], [t.text for t in there], autojunk=False)
    blocks = matcher.get_opcodes()
    if sum(size for _, _, size in matcher.get_matching_blocks()) < NEAR * len(said):
        return False  # said in other words: another order says nothing
    spoken, elsewhere = ({token.text for token in side} for side in (said, there))
    said_characters, there_characters = (set("".join(t.text for t in side)) for side in (said, there))
    placed: list[tuple[set[str], set[str]]] = []
    for at, (what, i1, i2, j1, j2) in enumerate(blocks):
        before, after = at and blocks[at - 1][0] == "equal", at + 1 < len(blocks) and blocks[at + 1][0] == "equal"
        if what != "replace" or i2 - i1 > _PLACEHOLDER or not (before or after):
            continue
        first, last = i1 == 0, i2 == len(said)
        if not ((before or first) and (after or last)):
            continue
        if j2 - j1 > _PLACEHOLDER:  # at an end of the sentence only what is next to it stands in the place
            if not (first or last):
                continue
            j1, j2 = (j1, j1 + i2 - i1 + 1) if last else (j2 - (i2 - i1 + 1), j2)
        ours = {
            t.text
            for t in said[i1:i2]
            if not _is_there(t, elsewhere if t.kind in ("number", "cjk") else set(), there_characters)
        }
        theirs = {t.text for t in there[j1:j2] if not _is_there(t, set(), said_characters)}
        # what comes along with the question's words is no thing put in another's place, if it stands there at all
        if not ours - echo - (elsewhere if ours & echo else set()) or not theirs:
            continue
        if _read_alike(said[i1:i2], there[j1:j2]):
            continue
        if ours <= elsewhere and _voice(said) != _voice(there):
            continue
        if not theirs <= spoken:
            return True
        placed.append((ours, theirs))
    return any(one == theirs and two == ours for one, two in placed for ours, theirs in placed if ours != theirs)


def _is_there(token: Token, known: set[str], characters: set[str]) -> bool:
    """Whether a token says nothing new. Two Chinese characters that meet by chance are no word: each counts alone."""
    if token.kind == "cjk":
        return set(token.text) <= characters
    return token.kind == "stop" or token.text in known


def _read_alike(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether one may be the other badly read. Numbers never are."""
    if any(token.kind == "number" for token in (*ours, *theirs)):
        return False
    one, other = ("".join(token.text for token in side) for side in (ours, theirs))
    return len(one) > 4 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.75


def _turns_round(said: Sequence[Token], there: Sequence[Token], echo: Set[str] = frozenset()) -> bool:
    """Whether two things stand on the other sides of what relates them, with no "by" or "of" to explain it.

    What moves as a whole, like a clause put first, leaves no three tokens in reverse order.
    """
    if _voice(said) != _voice(there):
        return False
    ours, theirs = _once([t for t in said if t.kind != "word" or t.text not in echo]), _once(there)
    places = [theirs[text] for text in ours if text in theirs]
    return _falls_three_times(places)


def _voice(order: Sequence[Token]) -> set[str]:
    """What lets two things change sides: "by" of a passive, "of" and its kin."""
    return {token.text for token in order if token.text in _VOICE}


def _once(order: Sequence[Token]) -> dict[str, int]:
    """Tokens that are there once, and where."""
    counts = Counter(token.text for token in order)
    return {
        token.text: at
        for at, token in enumerate(order)
        if counts[token.text] == 1
        and (token.kind != "stop" or token.text in _RELATIONS)
        and not (at and token.kind == order[at - 1].kind == "number")  # a date may be written either way
    }


def _falls_three_times(places: Sequence[int]) -> bool:
    """Whether three of them, not necessarily next to one another, stand in falling order."""
    longest: list[int] = []
    for at, place in enumerate(places):
        longest.append(1 + max((longest[b] for b in range(at) if places[b] > place), default=0))
    return max(longest, default=0) >= 3

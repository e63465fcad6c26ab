"""How many days it is until a day that stands in a file, since it, or between two such days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.day_count_words import (
    AGREES,
    ASKS,
    BETWEEN,
    CONCEPTS,
    FAR,
    PAIR,
    SAYS_NOTHING,
    TIMES,
    TO_NOW,
    WORD,
)
from assistant.answering.day_questions import counted_in, months_between, plainly
from assistant.answering.day_words import Step
from assistant.answering.numbered_citations import NumberedCitations
from assistant.citing.citations import Cited
from assistant.text.answer_language import AnswerLanguage, Unit, in_language
from assistant.text.chinese_scripts import folded
from assistant.text.dates import Dated, dates_in
from assistant.text.tokens import is_cjk, sentences, stem
from assistant.values.evidence import Evidence

MARGIN = 0.5  # by how much the sentence meant must fit better than the next
_UNITS: dict[Step, Unit] = {"weeks": "week", "months": "month", "years": "year"}


@dataclass(frozen=True)
class _Said:
    """A sentence with a date."""

    piece: Evidence
    start: int
    end: int
    dates: tuple[Dated, ...]

    @property
    def text(self) -> str:
        return self.piece.content[self.start : self.end]


def asks_for_days(words: str, facet: str) -> bool:
    return facet == "days" or bool(ASKS.search(plainly(words, "")))


def rendered_answer(words: str, pieces: Sequence[Evidence], today: date, language: str) -> Cited | None:
    """None where no day of the files is clearly meant."""
    text = plainly(words, language or "en")
    said = list(_dated(pieces, today))
    if not said:
        return None
    if match := PAIR.search(text):
        parts = [value for value in match.groupdict().values() if value]
        ends = [_meant(part, said, today) for part in parts]
        if all(ends) and ends[0] != ends[1]:
            found = [(one, one.dates[0]) for one in ends if one is not None]
            return _between(found, text, language)
    if BETWEEN.search(text):
        return _between_files(said, text, language)
    one = _meant(text, said, today)
    if one is None:
        return None
    days = {dated.day for dated in one.dates}
    if len(days) == 2 and not TO_NOW.search(text):
        return _between([(one, dated) for dated in one.dates], text, language)
    return _to_now(one, text, today, language) if len(days) == 1 else None


def _dated(pieces: Sequence[Evidence], today: date) -> Iterator[_Said]:
    """Sentences with a day. A year that is not said is that of the file's other days, else the present."""
    years: dict[str, set[int]] = {}
    for piece in pieces:
        for dated in dates_in(piece.content, today.year):
            if dated.year_said:
                years.setdefault(piece.source_id, set()).add(dated.day.year)
    for piece in pieces:
        theirs = years.get(piece.source_id, set())
        year = next(iter(theirs)) if len(theirs) == 1 else today.year
        for start, end in sentences(piece.content):
            found = tuple(
                one for one in dates_in(piece.content[start:end], year) if one.precision == "day" and one.sure
            )
            if found:
                yield _Said(piece, start, end, found)


def _meant(text: str, said: Sequence[_Said], today: date) -> _Said | None:
    """The sentence that speaks of what is asked; None where several do alike, with other days."""
    scored = sorted(((_near(text, one), -number) for number, one in enumerate(said)), reverse=True)
    best, at = scored[0][0], said[-scored[0][1]]
    rivals = [said[-number] for score, number in scored[1:] if best - score < MARGIN]
    days = {dated.day for one in said for dated in one.dates}
    other = bool(_words(text)) and is_cjk(text) == is_cjk(at.text)  # it speaks of something else
    if best <= 0 and len(days) == 1 and not other and AGREES[days.pop() > today].search(text):
        return at  # the only day there is, and it lies where it is asked for
    same = all({dated.day for dated in one.dates} == {dated.day for dated in at.dates} for one in rivals)
    return at if best > 0 and same else None


def _near(text: str, one: _Said) -> float:
    stands = folded(one.text).lower()
    words, there = _words(text), _words(stands)
    score = 2.0 * len((words & there) - TIMES)
    for said, spoken in CONCEPTS:
        if _has(said, text, words) and _has(spoken, stands, there):
            score += 1.5
    for run in FAR.findall(text):
        score += 0.5 * sum(run[at : at + 2] in stands for at in range(len(run) - 1))
    return score


def _words(text: str) -> set[str]:
    return {stem(word) for word in WORD.findall(text) if word not in SAYS_NOTHING and word not in TIMES}


def _has(concept: frozenset[str], text: str, stems: set[str]) -> bool:
    return any(one in text if FAR.search(one) else stem(one) in stems for one in concept)


def _to_now(one: _Said, text: str, today: date, language: str) -> Cited:
    day = one.dates[0].day
    says = "until" if day > today else "since" if day < today else "today"
    return _tell(says, [(one, one.dates[0])], day, today, text, language)


def _between_files(said: Sequence[_Said], text: str, language: str) -> Cited | None:
    """The days of two files, or of two sentences, where each has but one."""
    first: dict[str, tuple[_Said, Dated]] = {}
    for one in said:
        for dated in one.dates:
            known = first.setdefault(one.piece.source_id, (one, dated))
            if known[1].day != dated.day:
                return None
    return _between(list(first.values()), text, language) if len(first) == 2 else None


def _between(found: Sequence[tuple[_Said, Dated]], text: str, language: str) -> Cited:
    (one, other) = sorted(found, key=lambda pair: pair[1].day)
    return _tell("between", [one, other], one[1].day, other[1].day, text, language)


def _tell(says: str, found: Sequence[tuple[_Said, Dated]], day: date, other: date, text: str, language: str) -> Cited:
    lines = NumberedCitations()
    quotes = [
        {"quote": " ".join(one.text.split()), "cited": lines.at(one.piece, one.start, one.end)}
        for one in dict.fromkeys(one for one, _ in found)
    ]
    start, end = sorted((day, other))
    words = in_language(language)
    counted = _counted(counted_in(text), start, end, words)
    rendered = words.render(
        "file_days.md.j2", says=says, quotes=quotes, day=words.long_date(day), other=words.long_date(other), **counted
    )
    return Cited(rendered, tuple(lines.citations), ())


def _counted(unit: Step, start: date, end: date, words: AnswerLanguage) -> dict[str, object]:
    total = (end - start).days
    count = total
    match unit:
        case "weeks":
            count = total // 7
        case "months" | "years":
            count = months_between(start, end) // (12 if unit == "years" else 1)
    length = words.units(count, _UNITS.get(unit, "day"))
    if unit in _UNITS:
        length = words.gettext("{length} ({days})", length=length, days=words.units(total, "day"))
    return {"count": count, "length": length}

"""AnswerTuning: every threshold of the answer path, in one table (tuning.json), one row a model or a family of them.

They are chosen with two sets in sight, ordinary requests and questions without an answer, by one command:
`python benchmarks/calibrate.py`. What is tuned here stands nowhere else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from assistant.models.profiles import ModelProfile


@dataclass(frozen=True)
class AnswerTuning:
    """The thresholds of understanding, and of belief in an answer. A nearness or confidence is 0 to 1."""

    sure: float = 0.45
    """Score from which a kind of request is taken at its word."""
    margin: float = 0.06
    """The lead over the next kind that this takes."""
    sure_beside_files: float = 0.6
    """The same as `sure` for kinds that need no file, where files came along."""
    least: float = 0.25
    """Score below which a kind is given up for the lookup."""
    sure_part: float = 0.5
    """Score of each of several sentences that are requests of their own."""
    also_computed: float = 0.25
    """Score of `compute` from which it is tried before a likelier kind that looks up or compares."""
    known_here: float = 0.3
    """Nearness of a passage from which a question of general knowledge is looked up in the files."""
    spoken_of: float = 0.27
    """Cosine of a passage from which "you" may be who wrote it."""
    not_of_medley: float = 0.13
    """Lead of that passage over the nearest known question about Medley below which "you" is who wrote it."""
    part: float = 0.3
    """What each of several requests in one sentence scores by itself."""
    heard: float = 0.18
    """What the kind of such a part scores in the whole."""
    part_at_comma: float = 0.65
    """The same as `part` where a comma alone stands between them."""
    heard_at_comma: float = 0.35
    """The same as `heard` where a comma alone stands between them."""
    question_part: float = 0.8
    """What such a part must score that is a question for the lookup."""
    beside_exact: float = 0.45
    """What each part scores by itself where one of them asks for what is known without the files' words."""
    heard_beside_exact: float = 0.15
    """What the kind of such a part scores in the whole."""
    clear_part: float = 0.85
    """Score of such a part by itself from which it need not be heard in the whole."""
    searched: int = 24
    """How many pieces are asked of a library."""
    near: float = 0.12
    """Best score below which nothing of the library speaks of the question."""
    near_of_many: float = 0.33
    """The same where many pieces were searched: the best of many is near by chance."""
    outright: float = 0.55
    """Best score from which a small model is asked without a way out."""
    ask_again: float = 0.7
    """Share of the question that the evidence must hold before a "not found" is doubted."""
    beside: float = 0.5
    """Share of the question up to which quotes may speak of something beside it."""
    nearest: float = 0.12
    """Score from which a sentence is near enough to be shown where the files do not say it."""
    weighs_question: float = 1.0
    """What a small model's "Yes" to whether the passage answers the question counts in the confidence."""
    weighs_answer: float = 1.0
    """The same of its "Yes" to whether its answer is the one that the quotes give."""
    weighs_statement: float = 0.0
    """The same of how much likelier its answer is than that the passage does not state it."""
    weighs_asking: float = 0.0
    """The same of how much likelier the question is beside the passage than by itself."""
    doubted: float = 0.4
    """Confidence below which an answer from a library is refused."""
    doubted_subject: float = 0.3
    """Confidence below which an answer that nothing supports is refused, where it is about what was handed over or is
    meant. The nearest passage is shown instead."""
    doubted_supported: float = 0.1
    """The same for answers that are cited."""
    denied: float = 0.12
    """Confidence from which a refused answer is told as not said in so many words, and not as not said."""


_ROWS = Path(__file__).with_suffix(".json")


def tuning_for(profile: ModelProfile | None) -> AnswerTuning:
    """The row of this very model, else that of its family: small ones are doubted, larger ones say themselves what
    they do not find."""
    known = rows()
    family = "small" if profile is None or profile.small else "large"
    return known.get(profile.name, known[family]) if profile is not None else known[family]


@cache
def rows() -> dict[str, AnswerTuning]:
    """The table, by the name of a model or of a family. Raises ValueError where its file holds what no row has."""
    table = json.loads(_ROWS.read_text(encoding="utf-8"))
    names = {one.name for one in fields(AnswerTuning)}
    if unknown := {name for row in table.values() for name in row if name not in names}:
        raise ValueError(f"{_ROWS.name} holds what no row has: {', '.join(sorted(unknown))}")
    return {name: AnswerTuning(**row) for name, row in table.items()}


def keep(name: str, changed: Mapping[str, float]) -> None:
    """Writes these thresholds of a model's row, those that it has otherwise stay. What is read next has them."""
    table = json.loads(_ROWS.read_text(encoding="utf-8"))
    table[name] = table.get(name, {}) | dict(changed)
    _ROWS.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    rows.cache_clear()


SMALL = rows()["small"]  # the family that nothing is known of

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
    """sure: score from which a kind of request is taken at its word. margin: lead over the next kind that it takes.
    sure_beside_files: the same as `sure` for kinds that need no file, where files came along. least: score below which
    a kind is given up for the lookup. sure_part: score of each of several sentences that are requests of
    their own. part, heard: of several requests in one sentence, what each scores by itself, and its kind in
    the whole; part_at_comma, heard_at_comma: the same where a comma alone stands between them; question_part: what a
    question for the lookup must score.

    also_computed: score of `compute` from which it is tried before a likelier kind that looks up or compares.
    known_here: nearness (0 to 1) of a passage from which a question of general knowledge is looked up in the files.
    spoken_of, not_of_medley: cosine of a passage from which "you" may be who wrote it, and the lead over it of the
    nearest known question about Medley below which that is so.

    searched: pieces asked of a library. near: best score (0 to 1) below which nothing of it speaks of the question.
    near_of_many: the same where many pieces were searched: the best of many is near by chance.
    outright: best score from which a small model is asked without a way out. ask_again: share of the question that the
    evidence must hold before a "not found" is doubted. beside: share of the question up to which quotes may speak of
    something beside it.
    nearest: score (0 to 1) from which a sentence is near enough to be shown where the files do not say it.
    doubted: confidence (0 to 1) below which an answer from a library is refused. doubted_subject, doubted_supported:
    the same of what was handed over or is meant, where the nearest passage is shown instead: of answers that nothing
    supports, and of those that are cited. doubted_foreign: the same of either, asked in another language than that of
    the doubt's examples, English.
    """

    sure: float = 0.45
    margin: float = 0.06
    sure_beside_files: float = 0.6
    least: float = 0.25
    sure_part: float = 0.5
    also_computed: float = 0.25
    known_here: float = 0.3
    spoken_of: float = 0.27
    not_of_medley: float = 0.13
    part: float = 0.3
    heard: float = 0.18
    part_at_comma: float = 0.65
    heard_at_comma: float = 0.35
    question_part: float = 0.8
    searched: int = 24
    near: float = 0.12
    near_of_many: float = 0.33
    outright: float = 0.55
    ask_again: float = 0.7
    beside: float = 0.5
    nearest: float = 0.12
    doubted: float = 0.4
    doubted_subject: float = 0.3
    doubted_supported: float = 0.1
    doubted_foreign: float = 0.05


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

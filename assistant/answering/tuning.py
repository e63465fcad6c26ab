"""AnswerTuning: every threshold of the answer path, in one table, one row a family of models.

They are chosen with two sets in sight, ordinary requests (benchmarks/requests.py) and questions without an answer
(benchmarks/answers.py). What is tuned here stands nowhere else.
"""

from dataclasses import dataclass

from assistant.models.profiles import ModelProfile


@dataclass(frozen=True)
class AnswerTuning:
    """sure: score from which a kind of request is taken at its word. margin: lead over the next kind that it takes.
    sure_beside_files: the same as `sure` for kinds that need no file, where files came along. least: score below which
    a kind is given up for the lookup. sure_part: score of each of several sentences that are
    requests of their own. part, heard: of several requests in one sentence, what each scores by itself, and its kind in
    the whole; part_at_comma, heard_at_comma: the same where a comma alone stands between them; question_part: what a
    question for the lookup must score.

    searched: pieces asked of a library. near: best score (0 to 1) below which nothing of it speaks of the question.
    near_of_many: the same where many pieces were searched: the best of many is near by chance.
    outright: best score from which a small model is asked without a way out. ask_again: share of the question that the
    evidence must hold before a "not found" is doubted. beside: share of the question up to which quotes may speak of
    something beside it.
    nearest: score (0 to 1) from which a sentence is near enough to be shown where the files do not say it.
    doubted: confidence (0 to 1) below which an answer from a library is refused. doubted_subject, doubted_supported:
    the same of what was handed over or is meant, where the nearest passage is shown instead: of answers that nothing
    supports, and of those that are cited.
    """

    sure: float = 0.45
    margin: float = 0.06
    sure_beside_files: float = 0.6
    least: float = 0.25
    sure_part: float = 0.5
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


SMALL = AnswerTuning()
LARGE = AnswerTuning(doubted=0.0, doubted_subject=0.0, doubted_supported=0.0)


def tuning_for(profile: ModelProfile | None) -> AnswerTuning:
    """The row of this model's family: small ones are doubted, larger ones say themselves what they do not find."""
    return SMALL if profile is None or profile.small else LARGE

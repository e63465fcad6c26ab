"""Judging: what a model said about files, tied to its evidence, and how much speaks for it. Or that they do not say it.

What is supported is cited; what is not is marked, not withheld; where the files do not say it, the answer says so and
shows what comes nearest.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import confidence, picture_answers
from assistant.answering.context import Context, Reply
from assistant.answering.english_question import in_english
from assistant.answering.generation import GeneratedText
from assistant.answering.nearest import Near, nearest
from assistant.answering.prompt import Prompt
from assistant.answering.tuning import tuning_for
from assistant.citing import citations
from assistant.citing.alignment import contradicts
from assistant.citing.citations import Cited
from assistant.ports.engine import Engine
from assistant.text.answer_language import in_language
from assistant.text.tokens import tokens
from assistant.values.events import Citation
from assistant.values.evidence import Evidence, Page, Seconds, Section, Sheet, Slide, describe
from assistant.values.request import Request

MOST_NAMES = 6  # of files, in a sentence
LONGEST_QUOTE = 300  # characters of it
LONGEST_PASSAGE = 1200  # characters that a doubt is held against
NEARLY = 2  # passages shown at the most where the files do not say it
NEARLY_AS_NEAR = 0.75  # how near the second of them must be, of the first
MOST_NEAR = 4  # sentences by which they are chosen


def cite(said: GeneratedText, request: Request, context: Context, engine: Engine, extracted: bool = False) -> Reply:
    """The model's words with our numbers. extracted: its lines are things out of the files, each by itself, so that a
    line with nothing of the question in it may be supported."""
    grounded = picture_answers.read(said.text, said.prompt.showing, engine.profile)
    question = "" if extracted else request.words
    with context.record.timed("checking"):
        cited = citations.cite(
            grounded.text, said.prompt.evidence, question, context.embedder(), context.record.numbers
        )
    cited = picture_answers.cite(cited, grounded, said.prompt.showing)
    plain = citations.drop_made_up_numbers(picture_answers.plain(grounded.text))
    return Reply(cited, said.prompt, said=plain, written=said.text, cut=said.cut)


def quotes(reply: Reply) -> list[str]:
    """What supports its words."""
    return [citation.quote for citation in reply.cited.citations if not citation.seen]


def how_sure(
    reply: Reply,
    request: Request,
    context: Context,
    engine: Engine,
    evidence: Sequence[Evidence] = (),
    nearness: float = 1.0,
) -> float | None:
    """0 to 1, by asking a small model whether the passage answers exactly this; None where it cannot be asked.

    evidence: that of the reply's prompt where none is named. nearness: of question and passage where it is the best of
    many, 0 to 1. The question is asked in English, as the examples are: of its own language a small model is surer
    than it should be.
    """
    evidence = evidence or reply.prompt.evidence
    if not engine.profile.small or not evidence or context.record.stop.is_set():
        return None
    if request.points_back:
        return None  # measured on questions that stand alone
    passage = _passage(request, reply, context, evidence)
    supporting = quotes(reply) or [passage]  # what its words are not found in may support its meaning
    question = in_english(request.words, request.language, engine, context.record.stop)
    claim = confidence.Claim(question, reply.said, "\n".join(supporting), passage, nearness, request.words)
    tuning = tuning_for(engine.profile)
    weights = confidence.Weights(
        tuning.weighs_question, tuning.weighs_answer, tuning.weighs_statement, tuning.weighs_asking
    )
    with context.record.timed("checking"):
        return confidence.confidence(claim, engine, context.record.stop, weights)


def not_there(
    request: Request,
    context: Context,
    evidence: Sequence[Evidence],
    prompt: Prompt,
    show_nearest: bool = True,
    doubted: Reply | None = None,
    roughly: bool = False,
) -> Reply:
    """That the files do not say it, with the passage that comes nearest where one comes near, and one more. doubted: an
    answer that is not believed, whose citation that is; else it is what comes nearly as near. roughly: the answer may
    be right, so that this is told as not said in so many words."""
    names = [one.name for one in context.facts(request)] or _all_names(context)
    near = nearest(request.words, evidence, context.likeness, NEARLY) if show_nearest else []
    least = max(context.tuning.nearest, NEARLY_AS_NEAR * near[0].score if near else 0.0)
    close = [one.citation() for one in near if one.score >= least]
    theirs = doubted.cited.citations if doubted is not None and show_nearest else ()
    found = [*close[:1], *theirs, *close[1:]]
    told = list({one.quote: one for one in found}.values())[:NEARLY]
    shown = [replace(one, number=number) for number, one in enumerate(told, 1)]
    text = in_language(request.answer_language).render(
        "not_found.md.j2",
        names=names if len(names) <= MOST_NAMES else [],
        count=len(names),
        roughly=roughly,
        quotes=[
            {
                "quote": " ".join(one.quote.split())[:LONGEST_QUOTE],
                "place": _place(one, request, named=len(names) > 1),
                "citation": f"[{one.number}]",
            }
            for one in shown
        ],
    )
    cited = Cited(text, tuple(shown), ())
    return Reply(cited, prompt, said=citations.drop_made_up_numbers(text), found=False, declined=True)


def beside_nearest(
    reply: Reply, request: Request, context: Context, evidence: Sequence[Evidence], about: str = ""
) -> Reply:
    """What a small model says and nothing supports, beside the passage that comes nearest, so that a person can judge;
    that passage alone, where it says the contrary, or the model only says yes or no. about: what it is to be near to,
    the request where it is ""; of a text that is named no sentence is the contrary."""
    near = nearest(about or request.words, evidence, context.likeness, 1)
    if not near or near[0].score < context.tuning.nearest:
        return reply
    shown = near[0].citation()
    withheld = not about and (
        is_mere_verdict(reply.said, request.words) or contradicts(reply.said, near[0].window, {}, set())
    )
    said = "" if withheld else reply.cited.text
    text = in_language(request.answer_language).render(
        "nearest.md.j2",
        said=said,
        source=shown.source,
        place=_place(shown, request),
        quote=" ".join(shown.quote.split())[:LONGEST_QUOTE],
    )
    cited = replace(reply.cited, text=text, citations=(shown,), unsupported=reply.cited.unsupported if said else ())
    return replace(reply, cited=cited, said=citations.drop_made_up_numbers(text), found=False)


def side_by_side(reply: Reply, request: Request, context: Context, near: Sequence[Near]) -> Reply:
    """A comparison, and below it what comes nearest in each file that it does not cite; these alone, where it is a mere
    yes or no that nothing supports. near: of each file what comes nearest, the
    nearest first."""
    cited = list(reply.cited.citations)
    spoken_of = {citation.source_id for citation in cited}
    of_each = {one.piece.source_id: one for one in reversed(near)}  # the first of each
    others = [
        one
        for one in near
        if one is of_each[one.piece.source_id]
        and one.piece.source_id not in spoken_of
        and one.score >= context.tuning.nearest
    ]
    if not others:
        return reply
    shown = [one.citation(len(cited) + number) for number, one in enumerate(others, 1)]
    withheld = not cited and is_mere_verdict(reply.said, request.words)
    text = in_language(request.answer_language).render(
        "side_by_side.md.j2",
        said="" if withheld else reply.cited.text,
        files=[
            {
                "name": one.source,
                "place": _place(one, request),
                "quote": " ".join(one.quote.split())[:LONGEST_QUOTE],
                "citation": f"[{one.number}]",
            }
            for one in shown
        ],
    )
    told = replace(
        reply.cited,
        text=text,
        citations=(*cited, *shown),
        unsupported=() if withheld else reply.cited.unsupported,
    )
    return replace(reply, cited=told, said=citations.drop_made_up_numbers(text))


def is_mere_verdict(said: str, question: str) -> bool:
    """Whether an answer says nothing that the question did not, but its first word ("Ja, er darf es mitnehmen"): where
    nothing supports it, a small model might as well have said the contrary."""
    echo = {token.text for token in tokens(question)}
    told = [token.text for token in tokens(said)]
    return any(text in echo for text in told) and all(text in echo for text in told[1:])


def _place(shown: Citation, request: Request, named: bool = False) -> str:
    """Where it stands, in words, where that tells a person something: a page, a second. named: with its file before
    it."""
    words = in_language(request.answer_language)
    known = isinstance(shown.location, Page | Slide | Seconds | Sheet | Section)
    place = words.said(describe(shown.location)) if known else ""
    return words.beside([one for one in (shown.source, place) if one]) if named else place


def _passage(request: Request, reply: Reply, context: Context, evidence: Sequence[Evidence]) -> str:
    """What the question is held against, in reading order: all of it where it is short, else the pieces that come
    nearest in words and meaning, and those that are cited. Of long pieces their nearest sentences alone."""
    if sum(len(piece.content) for piece in evidence) <= LONGEST_PASSAGE:
        return "\n".join(piece.content for piece in evidence)
    near = nearest(request.words, evidence, context.likeness, MOST_NEAR)
    cited = {citation.context for citation in reply.cited.citations}
    chosen = [one.piece for one in near] + [piece for piece in evidence if piece.content in cited]
    kept: list[Evidence] = []
    for piece in chosen:
        if piece not in kept and sum(len(one.content) for one in (*kept, piece)) <= LONGEST_PASSAGE:
            kept.append(piece)
    if not kept:
        return "\n".join(dict.fromkeys(one.text for one in near)) or evidence[0].content[:LONGEST_PASSAGE]
    return "\n".join(piece.content for piece in evidence if piece in kept)


def _all_names(context: Context) -> list[str]:
    """One for each file, also where two are called alike."""
    known = [one.name for one in context.files]
    return known + [attachment.name for attachment in context.record.shown if attachment.name not in known]

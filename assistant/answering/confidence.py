"""Confidence: how much speaks for an answer of a small model, which answers whatever it is asked.

The model is shown six small examples, questions that a text answers and such that only look as if it did, and
then this turn's: does the best passage answer exactly this question, do the quotes say that this is its answer?
How much likelier "Yes" is than "No" tells near misses from questions with an answer better than all that it says
in words. The smallest models say "Yes" to anything; of them it is taken how much likelier the answer is than that the
text does not state it, and how much likelier the question is beside the text than without it (as passages are ranked
anew by the questions that they lead to: Sachan et al. 2022). Knows no turn; the engine must be able to tell
likelihoods.
"""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from assistant.ports.engine import ASIDE, Engine
from assistant.values.parts import ChatMessage, Role, Text
from prompts import render

_BRIDGE = (
    "The Harbour Bridge was designed by John Bradfield and opened on 19 March 1932. It carries eight lanes of road "
    "traffic; its arch was painted grey because only grey paint was to be had in such quantities."
)
_TABLE = (
    "In 1869 Mendeleev published a table of the 63 elements then known, ordered by atomic weight. He left gaps for "
    "elements that were still to be discovered, and foretold the properties of gallium. Lothar Meyer's table of 1870 "
    "was much alike."
)
_EXAMPLES = (
    (_BRIDGE, "Who designed the Harbour Bridge?", "John Bradfield", "Yes"),
    (_BRIDGE, "Who painted the Harbour Bridge?", "John Bradfield", "No"),
    (_TABLE, "By what did Mendeleev order the elements?", "by atomic weight", "Yes"),
    (_TABLE, "How many elements did Meyer discover in 1870?", "63", "No"),
    (_BRIDGE, "Why was the arch not painted red?", "because only grey paint was to be had", "No"),
    (_TABLE, "What did Mendeleev leave for elements that were not yet discovered?", "gaps", "Yes"),
)

# Chosen on some 100 answers to a third of SQuAD 2.0's evaluation split, all its articles, and 11 to questions about
# something else: few. A regression weighs both questions nearly alike (1.4 and 1.3), so their odds are simply
# multiplied; DISTANCE_PENALTY is where those about something else fall below the right ones.
DISTANCE_PENALTY = 4.0  # what distance from the best passage takes from the odds, as a natural logarithm
_BEGINNING = 14  # words of an answer that are weighed against "not stated"
_NOT_STATED = ("not stated", "Not stated")


@dataclass(frozen=True)
class Claim:
    """An answer to a question."""

    question: str
    answer: str
    quotes: str
    """What was found to support it."""
    passage: str
    """The best of the evidence."""
    nearness: float = 1.0
    """How near question and passage are, 0 to 1, where the passage is the best of many. Of few it says little, and is
    1."""
    asked: str = ""
    """The question as the person put it, in the language of the answer; "" where that is `question`."""


@dataclass(frozen=True)
class Weights:
    """What each of a model's replies says about an answer of its own: factors of logarithmic odds. What has no weight
    is not asked."""

    question: float = 1.0
    """"Yes", that the passage answers the question."""
    answer: float = 1.0
    """"Yes", that the quotes say that the answer answers it."""
    statement: float = 0.0
    """The answer, against that the passage does not state it."""
    asking: float = 0.0
    """The question, where a text like the passage is to be asked about, against any text."""


EQUAL = Weights()


def confidence(claim: Claim, engine: Engine, stop: threading.Event, weights: Weights = EQUAL) -> float | None:
    """The odds of all together, and of nearness, as 0 to 1; None where the engine cannot say, or was stopped.

    It ranks answers, and is no probability: a small model says "Yes" too readily.
    """
    replies: tuple[tuple[float, Callable[[], float | None]], ...] = (
        (weights.question, lambda: _yes(engine, claim.passage, claim.question, "", stop)),
        (weights.answer, lambda: _yes(engine, claim.quotes, claim.question, claim.answer, stop)),
        (weights.statement, lambda: _stated(engine, claim, stop)),
        (weights.asking, lambda: _asking(engine, claim, stop)),
    )
    odds = DISTANCE_PENALTY * (claim.nearness - 1)
    for weight, reply in replies:
        if weight:
            if (told := reply()) is None:
                return None
            odds += weight * told
    return 1 / (1 + math.exp(-odds))


def _stated(engine: Engine, claim: Claim, stop: threading.Event) -> float | None:
    """By how much the answer's beginning is likelier than "not stated", as the difference of natural logarithms."""
    question = claim.asked or claim.question
    messages = [
        _say("system", render("stated.md.j2", text="", question="")),
        _say("user", render("stated.md.j2", text=claim.passage, question=question)),
    ]
    beginning = " ".join(claim.answer.split()[:_BEGINNING])[: 10 * _BEGINNING]
    if not beginning:
        return 0.0
    told = engine.likelihood(messages, (beginning, *_NOT_STATED), stop, ASIDE + "whether it is stated")
    return None if told is None else sum(told[0]) - max(map(sum, told[1:]))


def _asking(engine: Engine, claim: Claim, stop: threading.Event) -> float | None:
    """By how much the question is likelier beside the passage than by itself, as the difference of logarithms."""
    question = claim.asked or claim.question
    chances: list[float] = []
    for text in (claim.passage, ""):
        messages = [_say("user", render("asking.md.j2", text=text))]
        if (told := engine.likelihood(messages, (question,), stop, ASIDE + "what is asked")) is None:
            return None
        chances.append(sum(told[0]))
    return chances[0] - chances[1]


def _yes(engine: Engine, text: str, question: str, answer: str, stop: threading.Event) -> float | None:
    """By how much "Yes" is likelier than "No", as the difference of natural logarithms."""
    messages = [_say("system", render("doubt.md.j2", text="", question="", answer=answer))]
    for known, asked, said, verdict in _EXAMPLES:
        messages += [_ask(known, asked, said if answer else ""), _say("assistant", verdict)]
    messages.append(_ask(text, question, answer))
    # a name of its own, so that the examples stay in the engine's cache beside the conversation
    name = ASIDE + ("doubt of answers" if answer else "doubt of questions")
    told = engine.likelihood(messages, ("Yes", "No"), stop, name)
    return None if told is None else sum(told[0]) - sum(told[1])


def _ask(text: str, question: str, answer: str) -> ChatMessage:
    return _say("user", render("doubt.md.j2", text=text, question=question, answer=answer))


def _say(role: Role, words: str) -> ChatMessage:
    return ChatMessage(role, (Text(words),))

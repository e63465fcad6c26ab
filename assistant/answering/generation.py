"""Generation: a prompt put before the engine and its words handed on as they come, as far as they make sense.

Words that may yet become "not found" are held back, and so are places in pictures; a model that goes round in circles
is stopped, and an answer that ended at its longest says so.
"""

from collections.abc import Generator
from dataclasses import dataclass

from assistant.answering.context import Context
from assistant.answering.prompt import Prompt, PromptInput, build
from assistant.ports.engine import Engine, Generation
from assistant.values.events import Delta, Event
from assistant.values.parts import ChatMessage, Text
from assistant.vision.grounding import hidden_from

ABSTENTION = "NOT FOUND"  # the words that prompts/ways/fact.md.j2 asks for
_ROUNDS = 3  # times that the same words follow one another before they are a circle
_LOOKED_BACK = 400  # characters, of a circle at the most
_SHORTEST_CIRCLE = 12  # characters; shorter ones are rules and rows of dots, until they are this long together
_EVERY = 8  # pieces between two looks for a circle


@dataclass(frozen=True)
class GeneratedText:
    """What a model wrote."""

    text: str
    """The model's words."""
    prompt: Prompt
    cut: bool = False
    """Whether they ended at the longest answer."""
    circled: bool = False
    """Whether they were stopped because they went round in a circle."""


def stream(
    context: Context, engine: Engine, asked: PromptInput, silently: bool = False, most_tokens: int = 0
) -> Generator[Event, None, GeneratedText]:
    """Asks the engine, and yields its words as Delta unless `silently`. most_tokens: of the answer, where it is to be
    shorter than the settings say."""
    tokens = min(most_tokens or context.settings.answer_tokens, context.settings.answer_tokens)
    prompt = build(asked, context.conversation, engine.profile, engine.count_tokens, tokens, engine.sent)
    options = Generation(prompt.answer_tokens, context.settings.temperature)
    record, said, shown, pieces, circled = context.record, "", 0, 0, False
    with record.timed("answering"):
        for piece in engine.generate(prompt.messages, options, record.stop, record.conversation.id):
            record.mark_first_word()
            said, pieces = said + piece, pieces + 1
            if pieces % _EVERY == 0 and (rounds := circle(said)):
                said, circled = said[: len(said) - rounds], True
                break
            if not silently and not (prompt.evidence and _may_abstain(said)):
                end = hidden_from(said) if prompt.images else len(said)
                if end > shown:
                    yield Delta(said[shown:end])
                    shown = end
        end = hidden_from(said, whole=True) if prompt.images else len(said)
        if end > shown and not silently and not abstains(said):
            yield Delta(said[shown:end])
    cut = not circled and pieces >= prompt.answer_tokens // 2 and count(engine, said) >= prompt.answer_tokens - 2
    return GeneratedText(said.strip(), prompt, cut and not record.stop.is_set(), circled)


def circle(said: str) -> int:
    """How many characters at the end only repeat what stands before them; 0 where it does not go round in circles."""
    tail = said[-_ROUNDS * _LOOKED_BACK :]
    for length in range(1, len(tail) // _ROUNDS + 1):
        last = tail[-length:]
        rounds = max(_ROUNDS, -(-_SHORTEST_CIRCLE * _ROUNDS // length))  # of "na" more than of a sentence
        if len(tail) >= rounds * length and tail.endswith(last * rounds) and last.strip():
            return (rounds - 1) * length
    return 0


def abstains(said: str) -> bool:
    return said.strip().strip(".。\"'“”").upper().startswith(ABSTENTION)


def count(engine: Engine, text: str) -> int:
    """Tokens of a text, as part of a message."""
    return engine.count_tokens([ChatMessage("assistant", (Text(text),))]) if text else 0


def _may_abstain(said: str) -> bool:
    begun = said.lstrip().upper()[: len(ABSTENTION)]
    return ABSTENTION.startswith(begun)

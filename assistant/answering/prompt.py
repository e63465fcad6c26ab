"""The model's messages: instructions, history, pictures, evidence and the request, made to fit its context."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.picture_budget import LEAST_TOKENS, Look, PromptPictures, budget, in_place, show
from assistant.models.profiles import ModelProfile
from assistant.text.glosses import glossed
from assistant.text.languages import language_of
from assistant.text.picture_references import asks_where, numbered
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.evidence import Evidence, Region, describe, track_name
from assistant.values.messages import Message as Sentence
from assistant.values.messages import say, say_n
from assistant.values.parts import ChatMessage, Image, Text
from prompts import render

LEAST_ANSWER = 64  # tokens left for an answer, whatever else must go
MOST_FOUND = 2  # pictures that a search brings back into view
MOST_HISTORY = {True: 2, False: 12}  # turns shown again, by whether the model is a small one

Instructions = Callable[[Sequence[str]], str]  # names of the pictures shown → what the model is told to do


@dataclass(frozen=True)
class Prompt:
    """What the engine will be given, and what of it is evidence. notes: what had to be left out."""

    messages: tuple[ChatMessage, ...]
    evidence: tuple[Evidence, ...]
    showing: PromptPictures
    history_turns: int
    answer_tokens: int
    prompt_tokens: int
    notes: tuple[Sentence, ...]

    @property
    def images(self) -> tuple[Image, ...]:
        return self.showing.images


NOTHING = Prompt((), (), PromptPictures(), 0, 0, 0, ())


@dataclass(frozen=True)
class PromptInput:
    """What is to be put before a model."""

    question: str
    instructions: Instructions
    """What it is told to do."""
    evidence: Sequence[Evidence] = ()
    """In the order shown. The last pieces go first where there is no room."""
    answer: str = ""
    """An earlier answer that this is about."""
    hints: Sequence[str] = ()
    """Sentences of the evidence that come nearest to the question."""
    is_request: bool = False
    """Whether something is to be done, rather than a question answered."""
    history: int = 0
    """How many turns before it are shown at the most."""
    images: Sequence[Image] = ()
    """Those of the conversation."""
    new: frozenset[str] = frozenset()
    """source_ids of the pictures that came with this turn."""
    meant: Sequence[str] = field(default_factory=tuple)
    """source_ids of pictures that the question speaks of. They are shown before others, as pinned ones are."""


def build(
    asked: PromptInput,
    conversation: Conversation,
    profile: ModelProfile,
    count: Callable[[Sequence[ChatMessage]], int],
    answer_tokens: int,
    look: Look,
) -> Prompt:
    """Messages that fit the profile's context. The oldest turns go first, then the last evidence, then pictures become
    smaller and the earliest are left out; notes say so. Raises BadInput if the question alone does not fit.

    look: what pictures become (`Engine.sent`).
    """
    pieces, picture_tokens = list(asked.evidence), budget(profile)
    found = dict.fromkeys(piece.source_id for piece in pieces if piece.medium == "image")
    first = [*dict.fromkeys((*conversation.pinned, *asked.meant, *list(found)[:MOST_FOUND]))]
    numbers = numbered(conversation.images, asked.new)
    showing = show(asked.images, asked.new, first, profile, look, picture_tokens)
    turns = wanted = min(len(conversation.exchanges), asked.history)
    left_out = {"turn": 0, "piece": 0}
    while True:
        messages = _render(asked, pieces, showing, numbers, conversation.messages(turns), profile)
        needed = count(messages)
        room = profile.context_tokens - needed
        if room >= min(answer_tokens, LEAST_ANSWER):
            break
        if turns:
            turns -= 1
            left_out["turn"] = wanted - turns
        elif len(pieces) > 1:
            pieces.pop()
            left_out["piece"] += 1
        elif showing.pictures and picture_tokens > LEAST_TOKENS:
            picture_tokens = int(0.6 * picture_tokens)
            showing = show(asked.images, asked.new, first, profile, look, picture_tokens)
        elif pieces:
            pieces.pop()
            left_out["piece"] += 1
        else:
            raise BadInput(
                say(
                    "Your question is too long for this model: it takes {needed} tokens and the model "
                    "{most}. Shorten it, or put the long part into a text file and attach that.",
                    needed=needed,
                    most=profile.context_tokens,
                )
            )
    left_out["picture"] = showing.left_out
    notes = tuple(_left_out(kind, number) for kind, number in left_out.items() if number)
    if not profile.sees_video:
        notes = (*notes, *_frames_for_video(showing))
    return Prompt(tuple(messages), tuple(pieces), showing, turns, min(answer_tokens, room), needed, notes)


def _frames_for_video(showing: PromptPictures) -> list[Sentence]:
    """Of each video that was shown as pictures, that it was."""
    frames = [shown.image.name for shown in showing.pictures if shown.kind == "frame"]
    return [
        say(
            "{name} was shown as {count} pictures with their times: this model does not take video itself.",
            name=name,
            count=frames.count(name),
        )
        for name in dict.fromkeys(frames)
    ]


def _where(piece: Evidence, numbers: Mapping[str, int], language: str) -> str:
    """Where it stands, in words; of several pictures by the number that the person calls it by."""
    if isinstance(piece.location, Region) and len(numbers) > 1 and piece.source_id in numbers:
        return f"{'图片' if language == 'zh' else 'picture'} {numbers[piece.source_id]}"
    return describe(piece.location)


def _by_track(piece: Evidence) -> str:
    """Its words; where people speak on several channels, with each change of the channel said."""
    tracks = [getattr(place.location, "track", "") for place in piece.places]
    if len(set(tracks)) < 2:
        return piece.content
    told, last = "", 0
    for place, track, before in zip(piece.places, tracks, ["", *tracks], strict=False):
        if track != before and track:
            told += f"{piece.content[last : place.start]}{track_name(track)}: "
            last = place.start
    return told + piece.content[last:]


def _left_out(kind: str, number: int) -> Sentence:
    match kind:
        case "turn":
            return say_n(
                "{count} earlier turn did not fit and was left out.",
                "{count} earlier turns did not fit and were left out.",
                count=number,
            )
        case "piece":
            return say_n(
                "{count} weaker piece of evidence did not fit and was left out.",
                "{count} weaker pieces of evidence did not fit and were left out.",
                count=number,
            )
        case "picture":
            return say_n(
                "{count} earlier picture did not fit and was left out.",
                "{count} earlier pictures did not fit and were left out.",
                count=number,
            )
    raise ValueError(f"{kind} is nothing that is left out")


def _render(
    asked: PromptInput,
    evidence: Sequence[Evidence],
    showing: PromptPictures,
    numbers: Mapping[str, int],
    history: Sequence[ChatMessage],
    profile: ModelProfile,
) -> list[ChatMessage]:
    language = "zh" if language_of(asked.question) == "zh" else ""
    gloss: Callable[[str], str] = str if language == "zh" else glossed
    shown = [
        {"source": piece.source, "where": _where(piece, numbers, language), "content": gloss(_by_track(piece))}
        for piece in evidence
    ]
    said = render(
        "question.md.j2",
        evidence=shown,
        question=asked.question,
        answer=asked.answer,
        hints=[gloss(hint) for hint in asked.hints],
        request=asked.is_request,
        point=bool(profile.boxes and showing.names and asks_where(asked.question)),
        language=language,
    )
    pixels = in_place(showing, language, profile.sees_video)
    system = ChatMessage("system", (Text(asked.instructions(showing.names)),))
    return [system, *history, ChatMessage("user", (*pixels, Text(said)))]

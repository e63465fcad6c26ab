"""Which pictures go into a prompt, in what order, what each is called there, and how much of it each may take.

All pictures of a prompt share a budget. Several are shown smaller before one is left out; what was shown in earlier
turns comes along while there is room, the newest first, and what the person pinned before all others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Sent
from assistant.values.events import ReceivedPicture
from assistant.values.evidence import clock
from assistant.values.parts import ChatMessage, Image, Text
from prompts import render

AT_FULL = 4  # pictures that all have the profile's image_tokens at once; more of them share what these would take
MOST_PICTURES = 16
MOST_FRAMES = {True: 4, False: 8}  # of films, by whether the model is a small one
LEAST_TOKENS = 64  # of a picture; with less, little of it can be told
USUAL_TOKENS = 320  # where a profile does not say, as of models elsewhere

Look = Callable[[Sequence[ChatMessage]], tuple[Sent, ...]]
Kind = Literal["picture", "earlier", "frame"]


@dataclass(frozen=True)
class PromptPicture:
    """A picture as it stands in the prompt. number: of the picture, or of the video that it is a frame of, from 1."""

    image: Image
    kind: Kind
    number: int
    sent: Sent


@dataclass(frozen=True)
class PromptPictures:
    """The pictures of a prompt."""

    pictures: tuple[PromptPicture, ...] = ()
    """Oldest first."""
    left_out: int = 0
    """How many there was no room for."""

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(shown.image for shown in self.pictures)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(shown.image.name for shown in self.pictures))

    def received(self) -> tuple[ReceivedPicture, ...]:
        return tuple(
            ReceivedPicture(
                shown.number,
                shown.image.name,
                shown.image.width,
                shown.image.height,
                shown.sent.width,
                shown.sent.height,
                shown.sent.tiles,
                shown.sent.tokens,
                shown.kind == "earlier",
                shown.image.seconds,
            )
            for shown in self.pictures
        )


def budget(profile: ModelProfile) -> int:
    """Tokens that all pictures of a prompt may take together."""
    return min(AT_FULL * (profile.image_tokens or USUAL_TOKENS), profile.context_tokens // 2)


def show(
    images: Sequence[Image],
    new: frozenset[str],
    first: Sequence[str],
    profile: ModelProfile,
    look: Look,
    tokens: int,
) -> PromptPictures:
    """Those that `tokens` have room for, at least one. images: oldest first; of a film the last ones are meant.

    new: source_ids of what came with this turn.
    first: source_ids of those that are shown before all others, the most needed first: pinned, or spoken of.
    """
    if not images:
        return PromptPictures()
    full = profile.image_tokens or USUAL_TOKENS
    images = _without_most_frames(images, MOST_FRAMES[profile.small])
    wanted = _in_order_of_need(images, new, first)
    needed = sum(images[at].source_id in new.union(first) for at in wanted)
    most = max(1, min(MOST_PICTURES, tokens // min(LEAST_TOKENS, full)))
    # what was shown earlier may make the others smaller, down to half
    count = min(len(wanted), max(min(needed, most), min(most, tokens // max(full // 2, 1))), most)
    while True:
        kept = _in_order_of_time(images, wanted[: max(count, 1)])
        each = max(min(full, tokens // len(kept)), 1)
        fitted = [replace(images[at], tokens=each) for at in kept]
        sent = look([ChatMessage("user", tuple(fitted))])
        if count <= 1 or sum(one.tokens for one in sent) <= tokens:
            break
        count -= 1  # a family that cannot look at one more briefly
    kinds = _named(images, new)
    shown = (PromptPicture(image, *kinds[at], one) for at, image, one in zip(kept, fitted, sent, strict=True))
    return PromptPictures(tuple(shown), len(images) - len(kept))


def in_place(showing: PromptPictures, language: str, as_video: bool) -> Iterator[Text | Image]:
    """Each picture right behind its name. as_video: the frames of a video follow one another under one name."""
    for (kind, number, name), together in groupby(
        showing.pictures, lambda shown: (shown.kind, shown.number, shown.image.name)
    ):
        if kind == "frame" and as_video:
            frames = [shown.image for shown in together]
            times = ", ".join(clock(frame.seconds or 0.0) for frame in frames)
            yield _line("video", number, name, times, language)
            yield from frames
            continue
        for shown in together:
            at = clock(shown.image.seconds) if shown.image.seconds is not None else ""
            yield _line(kind, number, name, at, language)
            yield shown.image


def _line(kind: str, number: int, name: str, at: str, language: str) -> Text:
    return Text(render("picture.md.j2", kind=kind, number=number, file=name, at=at, language=language))


def _in_order_of_need(images: Sequence[Image], new: frozenset[str], first: Sequence[str]) -> list[int]:
    """Indices: those that come first, those of this turn, then the earlier ones; of each the newest first."""

    def need(at: int) -> tuple[int, int]:
        source_id = images[at].source_id
        if source_id in first:
            return first.index(source_id), -at
        return len(first) + (source_id not in new), -at

    return sorted(range(len(images)), key=need)


def _without_most_frames(images: Sequence[Image], most: int) -> Sequence[Image]:
    """All pictures, and the last few frames of films."""
    frames = [at for at, image in enumerate(images) if image.seconds is not None]
    left_out = set(frames[:-most])
    return [image for at, image in enumerate(images) if at not in left_out]


def _in_order_of_time(images: Sequence[Image], kept: Sequence[int]) -> list[int]:
    """As they came; the frames of a film together, by their seconds."""
    films: dict[str, int] = {}
    for at in sorted(kept):
        if images[at].seconds is not None:
            films.setdefault(images[at].source_id, at)

    def place(at: int) -> tuple[int, float]:
        seconds = images[at].seconds
        return (at, 0.0) if seconds is None else (films[images[at].source_id], seconds)

    return sorted(kept, key=place)


def _named(images: Sequence[Image], new: frozenset[str]) -> list[tuple[Kind, int]]:
    """What each is called: pictures of this turn are counted by themselves; where there are none, all are."""
    named: list[tuple[Kind, int]] = []
    videos: dict[str, int] = {}
    numbers = {"picture": 0, "earlier": 0}
    own = any(image.seconds is None and image.source_id in new for image in images)
    for image in images:
        if image.seconds is not None:
            named.append(("frame", videos.setdefault(image.source_id or image.name, len(videos) + 1)))
            continue
        kind: Kind = "earlier" if own and image.source_id not in new else "picture"
        numbers[kind] += 1
        named.append((kind, numbers[kind]))
    return named

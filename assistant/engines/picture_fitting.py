"""PictureFitter: brings pictures to a size that fits their share of the prompt, and tells how many tokens that took.

Every family has its own way to spend fewer tokens on a picture: fewer pixels (Qwen), fewer tiles (SmolVLM, Idefics,
InternVL), a smaller grid (LLaVA-OneVision), a step of a ladder (Gemma 4), or none (Gemma 3). What a way costs is
measured on the loaded processor with blank pictures of the same size, never assumed.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy

from assistant.engines.video import TICKS, metadata
from assistant.ports.engine import Sent

LEAST_SIDE = 28  # pixels: below it nothing is saved
FINEST = 16_384  # pixels of a picture per token that it may take; no family makes use of more
MOST_STRETCHED = 100  # longer strips are filled up: processors refuse them
_REMEMBERED = 64
_SOFT_TOKENS = (1120, 560, 280, 140, 70)  # what Gemma 4 knows


@dataclass(frozen=True)
class PictureBudget:
    """How large a picture is, and how much of the prompt it may take."""

    width: int
    """In pixels."""
    height: int
    """In pixels."""
    tokens: int
    """The most that it may take."""


@dataclass(frozen=True)
class FittedPictures:
    """How some pictures are brought to size."""

    settings: dict[str, Any]
    """What the processor is told about all of them."""
    sizes: tuple[tuple[int, int], ...]
    """The width and height to which each is brought before the processor gets it."""
    sent: tuple[Sent, ...]
    """What the model gets of each."""


class PictureFitter:
    """Used by one thread at a time."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        self._fits: dict[tuple[PictureBudget, ...], FittedPictures] = {}

    def fit(self, wanted: tuple[PictureBudget, ...]) -> FittedPictures:
        """The most detail that their tokens buy; where a family cannot go so low, the least that it has."""
        if wanted not in self._fits:
            self._fits[wanted] = self._find(wanted)
            if len(self._fits) > _REMEMBERED:
                del self._fits[next(iter(self._fits))]
        return self._fits[wanted]

    def fit_film(self, wanted: PictureBudget, seconds: tuple[float, ...]) -> FittedPictures:
        """The size of all frames of a video, and what each is then: its share of the whole."""
        key = (wanted, *(PictureBudget(round(second * TICKS), 0, 0) for second in seconds))
        if key not in self._fits:
            size = _at_most(wanted)
            for _ in range(6):
                tokens, made = self._measure_film(size, seconds)
                if tokens <= wanted.tokens:
                    break
                size = _scaled(size, min(0.9, 0.97 * math.sqrt(wanted.tokens / tokens)))
            self._fits[key] = FittedPictures({}, (size,) * len(seconds), (Sent(*made, tokens),) * len(seconds))
        return self._fits[key]

    def _measure_film(self, size: tuple[int, int], seconds: Sequence[float]) -> tuple[int, tuple[int, int]]:
        """Tokens of a frame, and its width and height once the processor is done with it."""
        processor = self._processor
        frames = numpy.zeros((len(seconds), size[1], size[0], 3), numpy.uint8)
        processed, words = processor._process_videos([[frames]], video_metadata=[metadata(seconds)])
        tokens = len(processor.tokenizer(words[0], add_special_tokens=False)["input_ids"])
        made = tuple(processed["pixel_values_videos"][0].shape[:-3:-1])
        if (grids := processed.get("video_grid_thw")) is not None:
            patch = processor.image_processor.patch_size
            made = (int(grids[0][2]) * patch, int(grids[0][1]) * patch)
        return -(-tokens // len(seconds)), (int(made[0]), int(made[1]))

    def _find(self, wanted: tuple[PictureBudget, ...]) -> FittedPictures:
        sizes = tuple(_at_most(each) for each in wanted)
        settings: dict[str, Any] = {}
        sent: tuple[Sent, ...] = ()
        for settings in self._levels(min(each.tokens for each in wanted)):
            sent = self.measure(sizes, settings)
            if all(one.tokens <= each.tokens for one, each in zip(sent, wanted, strict=True)):
                break
        else:
            sizes, sent = self._shrunk(wanted, sizes, sent, settings)
        return FittedPictures(settings, sizes, sent)

    def _shrunk(
        self,
        wanted: tuple[PictureBudget, ...],
        sizes: tuple[tuple[int, int], ...],
        sent: tuple[Sent, ...],
        settings: dict[str, Any],
    ) -> tuple[tuple[tuple[int, int], ...], tuple[Sent, ...]]:
        """Smaller pictures, where that makes them cheaper: some families only fall by steps."""
        best, tried, cost = (sizes, sent), sizes, sent
        for _ in range(5):
            tried = tuple(
                _scaled(size, min(0.8, 0.97 * math.sqrt(each.tokens / one.tokens)))
                if one.tokens > each.tokens
                else size
                for size, one, each in zip(tried, cost, wanted, strict=True)
            )
            cost = self.measure(tried, settings)
            if sum(one.tokens for one in cost) < sum(one.tokens for one in best[1]):
                best = tried, cost
            if all(one.tokens <= each.tokens for one, each in zip(cost, wanted, strict=True)):
                break
        return best

    def measure(self, sizes: Sequence[tuple[int, int]], settings: dict[str, Any]) -> tuple[Sent, ...]:
        """What the processor makes of pictures of these sizes, shown together."""
        from PIL import Image

        pictures = [Image.new("RGB", size) for size in sizes]
        processor = self._processor
        merged = processor._merge_kwargs(
            tokenizer_init_kwargs=processor.tokenizer.init_kwargs, images_kwargs=settings, return_tensors="np"
        )
        # what its own __call__ does first; it returns the words that take the place of each picture
        processed, words = processor._process_images([pictures], **merged["images_kwargs"])
        tokens = [len(processor.tokenizer(text, add_special_tokens=False)["input_ids"]) for text in words]
        made = _made(processor.image_processor, processed, sizes)
        return tuple(
            Sent(width, height, count, tiles) for (width, height, tiles), count in zip(made, tokens, strict=True)
        )

    def _levels(self, tokens: int) -> Iterator[dict[str, Any]]:
        """Settings of the image processor from the most detail to the least. Asked of what it has, not of its name."""
        pictures = self._processor.image_processor
        size = _as_dict(getattr(pictures, "size", None))
        tile = _as_dict(getattr(pictures, "max_image_size", None)).get("longest_edge")
        if "image_grid_thw" in pictures.model_input_names and {"shortest_edge", "longest_edge"} <= set(size):
            area = (pictures.patch_size * pictures.merge_size) ** 2
            most = min(size["longest_edge"], tokens * area)
            yield {"size": {"shortest_edge": min(size["shortest_edge"], most), "longest_edge": most}}
        elif getattr(pictures, "max_soft_tokens", None):
            for most in (each for each in _SOFT_TOKENS if each <= max(tokens, _SOFT_TOKENS[-1])):
                yield {"max_soft_tokens": most}
        elif getattr(pictures, "do_image_splitting", None) and tile and "longest_edge" in size:
            for count in range(max(size["longest_edge"] // tile, 1), 0, -1):
                yield {"size": {"longest_edge": count * tile}}
            yield {"do_image_splitting": False}
        elif hasattr(pictures, "crop_to_patches"):
            for most in range(pictures.max_patches or 12, 1, -1):
                yield {"crop_to_patches": True, "min_patches": 1, "max_patches": most}
            yield {"crop_to_patches": False}
        elif hasattr(pictures, "do_pan_and_scan"):
            yield {"do_pan_and_scan": True}
            yield {"do_pan_and_scan": False}
        elif hasattr(pictures, "max_image_tokens"):
            for most in range(pictures.max_tiles or 1, 1, -1):
                yield {"max_tiles": most}
            yield {"do_image_splitting": False}
        else:
            yield {}


def _made(pictures: Any, processed: Any, sizes: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Width, height and number of the tiles of each picture, as its pixels lie there after all resizing."""
    if (grids := processed.get("image_grid_thw")) is not None:
        return [(int(width) * pictures.patch_size, int(height) * pictures.patch_size, 1) for _, height, width in grids]
    if (places := processed.get("image_position_ids")) is not None:
        sides = [[(int(side) + 1) * pictures.patch_size for side in place.max(axis=0)] for place in places]
        return [(width, height, 1) for width, height in sides]
    values = processed.get("pixel_values")
    tiles = _tiles(processed, len(sizes))
    whole = [(width, height, count) for (width, height), count in zip(sizes, tiles, strict=True)]
    shapes = {_shape(value)[-3:] for value in (values if isinstance(values, list | tuple) else [values])}
    if len(shapes) == 1 and len(shape := shapes.pop()) == 3 and shape[0] == 3:
        return [(shape[2], shape[1], count) for count in tiles]
    return whole


def _tiles(processed: Any, count: int) -> list[int]:
    """How many pieces each picture was cut into, the whole one among them."""
    if "rows" in processed:
        rows = [one for row in processed["rows"] for one in row]
        columns = [one for row in processed["cols"] for one in row]
        return [int(down) * int(across) + 1 for down, across in zip(rows, columns, strict=True)]
    for name, whole in (("num_patches", 0), ("num_crops", 1)):
        if (found := processed.get(name)) is not None:
            flat = [one for row in found for one in row] if hasattr(found[0], "__len__") else list(found)
            return [int(one) + whole for one in flat]
    if "batch_num_images" in processed and count == 1:
        return [len(processed["pixel_values"][0])]
    return [1] * count


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(getattr(value, "shape", ()) or ())


def _as_dict(size: Any) -> dict[str, int]:
    """transformers keeps sizes in a class of its own, with None where nothing is said."""
    return {name: value for name, value in dict(size).items() if value} if size else {}


def _at_most(wanted: PictureBudget) -> tuple[int, int]:
    pixels = wanted.width * wanted.height
    size = _scaled((wanted.width, wanted.height), min(1.0, math.sqrt(wanted.tokens * FINEST / pixels)))
    return _filled_up(size)


def _filled_up(size: tuple[int, int]) -> tuple[int, int]:
    """A strip as wide as processors take it; others as they are."""
    least = -(-max(size) // MOST_STRETCHED)
    return max(size[0], least), max(size[1], least)


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    width, height = (max(1, round(side * factor)) for side in size)
    if min(width, height) >= LEAST_SIDE or factor >= 1:
        return width, height
    up = LEAST_SIDE / min(width, height)
    return max(LEAST_SIDE, round(width * up)), max(LEAST_SIDE, round(height * up))


def runs(ids: Sequence[int], wanted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch of `ids` that consists of these tokens."""
    inside = [False, *(one in wanted for one in ids), False]
    edges = [at for at, (before, after) in enumerate(pairwise(inside)) if before != after]
    yield from zip(edges[::2], edges[1::2], strict=True)

"""A video natively: its frames prepared by the family's own image processor, so that neither torchvision nor a decoder
is needed. Two kinds of families take video so; for all others its frames are pictures with their times.
"""

from collections.abc import Sequence
from typing import Any

import numpy
import numpy.typing

Frames = numpy.typing.NDArray[numpy.uint8]  # (frames, height, width, 3)
TICKS = 1000  # per second: times are handed on as numbers of frames at this rate


class _FrameByFrame:
    """Stands where a video processor would. Videos come nested, as processors pass them on."""

    model_input_names: tuple[str, ...] = ()

    def __init__(self, pictures: Any) -> None:
        self._pictures = pictures

    def __call__(self, videos: Any, video_metadata: Any = None, **_more: Any) -> dict[str, Any]:
        flat = [video for batch in videos for video in batch]
        return {**self._prepared(flat), "video_metadata": video_metadata}

    def _prepared(self, videos: Sequence[Frames]) -> dict[str, Any]:
        raise NotImplementedError


class PatchedFrames(_FrameByFrame):
    """Qwen3-VL and what is built like it: patches that reach over several frames, each with its time in the prompt."""

    model_input_names = ("pixel_values_videos", "video_grid_thw")
    fps, num_frames, do_sample_frames = None, None, False

    def __init__(self, pictures: Any) -> None:
        super().__init__(pictures)
        self.merge_size = pictures.merge_size
        self.temporal_patch_size = pictures.temporal_patch_size

    def _prepared(self, videos: Sequence[Frames]) -> dict[str, Any]:
        import torch

        values, grids = zip(*map(self._patches, videos), strict=True)
        return {
            "pixel_values_videos": torch.from_numpy(numpy.concatenate(values)),
            "video_grid_thw": torch.tensor(grids),
        }

    def _patches(self, video: Frames) -> tuple[numpy.typing.NDArray[numpy.float32], tuple[int, int, int]]:
        """Each frame as a picture, which repeats it in time; then the n-th of a few in the n-th place of time.

        The layout is that of transformers' Qwen3VLVideoProcessor: (patches, colours × time × height × width).
        """
        together, size = self.temporal_patch_size, self._pictures.patch_size
        frames = [*video, *([video[-1]] * (-len(video) % together))]
        side = size * self.merge_size
        exact = {"shortest_edge": side * side, "longest_edge": video.shape[1] * video.shape[2]}  # no size but its own
        made = self._pictures(frames, size=exact, return_tensors="np")
        _, height, width = (int(each) for each in made["image_grid_thw"][0])
        patches = made["pixel_values"].reshape(
            len(frames) // together, together, height * width, 3, together, size, size
        )
        in_time = numpy.stack([patches[:, at, :, :, at] for at in range(together)], axis=3)
        grid = (len(frames) // together, height, width)
        return in_time.reshape(grid[0] * height * width, -1).astype(numpy.float32), grid


class WholeFrames(_FrameByFrame):
    """LLaVA-OneVision: every frame in the size of the tower, whose features it pools. It is told no times."""

    model_input_names = ("pixel_values_videos",)

    def _prepared(self, videos: Sequence[Frames]) -> dict[str, Any]:
        import torch

        return {"pixel_values_videos": [torch.from_numpy(numpy.stack([*map(self._frame, video)])) for video in videos]}

    def _frame(self, frame: Frames) -> numpy.typing.NDArray[numpy.float32]:
        """(colours, height, width), as its LlavaOnevisionVideoProcessor makes it."""
        from PIL import Image as pillow

        settings, size = self._pictures, dict(self._pictures.size)
        fitted = pillow.fromarray(frame).resize((size["width"], size["height"]), pillow.Resampling.BICUBIC)
        scaled = numpy.asarray(fitted, numpy.float32) * settings.rescale_factor
        values = (scaled - numpy.asarray(settings.image_mean)) / numpy.asarray(settings.image_std)
        return numpy.ascontiguousarray(values.transpose(2, 0, 1), numpy.float32)


def native(processor: Any) -> _FrameByFrame | None:
    """What prepares video for this processor; None where it takes none, or its template has no place for it."""
    pictures = getattr(processor, "image_processor", None)
    found: _FrameByFrame | None = None
    if hasattr(processor, "_calculate_timestamps") and hasattr(pictures, "temporal_patch_size"):
        found = PatchedFrames(pictures)
    elif type(processor).__name__ == "LlavaOnevisionProcessor":
        found = WholeFrames(pictures)
    return found if found is not None and _has_place(processor) else None


def _has_place(processor: Any) -> bool:
    shown = [{"role": "user", "content": [{"type": "video"}, {"type": "text", "text": "?"}]}]
    token = getattr(processor, "video_token", None)
    try:
        return bool(token) and token in processor.apply_chat_template(shown, tokenize=False)
    except Exception:  # noqa: BLE001 - a template may raise anything for what it does not know
        return False


def metadata(seconds: Sequence[float]) -> Any:
    """Times of the frames as transformers takes them."""
    from transformers.video_utils import VideoMetadata

    at = [round(second * TICKS) for second in seconds]
    return VideoMetadata(total_num_frames=at[-1] + 1, fps=TICKS, frames_indices=at, duration=seconds[-1])

"""Processors of vision models where torchvision is missing: pictures go through Pillow, video is refused.

transformers has a Pillow version of nearly every image processor, but its video processors need
torchvision, and a processor that has a place for one does not load without it. There is no build of
torchvision for every CPU build of torch, so a stand-in takes that place while a processor is loaded.
We send a video's frames as pictures, so nothing is lost.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.values.messages import say

_loading = threading.Lock()


class NoVideo(dict[str, Any]):
    """Stands where a video processor would. Holds what processors read off it when they are made."""

    _auto_class = None
    model_input_names: tuple[str, ...] = ()
    fps = 1
    num_frames = 8
    merge_size = 2
    temporal_patch_size = 2
    image_token = None

    @classmethod
    def from_pretrained(cls, *_args: Any, **_kwargs: Any) -> "NoVideo":
        return cls()

    def to_dict(self) -> dict[str, Any]:
        return {}

    def save_pretrained(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing to save."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        raise ValueError(say("Video cannot be prepared without torchvision; send its frames as pictures."))


def load_processor(folder: Path) -> Any:
    """AutoProcessor.from_pretrained, which works without torchvision too."""
    import transformers

    with video_optional():
        kind: Any = transformers.AutoProcessor
        return kind.from_pretrained(folder, local_files_only=True)


@contextmanager
def video_optional() -> Iterator[None]:
    """Within, processors take `NoVideo` for a video processor where torchvision is missing.

    Two attributes of transformers are changed and put back: there is no argument for this. One
    thread at a time; a processor loaded by others meanwhile gets the stand-in as well.
    """
    from transformers.utils.import_utils import is_torchvision_available

    if is_torchvision_available():
        yield
        return
    from transformers.processing_utils import ProcessorMixin

    # by its full name: as an attribute of its package it is a stand-in that refuses everything
    video_processing_auto: Any = import_module("transformers.models.auto.video_processing_auto")

    with _loading:
        original_auto = video_processing_auto.AutoVideoProcessor
        original_check = ProcessorMixin.check_argument_for_proper_class

        def check(self: Any, name: str, argument: Any) -> Any:
            return NoVideo if isinstance(argument, NoVideo) else original_check(self, name, argument)  # type: ignore[no-untyped-call]

        try:
            video_processing_auto.AutoVideoProcessor = NoVideo
            ProcessorMixin.check_argument_for_proper_class = check  # type: ignore[method-assign]
            yield
        finally:
            video_processing_auto.AutoVideoProcessor = original_auto
            ProcessorMixin.check_argument_for_proper_class = original_check  # type: ignore[method-assign]

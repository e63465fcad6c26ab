"""Messages into a model's inputs, through the chat template that came with it.

Control tokens inside the messages are encoded as plain text, so a document that contains
`<|im_end|>` cannot end its own turn.
"""

import threading
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy

from assistant.engines import video
from assistant.engines.failures import first_line
from assistant.engines.picture_fitting import FittedPictures, PictureBudget, PictureFitter
from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Sent
from assistant.values.errors import BadInput, EngineError
from assistant.values.messages import say
from assistant.values.parts import ChatMessage, Image, Text

if TYPE_CHECKING:
    from PIL import Image as pillow

_WRAPPING = 4  # tokens that a template may put around a picture, beside those of the picture
_WITHOUT_LIMIT = 16_384  # tokens; what a picture may take where nobody sets a limit
_NO_PICTURES = FittedPictures({}, (), ())

TemplatePart = Text | Image | tuple[Image, ...]  # a tuple: the frames of one video


class ChatTemplate:
    """processor: a tokenizer, or where the model sees images what also prepares pictures."""

    def __init__(self, processor: Any, profile: ModelProfile) -> None:
        self.tokenizer = getattr(processor, "tokenizer", processor)
        self._processor = processor
        self._profile = profile
        self._multimodal = processor is not self.tokenizer
        self._video = video.native(processor) if profile.sees_video and self._multimodal else None
        if self._video is not None:
            processor.video_processor = self._video
        self._fitter = PictureFitter(processor)
        self._one_at_a_time = threading.Lock()  # a tokenizer must not be called by two threads
        template = getattr(processor, "chat_template", None) or getattr(self.tokenizer, "chat_template", None)
        if not template:
            raise EngineError(
                say(
                    "{model} has no chat template, so it was not made for conversations. Choose its "
                    "“instruct” or “chat” version.",
                    model=profile.name,
                )
            )
        # Idefics3 asks a fast tokenizer where characters lie, and transformers encodes control tokens without one
        self._encodes_control_tokens = type(processor).__name__ != "Idefics3Processor"
        self._settings = {"enable_thinking": False} if "enable_thinking" in str(template) else {}

    @property
    def takes_video(self) -> bool:
        """Whether frames of one video that follow one another go in as a video; else they are pictures."""
        return self._video is not None

    def inputs(self, messages: Sequence[ChatMessage]) -> Any:
        """Tensors by name, on the CPU; input_ids has the shape (1, tokens).

        Raises BadInput for pictures that the model cannot see, EngineError where the template
        refuses these messages.
        """
        if any(message.images for message in messages) and not self._profile.sees_images:
            raise BadInput(
                say(
                    "{model} cannot look at pictures. Choose a model that sees images (--llm).",
                    model=self._profile.name,
                )
            )
        parts = [list(self._parts(message)) for message in messages]
        everything = [part for each in parts for part in each]
        pictures, films = _pictures(everything), _films(everything)
        fit, sizes = self._fit(pictures), [self._fit_film(film) for film in films]
        to_look_at = iter([*fit.sizes]), iter([one.sizes[0] for one in sizes])
        conversation: list[dict[str, object]] = [
            {"role": message.role, "content": self._content(message, own, *to_look_at)}
            for message, own in zip(messages, parts, strict=True)
        ]
        settings: dict[str, object] = {"images_kwargs": fit.settings} if pictures else {}
        if films:
            times = [video.metadata([frame.seconds or 0.0 for frame in film]) for film in films]
            settings["videos_kwargs"] = {"video_metadata": times, "do_sample_frames": False}
        from jinja2 import TemplateError

        try:
            with self._one_at_a_time:
                made = self._apply(conversation, settings)
        except TemplateError as error:
            raise EngineError(
                say(
                    "{model} does not take a conversation of this form: {trouble}",
                    model=self._profile.name,
                    trouble=error,
                )
            ) from error
        except (ValueError, TypeError) as error:  # what processors raise of what they cannot prepare
            if not pictures and not films:
                raise
            raise EngineError(
                say("{name} cannot take these pictures: {reason}", name=self._profile.name, reason=first_line(error))
            ) from error
        wanted = {name for name, there in (("pixel_values", pictures), ("pixel_values_videos", films)) if there}
        if missing := wanted - set(made):
            what = say("pictures") if "pixel_values" in missing else say("video")
            raise EngineError(
                say(
                    "{name} leaves {kind} out of its prompt. Choose another model (--llm).",
                    name=self._profile.name,
                    kind=what,
                )
            )
        return made

    def _apply(self, conversation: list[dict[str, object]], settings: dict[str, object]) -> Any:
        return self._processor.apply_chat_template(
            _defused(conversation, self.tokenizer) if self._multimodal else conversation,
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            sanitize_control_tokens=self._encodes_control_tokens,
            **({"processor_kwargs": settings} if settings else {}),
            **self._settings,
        )

    def tokens(self, text: str) -> list[int]:
        """What an answer of this text consists of; control tokens in it are plain text here too."""
        with self._one_at_a_time:
            ids: list[int] = self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return ids

    def count(self, messages: Sequence[ChatMessage]) -> int:
        """Tokens of the prompt, at most a few too many for each picture."""
        if not any(message.images for message in messages):
            return self._length(messages)
        words = [ChatMessage(message.role, _texts(message)) for message in messages]
        return self._length(words) + sum(one.tokens + _WRAPPING for one in self.sent(messages))

    def sent(self, messages: Sequence[ChatMessage]) -> tuple[Sent, ...]:
        """What each picture becomes, in order; of a frame of a video its share of that."""
        parts = [part for message in messages for part in self._parts(message)]
        pictures = iter(self._fit(_pictures(parts)).sent)
        sent: list[Sent] = []
        for part in parts:
            if isinstance(part, Image):
                sent.append(next(pictures))
            elif isinstance(part, tuple):
                sent += self._fit_film(part).sent
        return tuple(sent)

    def _parts(self, message: ChatMessage) -> Iterator[TemplatePart]:
        """The frames of one video together, where it is taken as a video."""
        for (kind, *_), together in groupby(message.parts, _film_of):
            parts = tuple(together)
            film = tuple(part for part in parts if isinstance(part, Image))
            if kind == "film" and self._video is not None and len(film) > 1:
                yield film
            else:
                yield from parts

    def _fit(self, pictures: Sequence[Image]) -> FittedPictures:
        if not pictures:
            return _NO_PICTURES
        wanted = tuple(self._wanted(one) for one in pictures)
        try:
            with self._one_at_a_time:
                return self._fitter.fit(wanted)
        except (ValueError, TypeError) as error:
            raise EngineError(
                say("{name} cannot take these pictures: {reason}", name=self._profile.name, reason=first_line(error))
            ) from error

    def _fit_film(self, film: Sequence[Image]) -> FittedPictures:
        """One size for all frames."""
        with self._one_at_a_time:
            return self._fitter.fit_film(self._wanted(film[0]), tuple(frame.seconds or 0.0 for frame in film))

    def _wanted(self, image: Image) -> PictureBudget:
        most = image.tokens or self._profile.image_tokens or _WITHOUT_LIMIT
        return PictureBudget(max(image.width, 1), max(image.height, 1), most)

    def _length(self, messages: Sequence[ChatMessage]) -> int:
        return int(self.inputs(messages)["input_ids"].shape[1])

    def _content(
        self,
        message: ChatMessage,
        parts: Sequence[TemplatePart],
        sizes: Iterator[tuple[int, int]],
        film_sizes: Iterator[tuple[int, int]],
    ) -> object:
        """Text models take a string, the others a list of texts, pictures and videos in the order given."""
        if not self._multimodal:
            return message.text
        content: list[dict[str, object]] = []
        for part in parts:
            match part:
                case Image():
                    content.append({"type": "image", "image": _opened(part, next(sizes))})
                case tuple():
                    content.append({"type": "video", "video": _frames(part, next(film_sizes))})
                case Text(text):
                    # pictures stand on lines of their own
                    before = content[-1]["type"] if content else ""
                    if before == "text":
                        content[-1]["text"] = f"{content[-1]['text']}\n{text}"
                    else:
                        content.append({"type": "text", "text": f"\n{text}" if before else text})
        return content


def _frames(film: Sequence[Image], size: tuple[int, int]) -> video.Frames:
    return numpy.stack([numpy.asarray(_opened(frame, size), numpy.uint8) for frame in film])


def _opened(image: Image, size: tuple[int, int]) -> "pillow.Image":
    """The picture in this size; what its shape leaves free is white."""
    from PIL import Image as pillow

    from assistant.media import open_picture

    picture = open_picture(image.path, name=image.name)
    scale = min(size[0] / picture.width, size[1] / picture.height)
    whole = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    if max(size[0] - whole[0], size[1] - whole[1]) <= 1:  # a pixel that rounding took
        whole = size
    if whole != picture.size:
        picture = picture.resize(whole, pillow.Resampling.LANCZOS)
    if whole == size:
        return picture
    canvas = pillow.new("RGB", size, "white")
    canvas.paste(picture, (0, 0))
    return canvas


def _defused(conversation: list[dict[str, object]], tokenizer: Any) -> list[dict[str, object]]:
    """With a character of no width within every control token that a text holds, so that none is one.

    transformers encodes them as plain text by itself, but several processors count what stands for pictures before.
    """
    tokens = [token.content for token in tokenizer.added_tokens_decoder.values() if len(token.content) > 1]

    def safe(part: dict[str, object]) -> dict[str, object]:
        if part["type"] != "text":
            return part
        text = str(part["text"])
        for token in tokens:
            text = text.replace(token, f"{token[0]}\u200b{token[1:]}")
        return {**part, "text": text}

    return [
        {**message, "content": [safe(part) for part in content]}
        for message in conversation
        if isinstance(content := message["content"], list)
    ]


def _film_of(part: Text | Image) -> tuple[str, str, str]:
    """What frames of one video have in common."""
    if isinstance(part, Image) and part.seconds is not None:
        return "film", part.source_id, part.name
    return "", "", ""


def _pictures(parts: Sequence[TemplatePart]) -> tuple[Image, ...]:
    return tuple(part for part in parts if isinstance(part, Image))


def _films(parts: Sequence[TemplatePart]) -> tuple[tuple[Image, ...], ...]:
    return tuple(part for part in parts if isinstance(part, tuple))


def _texts(message: ChatMessage) -> tuple[Text, ...]:
    return tuple(part for part in message.parts if isinstance(part, Text))

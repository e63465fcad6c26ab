"""Messages into a model's inputs, through the chat template that came with it.

Control tokens inside the messages are encoded as plain text, so a document that contains
`<|im_end|>` cannot end its own turn.
"""

import threading
from collections.abc import Sequence
from typing import Any

from assistant.errors import BadInput, EngineError
from assistant.parts import Image, Message, Text
from assistant.profiles import ModelProfile

_REMEMBERED = 64  # sets of pictures whose tokens were counted


class ChatTemplate:
    """processor: a tokenizer, or where the model sees images what also prepares pictures."""

    def __init__(self, processor: Any, profile: ModelProfile) -> None:
        self.tokenizer = getattr(processor, "tokenizer", processor)
        self._processor = processor
        self._profile = profile
        self._multimodal = processor is not self.tokenizer
        self._picture_tokens: dict[tuple[Image, ...], int] = {}
        self._one_at_a_time = threading.Lock()  # a tokenizer must not be called by two threads
        template = getattr(processor, "chat_template", None) or getattr(self.tokenizer, "chat_template", None)
        if not template:
            raise EngineError(
                f"{profile.name} has no chat template, so it was not made for conversations. "
                "Choose its “instruct” or “chat” version."
            )
        self._settings = {"enable_thinking": False} if "enable_thinking" in str(template) else {}

    def inputs(self, messages: Sequence[Message]) -> Any:
        """Tensors by name, on the CPU; input_ids has the shape (1, tokens).

        Raises BadInput for pictures that the model cannot see, EngineError where the template
        refuses these messages.
        """
        if any(message.images for message in messages) and not self._profile.sees_images:
            raise BadInput(f"{self._profile.name} cannot look at pictures. Choose a model that sees images (--llm).")
        conversation = [{"role": message.role, "content": self._content(message)} for message in messages]
        from jinja2 import TemplateError

        try:
            with self._one_at_a_time:
                return self._processor.apply_chat_template(
                    conversation,
                    add_generation_prompt=True,
                    tokenize=True,
                    return_dict=True,
                    return_tensors="pt",
                    sanitize_control_tokens=True,
                    **self._settings,
                )
        except TemplateError as error:
            raise EngineError(f"{self._profile.name} does not take a conversation of this form: {error}") from error

    def tokens(self, text: str) -> list[int]:
        """What an answer of this text consists of; control tokens in it are plain text here too."""
        with self._one_at_a_time:
            ids: list[int] = self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return ids

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt, at most one too many for each picture. What the pictures cost is
        remembered: together, for some models look at one picture closer than at several.
        """
        pictures = tuple(image for message in messages for image in message.images)
        if not pictures:
            return self._length(messages)
        words = [Message(message.role, _texts(message)) for message in messages]
        return self._length(words) + self._count_pictures(pictures)

    def _count_pictures(self, pictures: tuple[Image, ...]) -> int:
        if pictures not in self._picture_tokens:
            with_them = self._length([Message("user", (*pictures, Text("?")))])
            self._picture_tokens[pictures] = with_them - self._length([Message("user", (Text("?"),))])
            if len(self._picture_tokens) > _REMEMBERED:
                del self._picture_tokens[next(iter(self._picture_tokens))]
        return self._picture_tokens[pictures]

    def _length(self, messages: Sequence[Message]) -> int:
        return int(self.inputs(messages)["input_ids"].shape[1])

    def _content(self, message: Message) -> object:
        """Text models take a string, the others a list of texts and pictures in the order given."""
        if not self._multimodal:
            return message.text
        from assistant.media import open_picture

        content: list[dict[str, object]] = []
        for part in message.parts:
            match part:
                case Image(path, name):
                    content.append({"type": "image", "image": open_picture(path, name=name)})
                case Text(text):
                    if content and content[-1]["type"] == "text":
                        content[-1]["text"] = f"{content[-1]['text']}\n{text}"
                    else:
                        content.append({"type": "text", "text": text})
        return content


def _texts(message: Message) -> tuple[Text, ...]:
    return tuple(part for part in message.parts if isinstance(part, Text))

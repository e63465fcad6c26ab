"""A vision-language model that puts a picture into words for an engine that does not see."""

import threading

from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Engine, Generation
from assistant.ports.vision import Description
from assistant.values.errors import EngineError
from assistant.values.messages import say
from assistant.values.parts import ChatMessage, Image, Text
from prompts import render

DESCRIPTION = Generation(max_tokens=400)


class VisionCaptioner:
    """Implements `Captioner` over any engine whose profile sees images."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def profile(self) -> ModelProfile:
        return self._engine.profile

    def describe(self, image: Image, question: str) -> Description:
        """What the picture shows that bears on the question. Raises EngineError."""
        prompt = render("describe.md.j2", question=question.strip())
        words = self._engine.generate([ChatMessage("user", (image, Text(prompt)))], DESCRIPTION, threading.Event())
        text = "".join(words).strip()
        if not text:
            raise EngineError(
                say("{model} said nothing about {name}. Ask again.", model=self.profile.name, name=image.name)
            )
        return Description(text)

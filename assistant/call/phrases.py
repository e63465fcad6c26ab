"""An answer, while it is written, cut into what is spoken in one breath."""

from typing import Protocol


class Phrases(Protocol):
    """`assistant.speech.synthesis.sentences.Sentences` is one."""

    def feed(self, piece: str) -> list[str]:
        """The phrases that these words complete, fit to be spoken: no Markdown, no numbers of citations."""
        ...

    def end(self) -> list[str]:
        """What is left at the end."""
        ...

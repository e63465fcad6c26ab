"""Outline: headings and blocks of a document without pages, in reading order, into passages by section."""

from assistant.values.evidence import Passage, Section


class Outline:
    """Collects; `passages` gives one passage per section, in order.

    The heading is the section's location and not part of its text. A heading with nothing under it
    becomes a passage of its own, so that its words are found too.
    """

    def __init__(self) -> None:
        self._sections: list[tuple[str, list[str]]] = [("", [])]

    @property
    def last_heading(self) -> str:
        return self._sections[-1][0]

    def heading(self, text: str) -> None:
        if title := " ".join(text.split()):
            self._sections.append((title, []))

    def block(self, text: str) -> None:
        """A paragraph, a list, a table's rows. Blank ones are dropped."""
        if text := text.strip():
            self._sections[-1][1].append(text)

    def rows(self, rows: list[list[str]]) -> None:
        """A table, as lines of "a | b"."""
        lines = [" | ".join(" ".join(cell.split()) for cell in row) for row in rows]
        self.block("\n".join(line for line in lines if line.strip(" |")))

    def passages(self) -> tuple[Passage, ...]:
        return tuple(
            Passage("\n\n".join(blocks) or heading, Section(heading))
            for heading, blocks in self._sections
            if blocks or heading
        )

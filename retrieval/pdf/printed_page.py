"""A page of a PDF as it was found: its words, rules and marks, before it is known in what order they are read."""

from dataclasses import dataclass
from functools import cached_property

from retrieval.pdf.marks import Marks
from retrieval.pdf.rules import Grid, Rules
from retrieval.pdf.text import TextLayer


@dataclass(frozen=True)
class PrintedPage:
    """Counted from 1."""

    number: int
    layer: TextLayer
    rules: Rules
    marks: Marks

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(self.rules.grids())

    @property
    def letters(self) -> int:
        """How many are printed or were filled in."""
        written = (len(one.text) for one in self.marks.values)
        return self.layer.letters + sum(written) + sum(len(note.text) for note in self.marks.notes)

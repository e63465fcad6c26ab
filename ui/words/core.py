"""What the core says, in the visitor's language: statuses, notes, errors, places. The core itself knows no visitor."""

from assistant.values.evidence import Location, describe
from ui.words.catalogues import CATALOGUES, Language


def said(sentence: str, language: Language) -> str:
    """A status, note or error of the core in this language; plain words, and what is kept from before, as they are."""
    return CATALOGUES.said(sentence, language)


def place(location: Location, language: Language) -> str:
    """A place in words: "page 3", "第 3 页"."""
    return said(describe(location), language)

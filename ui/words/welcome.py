"""The words of the empty page's examples: what stands on each, and the question that is sent with its files."""

from dataclasses import dataclass

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class WelcomeWords:
    """…_label: what is clicked. …_question: what is sent; the spoken one has no words but its recording."""

    language: Language = SOURCE
    voice_label: str = "Ask aloud about the lease"
    receipt_label: str = "What did I pay?"
    receipt_question: str = "What was the total I paid?"
    lease_label: str = "When can the rent rise?"
    lease_question: str = "When can the rent rise, and by how much?"


ENGLISH = WelcomeWords()

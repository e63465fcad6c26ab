"""The words of the empty page's examples: what stands on each, and the question that is sent with its files."""

from dataclasses import dataclass

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class WelcomeWords:
    """…_label: what is clicked. …_question: what is sent. brings: what is sent along."""

    language: Language = SOURCE
    title: str = "What you can do, with files that are here"
    brings: str = "with {names}"
    transcribe_label: str = "Transcribe a message"
    transcribe_question: str = "Write down what is said."
    lease_label: str = "Ask a lease"
    lease_question: str = "When can the rent rise, and by how much?"
    receipt_label: str = "Read a receipt"
    receipt_question: str = "What was the total I paid?"
    sum_label: str = "Add up two receipts"
    sum_question: str = "How much did I pay altogether?"
    film_label: str = "Find a moment in a film"
    film_question: str = "When is the fuse box mentioned?"
    translate_label: str = "Translate a notice"
    translate_question: str = "Translate this notice into English."


ENGLISH = WelcomeWords()

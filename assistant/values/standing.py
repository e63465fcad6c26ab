"""Standing: what is to be known of an answer that nothing, or not all, supports. Decided here, said elsewhere."""

from typing import Literal

from assistant.values.events import Answer

Standing = Literal["", "partly", "itself", "seen or itself", "another script"]
ASKED_OF_A_MODEL = frozenset({"fact", "knowledge", "clock", "calculate"})  # clock, calculate: where no rule answered


def standing(answer: Answer) -> Standing:
    """ "partly": its `unsupported` sentences are supported by nothing. "itself": it is the model's own knowledge.
    "seen or itself": that, or what the model saw in pictures. "another script": what was given is in another script, so
    that no words could be compared. "": nothing is to be said, as of small talk, of what was worked out, of a text that
    was asked for, and of "it does not say that".
    """
    if answer.unsupported:
        if answer.foreign:
            return "another script"
        if answer.grounded:
            return "partly"
        if any(citation.seen for citation in answer.citations):
            return ""
        return "seen or itself" if answer.received.pictures_sent else "itself"
    return "itself" if _is_knowledge(answer) else ""


def _is_knowledge(answer: Answer) -> bool:
    """Whether a model was asked a question without any file to answer it from."""
    request = answer.received.request
    if request is None or not answer.received.prompt_tokens or answer.citations or not answer.text.strip():
        return False
    return any(
        part.kind in ASKED_OF_A_MODEL and not part.files and part.meant != "libraries" for part in request.every_part
    )

"""A conversation as one archive, and back."""

from pathlib import Path

from assistant.errors import BadInput
from assistant.history import ConversationInfo, History
from assistant.limits import Limits
from assistant.originals import Originals


def import_archive(
    history: History,  # noqa: ARG001
    originals: Originals,  # noqa: ARG001
    owner: str,  # noqa: ARG001
    path: Path,
    limits: Limits,  # noqa: ARG001
) -> ConversationInfo:
    """A new conversation of this owner from an archive."""
    raise BadInput(f"{path.name} is no archive of a conversation that I know.")

"""Documents: whatever has text with pages or headings. How each format is read is the loaders' knowledge."""

from collections.abc import Generator

from assistant.events import ReceivedFile, Status
from assistant.parts import Attachment
from assistant.ports import Intake, Senses

TYPES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
    "text/markdown",
    "text/html",
)


class TextDocument:
    name = "document"
    extensions = (".pdf", ".docx", ".txt", ".md", ".html", ".htm")

    def takes(self, media_type: str) -> bool:
        return media_type in TYPES

    def take(
        self,
        attachment: Attachment,
        senses: Senses,
        question: str,  # noqa: ARG002 - all of it is read, whatever is asked
    ) -> Generator[Status, None, Intake]:
        yield Status("reading", f"Reading {attachment.name}")
        document = senses.load_document(attachment.path, attachment.name)
        received = ReceivedFile(attachment.name, document.medium, "read", pages=int(document.units))
        return Intake(received, document=document, notes=document.notes)

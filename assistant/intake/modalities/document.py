"""Documents: what has text by pages, slides, rows, lines or headings. How each is read is the loaders' knowledge."""

from collections.abc import Generator

from assistant.ports.modality import ModalityContext, ModalityResult
from assistant.values.events import ReceivedFile, Status
from assistant.values.parts import Attachment

_OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = (
    "application/pdf",
    _OFFICE + "wordprocessingml.document",
    _OFFICE + "presentationml.presentation",
    _OFFICE + "spreadsheetml.sheet",
    "application/x-ole-storage",  # encrypted Office files
    "application/epub+zip",
    "application/zip",  # a folder of files, or a damaged one of these: whoever reads it says so
    "application/rtf",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/x-subrip",
    "text/vtt",
    "application/json",
    "application/jsonl",
    "application/xhtml+xml",
    "message/rfc822",
    "application/vnd.ms-outlook",
    "application/ms-tnef",
    "text/plain",
    "text/markdown",
    "text/html",
    "text/csv",
    "text/tab-separated-values",
)


class TextDocument:
    name = "document"
    extensions = tuple(
        ".pdf .docx .pptx .pptm .xlsx .xlsm .epub .html .htm .xhtml .md .markdown .csv .tsv .json .jsonl .ndjson .eml"
        " .msg .oft"
        " .odt .ods .odp .rtf .zip .srt .vtt"
        " .txt .log .rst .tex .py .js .ts .jsx .tsx .java .kt .c .h .cc .cpp .hpp .cs .go .rs .rb .php .swift .scala"
        " .lua .r .pl .sh .sql .css .yaml .yml .toml .ini".split()
    )

    def takes(self, media_type: str) -> bool:
        return media_type in TYPES

    def take(
        self,
        attachment: Attachment,
        context: ModalityContext,
        question: str,  # noqa: ARG002 - all of it is read, whatever is asked
    ) -> Generator[Status, None, ModalityResult]:
        document = yield from context.load_document(attachment)
        received = ReceivedFile(attachment.name, document.medium, "read", pages=int(document.units))
        return ModalityResult(received, document=document, notes=document.notes)

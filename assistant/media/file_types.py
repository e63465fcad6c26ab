"""What a file is, by its first bytes. Opens nothing and knows nothing of what is done with it.

The bytes are a stranger's and are looked at before anything limits the time: no more than `HEAD` and `TAIL` of them,
each a fixed number of times, and no pattern that could try a second way through them.
"""

HEAD = 65_536  # bytes of a file's beginning
TAIL = 1_048_576  # bytes of a ZIP file's end, where its members are listed
PROGRAM = "application/x-executable"

# (offset, bytes there, media type); the first that fits counts.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"AIFF", "audio/aiff"),
    (8, b"AIFC", "audio/aiff"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "video/ogg"),
    (0, b"caff", "audio/x-caf"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xfa", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"glTF", "model/gltf-binary"),
    (0, b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),  # old Office, or a new one encrypted
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"MZ", PROGRAM),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP_MEMBERS: tuple[tuple[bytes, str], ...] = (
    (b"word/document.xml", _OFFICE + "wordprocessingml.document"),
    (b"xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/presentation.xml", _OFFICE + "presentationml.presentation"),
    (b"application/epub+zip", "application/epub+zip"),
    (b"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    (b"application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation"),
)
_LISTED = b"PK\1\2"  # before each member that a ZIP file lists at its end
_LIST_END = b"PK\5\6"
_TEXT_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".eml": "message/rfc822",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".svg": "image/svg+xml",
    ".gltf": "model/gltf+json",
}
_PLAIN_TEXT = (".txt", ".log", ".rst", ".tex", ".sql", ".ini", ".css")  # in whatever encoding
_BLANK = b" \t\n\r\f\v"


def kind_of(head: bytes, tail: bytes, extension: str) -> str:
    """The media type, or "" if no kind known here.

    head: the first `HEAD` bytes (fewer only if that is all). tail: the last `TAIL` of a ZIP file. What is longer is
    not looked at. extension: lower case with the dot; it only tells one kind of text from another.
    """
    head, tail = head[:HEAD], tail[-TAIL:]
    text = _as_text(head, extension)
    if text and not head.startswith((b"%PDF-", b"{\\rtf")):
        return text  # "BMW prices.txt" begins like a bitmap, and has none of its bytes
    return _by_signature(head, tail)


def _by_signature(head: bytes, tail: bytes) -> str:
    if head.startswith(b"PK\3\4"):
        return _of_members(head, tail)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head.startswith(b"\x1aE\xdf\xa3"):  # EBML; what it holds stands in its first element, RFC 8794
        return "video/x-matroska" if b"matroska" in head[:64] else "video/webm"
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for offset, mark, kind in _SIGNATURES:
        if head.startswith(mark, offset):
            return kind
    return ""


def _of_members(head: bytes, tail: bytes) -> str:
    """By the members of a ZIP file, which may hold such files themselves: those that its own list names count."""
    listed = _members(tail)
    if listed is None:  # damaged, or with too many of them
        return next((kind for member, kind in _ZIP_MEMBERS if member in head or member in tail), "application/zip")
    for member, kind in _ZIP_MEMBERS:
        is_said = b"mimetype" in listed and member in (head if listed[0] == b"mimetype" else head + tail)
        if member in listed or is_said:
            return kind
    is_book = b"META-INF/container.xml" in listed and any(member.lower().endswith(b".opf") for member in listed)
    return "application/epub+zip" if is_book else "application/zip"


def _members(tail: bytes) -> list[bytes] | None:
    """The names in the list at the end of a ZIP file (APPNOTE.TXT, 4.3.12 and 4.3.16); None where it is not whole."""
    end = tail.rfind(_LIST_END)
    if end < 0 or end + 20 > len(tail):
        return None
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    at, names = end - size, list[bytes]()
    if at < 0:
        return None
    while tail.startswith(_LISTED, at) and at + 46 <= end:
        name, extra, comment = (int.from_bytes(tail[at + 28 + 2 * n : at + 30 + 2 * n], "little") for n in range(3))
        names.append(tail[at + 46 : at + 46 + name])
        at += 46 + name + extra + comment
    return names if names and at == end else None


def _by_brand(head: bytes) -> str:
    """ISO base media (MP4 and its kin) say in their first box, ISO/IEC 14496-12 "ftyp", what they are."""
    length = min(int.from_bytes(head[:4], "big"), 256)
    major, brands = head[8:12], head[8:length]
    if b"avif" in brands:
        return "image/avif"
    if major in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"mif1", b"msf1"):
        return "image/heic"
    if major == b"qt  ":
        return "video/quicktime"
    return "audio/mp4" if major in (b"M4A ", b"M4B ") else "video/mp4"


def _as_text(head: bytes, extension: str) -> str:
    """The kind of text, or "" if these bytes are none. Any encoding: whoever reads it will find out which."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        extension in (*_TEXT_TYPES, *_PLAIN_TEXT) and unmarked_utf16(head)
    ):
        readable = True
    else:
        controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
        readable = controls == 0 and (_is_utf8(head) or extension in (*_TEXT_TYPES, *_PLAIN_TEXT))
    if not readable:
        return ""
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    by_extension = _TEXT_TYPES.get(extension)
    if _is_drawing(head):
        return "image/svg+xml"
    return by_extension or ("text/html" if start.startswith((b"<!doctype html", b"<html")) else "text/plain")


def unmarked_utf16(head: bytes) -> str:
    """The encoding of text in UTF-16 without the mark that says so, "" for anything else: every other byte is nought,
    and what it reads as is printed."""
    sample = head[:4096]
    if len(sample) < 4 or len(sample) % 2:
        return ""
    for encoding, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        noughts, others = sample[high::2].count(0), sample[1 - high :: 2].count(0)
        if others or noughts < 0.4 * len(sample) / 2:
            continue
        text = sample.decode(encoding, errors="replace")
        if all(letter.isprintable() or letter in "\t\r\n\f" for letter in text) and "\ufffd" not in text[:-1]:
            return encoding
    return ""


def _is_drawing(head: bytes) -> bool:
    """Whether the first element is <svg>. Before it may stand a declaration, comments and a document type.

    Goes forward only: where one of these does not end, nothing else is tried, so it takes as long as there are bytes.
    """
    text = head.lstrip(b"\xef\xbb\xbf").lower()
    at = _past(text, 0)
    while True:
        if text.startswith(b"<!--", at):
            end, mark = text.find(b"-->", at + 4), 3
        elif text.startswith(b"<?xml", at) or (text.startswith(b"<!doctype", at) and _names_svg(text, at + 9)):
            end, mark = text.find(b">", at), 1
        else:
            return text.startswith(b"<svg", at) and at + 4 < len(text) and text[at + 4] in _BLANK + b">"
        if end < 0:
            return False
        at = _past(text, end + mark)


def _names_svg(text: bytes, at: int) -> bool:
    return text[at : at + 1].isspace() and text.startswith(b"svg", _past(text, at))


def _past(text: bytes, at: int) -> int:
    """Where the blanks that begin here end."""
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == HEAD  # only the last character is cut
    return True

"""What is known of a file, in sentences. Knows no request and no model."""

from collections.abc import Sequence
from datetime import date, time

from assistant.text.answer_language import N_, SOURCE, AnswerLanguage, Unit
from assistant.values.evidence import clock
from assistant.values.files import FileFacts

_OFFICE = "application/vnd.openxmlformats-officedocument."
_KINDS = {
    "application/pdf": N_("PDF document"),
    _OFFICE + "wordprocessingml.document": N_("Word document"),
    _OFFICE + "spreadsheetml.sheet": N_("Excel workbook"),
    _OFFICE + "presentationml.presentation": N_("PowerPoint presentation"),
    "application/epub+zip": N_("EPUB book"),
    "application/vnd.oasis.opendocument.text": N_("OpenDocument text"),
    "application/vnd.oasis.opendocument.spreadsheet": N_("OpenDocument spreadsheet"),
    "application/vnd.oasis.opendocument.presentation": N_("OpenDocument presentation"),
    "application/rtf": N_("RTF text"),
    "application/zip": N_("ZIP folder"),
    "application/x-subrip": N_("file of subtitles"),
    "text/vtt": N_("file of subtitles"),
    "application/json": N_("JSON file"),
    "application/jsonl": N_("JSON Lines file"),
    "text/csv": N_("CSV table"),
    "text/tab-separated-values": N_("TSV table"),
    "text/plain": N_("plain text file"),
    "text/markdown": N_("Markdown text"),
    "text/html": N_("web page (HTML)"),
    "message/rfc822": N_("e-mail"),
    "application/vnd.ms-outlook": N_("e-mail"),
    "application/ms-tnef": N_("e-mail"),
    "audio/mpeg": N_("MP3 recording"),
    "audio/mp4": N_("M4A recording"),
}
_MEDIA = {
    "text": (N_("document"), N_("{format} document")),
    "image": (N_("picture"), N_("{format} picture")),
    "audio": (N_("recording"), N_("{format} recording")),
    "video": (N_("film"), N_("{format} film")),
}


def kind(file: FileFacts, words: AnswerLanguage) -> str:
    """ "PDF document", "PNG picture"."""
    if file.media_type in _KINDS:
        return words.gettext(_KINDS[file.media_type])
    alone, of_format = _MEDIA[file.medium]
    family, _, form = file.media_type.partition("/")
    ending = form.removeprefix("x-").upper() if family in ("image", "audio", "video") else ""
    if not ending and "." in file.name:
        ending = file.name.rsplit(".", 1)[1].upper()
    return words.gettext(of_format, format=ending) if ending and len(ending) < 8 else words.gettext(alone)


def _with_article(noun: str) -> str:
    """ "an MP4 film", "a PDF document": letters are spoken one by one."""
    first = noun.split()[0]
    spelled = first.isupper() or any(letter.isdigit() for letter in first)
    vowels = "AEFHILMNORSX" if spelled and first != "FLAC" else "AEIO"
    return f"{'an' if first[0].upper() in vowels else 'a'} {noun}"


def length(seconds: float, words: AnswerLanguage) -> str:
    """ "0:32 (32 seconds)", "1:05:03 (1 hour 5 minutes 3 seconds)"."""
    whole = round(seconds)
    named: tuple[tuple[int, Unit], ...] = (
        (whole // 3600, "hour"),
        (whole % 3600 // 60, "minute"),
        (whole % 60, "second"),
    )
    parts = [words.units(number, unit) for number, unit in named if number or (unit == "second" and whole < 60)]
    return words.gettext("{short} ({long})", short=clock(whole), long=" ".join(parts))


def size(count: int, words: AnswerLanguage) -> str:
    """ "12.3 kB (12,345 bytes)"."""
    exact = words.units(count, "byte")
    return exact if count < 1000 else words.gettext("{short} ({long})", short=_about(count, words), long=exact)


def _about(count: int, words: AnswerLanguage) -> str:
    if count < 1000:
        return words.units(count, "byte")
    sizes: tuple[tuple[float, Unit], ...] = ((1e9, "gigabyte"), (1e6, "megabyte"), (1e3, "kilobyte"))
    least, unit = next(one for one in sizes if count >= one[0])
    return words.units(count / least, unit)


def day(written: str, words: AnswerLanguage) -> str:
    """An ISO 8601 date or time as people write it; as it is where it is none."""
    try:
        found = words.long_date(date.fromisoformat(written[:10]))
    except ValueError:
        return written
    try:
        at = words.clock_time(time.fromisoformat(written[11:16]))
    except ValueError:
        at = written[11:16]
    return words.gettext("{day}, {time}", day=found, time=at) if at else found


def counted(facet: str, count: int, words: AnswerLanguage) -> str:
    """ "6 pages", "1 slide"."""
    match facet:
        case "pages":
            return words.ngettext("{count} page", "{count} pages", count=count)
        case "slides":
            return words.ngettext("{count} slide", "{count} slides", count=count)
        case "sheets":
            return words.ngettext("{count} sheet", "{count} sheets", count=count)
        case "words":
            return words.ngettext("{count} word", "{count} words", count=count)
    raise ValueError(f"{facet} is nothing that a file has many of")


def known(file: FileFacts, words: AnswerLanguage, most: int = 9, without: Sequence[str] = ()) -> str:
    """What is known, the weightiest first: "6 pages, 312 words"."""
    long = clock(file.seconds)
    many = {"pages": file.pages, "slides": file.slides, "sheets": len(file.sheets), "words": file.words}
    said = {name: counted(name, count, words) if count else "" for name, count in many.items()}
    of_words = said.pop("words")
    said |= {
        "length": "" if not file.seconds else words.gettext("a length of {length}", length=long) if most == 1 else long,
        "pixels": words.gettext("{width}×{height} pixels", width=str(file.width), height=str(file.height))
        if file.width
        else "",
        "words": of_words,
        "size": _about(file.bytes, words) if file.bytes else "",
    }
    return words.beside([text for name, text in said.items() if text and name not in without][:most])


def all_known(file: FileFacts, words: AnswerLanguage) -> str:
    """One line with everything."""
    more = [known(file, words)]
    if file.author:
        more.append(words.gettext("by {author}", author=file.author))
    if file.taken or file.written:
        more.append(day(file.taken or file.written, words))
    if file.camera:
        more.append(file.camera)
    return sentence("all", file, words, known_words=words.beside([part for part in more if part]))


def sentence(
    says: str, file: FileFacts, words: AnswerLanguage, known_words: str | None = None, **values: object
) -> str:
    """says: as prompts/file_fact.md.j2 lists it."""
    said = kind(file, words)
    given: dict[str, object] = {
        "kind": _with_article(said) if says == "type" and words.code == SOURCE else said,
        "length": length(file.seconds, words),
        "size": size(file.bytes, words),
        "day": day(file.taken or file.written, words),
        "taken": bool(file.taken),
        "known": known(file, words, 1, without=("size",)) if known_words is None else known_words,
        "quotes": (),
        **values,
    }
    return words.render("file_fact.md.j2", says=says, file=file, **given)

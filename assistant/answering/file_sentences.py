"""What is known of a file, in sentences. Knows no request and no model."""

from collections.abc import Sequence
from datetime import date

from assistant.text.dates import in_words
from assistant.values.evidence import clock
from assistant.values.files import FileFacts
from prompts import render

_OFFICE = "application/vnd.openxmlformats-officedocument."
_KINDS = {
    "application/pdf": ("PDF document", "PDF 文档"),
    _OFFICE + "wordprocessingml.document": ("Word document", "Word 文档"),
    _OFFICE + "spreadsheetml.sheet": ("Excel workbook", "Excel 工作簿"),
    _OFFICE + "presentationml.presentation": ("PowerPoint presentation", "PowerPoint 演示文稿"),
    "application/epub+zip": ("EPUB book", "EPUB 电子书"),
    "application/json": ("JSON file", "JSON 文件"),
    "application/jsonl": ("JSON Lines file", "JSON Lines 文件"),
    "text/csv": ("CSV table", "CSV 表格"),
    "text/tab-separated-values": ("TSV table", "TSV 表格"),
    "text/plain": ("plain text file", "纯文本文件"),
    "text/markdown": ("Markdown text", "Markdown 文本"),
    "text/html": ("web page (HTML)", "网页（HTML）"),
    "message/rfc822": ("e-mail", "电子邮件"),
    "audio/mpeg": ("MP3 recording", "MP3 录音"),
    "audio/mp4": ("M4A recording", "M4A 录音"),
}
_MEDIA = {
    "text": ("document", "文档"),
    "image": ("picture", "图片"),
    "audio": ("recording", "录音"),
    "video": ("film", "视频"),
}
_ENGLISH, _CHINESE = 0, 1


def kind(file: FileFacts, language: str) -> str:
    """ "PDF document", "PNG picture"."""
    at = _CHINESE if language == "zh" else _ENGLISH
    if file.media_type in _KINDS:
        return _KINDS[file.media_type][at]
    general = _MEDIA[file.medium][at]
    family, _, form = file.media_type.partition("/")
    ending = form.removeprefix("x-").upper() if family in ("image", "audio", "video") else ""
    if not ending and "." in file.name:
        ending = file.name.rsplit(".", 1)[1].upper()
    return f"{ending} {general}" if ending and len(ending) < 8 else general


def _article(noun: str) -> str:
    """ "an MP4 film", "a PDF document": letters are spoken one by one."""
    first = noun.split()[0]
    spelled = first.isupper() or any(letter.isdigit() for letter in first)
    vowels = "AEFHILMNORSX" if spelled and first != "FLAC" else "AEIO"
    return "an" if first[0].upper() in vowels else "a"


def length(seconds: float, language: str) -> str:
    """ "0:32 (32 seconds)", "1:05:03 (1 hour 5 minutes 3 seconds)"."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if language == "zh":
        parts = (
            [f"{hours} 小时"] * bool(hours)
            + [f"{minutes} 分"] * bool(minutes)
            + [f"{rest} 秒"] * bool(rest or whole < 60)
        )
        return f"{clock(whole)}（{' '.join(parts)}）"
    named = ((hours, "hour"), (minutes, "minute"), (rest, "second"))
    parts = [
        f"{number} {unit}{'' if number == 1 else 's'}"
        for number, unit in named
        if number or (unit == "second" and whole < 60)
    ]
    return f"{clock(whole)} ({' '.join(parts)})"


def size(count: int, language: str) -> str:
    """ "12.3 kB (12,345 bytes)"."""
    about = (
        f"{count / 1e9:.1f} GB"
        if count >= 1e9
        else f"{count / 1e6:.1f} MB"
        if count >= 1e6
        else f"{count / 1e3:.1f} kB"
    )
    exact = f"{count:,} 字节" if language == "zh" else f"{count:,} bytes"
    return exact if count < 1000 else f"{about}（{exact}）" if language == "zh" else f"{about} ({exact})"


def day(written: str, language: str) -> str:
    """An ISO 8601 date or time as people write it; as it is where it is none."""
    try:
        found = in_words(date.fromisoformat(written[:10]), language)
    except ValueError:
        return written
    at = written[11:16]
    return f"{found}, {at}" if at and language != "zh" else f"{found} {at}".strip()


def known(file: FileFacts, language: str, most: int = 9, without: Sequence[str] = ()) -> str:
    """What is known, the weightiest first: "6 pages, 312 words"."""
    chinese = language == "zh"

    def many(number: int, one: str, unit: str) -> str:
        return f"{number} {unit}" if chinese else f"{number} {one}{'' if number == 1 else 's'}"

    long = "时长 " if chinese else "a length of " if most == 1 else ""
    said = {
        "pages": many(file.pages, "page", "页") if file.pages else "",
        "slides": many(file.slides, "slide", "张幻灯片") if file.slides else "",
        "sheets": many(len(file.sheets), "sheet", "个工作表") if file.sheets else "",
        "length": f"{long}{clock(file.seconds)}" if file.seconds else "",
        "pixels": f"{file.width}×{file.height} {'像素' if chinese else 'pixels'}" if file.width else "",
        "words": many(file.words, "word", "字") if file.words else "",
        "size": size(file.bytes, language).split("（" if chinese else " (")[0] if file.bytes else "",
    }
    return ("，" if chinese else ", ").join(
        [text for name, text in said.items() if text and name not in without][:most]
    )


def all_known(file: FileFacts, language: str) -> str:
    """One line with everything."""
    more = [known(file, language)]
    chinese = language == "zh"
    if file.author:
        more.append(f"作者 {file.author}" if chinese else f"by {file.author}")
    if file.taken or file.written:
        more.append(day(file.taken or file.written, language))
    if file.camera:
        more.append(file.camera)
    return sentence("all", file, language, known_words=("，" if chinese else ", ").join(part for part in more if part))


def sentence(says: str, file: FileFacts, language: str, known_words: str | None = None, **values: object) -> str:
    """says: as prompts/file_fact.md.j2 lists it."""
    given: dict[str, object] = {
        "kind": kind(file, language),
        "article": _article(kind(file, "")),
        "length": length(file.seconds, language),
        "size": size(file.bytes, language),
        "day": day(file.taken or file.written, language),
        "taken": bool(file.taken),
        "known": known(file, language, 1, without=("size",)) if known_words is None else known_words,
        "quotes": False,
        **values,
    }
    return render("file_fact.md.j2", says=says, file=file, language=language, **given)

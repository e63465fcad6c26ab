"""What the libraries panel shows, as HTML: the list of libraries, the jobs that fill one, the files in it.

Buttons in it say by `data-do` and `data-id` what they do; `ui.library_script` reads that. Names and sentences
come from people and files: nothing of theirs means anything to the browser.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from assistant.ports.named_libraries import Failure, FileInfo, Job, JobProgress, LibraryInfo
from assistant.values.evidence import clock
from ui.untrusted import as_text
from ui.words.catalogues import Language
from ui.words.core import said
from ui.words.library import LibraryWords

MOST_SHOWN = 500  # files; the others are found by their name


@dataclass(frozen=True)
class Filling:
    """A job with how far it is and what it could not take in."""

    job: Job
    now: JobProgress
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class PanelLanguage:
    """In which words, and in which language what the core says."""

    words: LibraryWords
    language: Language


def library_list(
    libraries: Sequence[LibraryInfo], chosen: str, running: dict[str, JobProgress], words: LibraryWords
) -> str:
    """A list of buttons. running: library id → how far the job that fills it is."""
    if not libraries:
        return f'<p class="hint">{as_text(words.none_yet)}</p>'
    lines = []
    for library in libraries:
        now = running.get(library.id)
        facts = words.adding_short.format(done=now.done, count=now.files) if now else _files(library.files, words)
        current = ' aria-current="true"' if library.id == chosen else ""
        lines.append(
            f'<li><button type="button" data-do="choose" data-id="{escape(library.id)}"{current}>'
            f"<bdi>{as_text(library.name)}</bdi><small>{as_text(facts)}</small></button></li>"
        )
    return f'<ul aria-label="{escape(words.title)}">{"".join(lines)}</ul>'


def heading(library: LibraryInfo, words: LibraryWords) -> str:
    ask = words.remove_library_ask.format(name=f"“{library.name}”")
    return (
        f'<div class="head"><h2><bdi>{as_text(library.name)}</bdi></h2>'
        f"{_button('rename', library.id, words.rename)}{_button('remove', library.id, words.remove, ask, words)}</div>"
    )


def jobs(filling: Sequence[Filling], spoken: PanelLanguage) -> str:
    """Newest first; "" where there is nothing to tell."""
    if not filling:
        return ""
    told = "".join(_job(one, spoken) for one in reversed(filling))
    return f"<h3>{as_text(spoken.words.jobs)}</h3>{told}"


def files(library: LibraryInfo, listed: Sequence[FileInfo], wanted: str, spoken: PanelLanguage) -> str:
    """wanted: a part of the name of those to show."""
    words = spoken.words
    title = f"<h3>{as_text(words.contents)} <small>{as_text(_files(len(listed), words))}</small></h3>"
    if not listed:
        return f'{title}<p class="hint">{as_text(words.empty)}</p>'
    found = [file for file in listed if wanted.casefold() in file.name.casefold()]
    lines = "".join(_file(file, library, spoken) for file in found[:MOST_SHOWN])
    left = len(found) - MOST_SHOWN
    more = f'<p class="hint">{as_text(words.more.format(count=left))}</p>' if left > 0 else ""
    nothing = "" if found else f'<p class="hint">{as_text(words.found_none)}</p>'
    return f'{title}<ul class="files" aria-label="{escape(words.contents)}">{lines}</ul>{more}{nothing}'


def _job(filling: Filling, spoken: PanelLanguage) -> str:
    job, now, words = filling.job, filling.now, spoken.words
    title = words.adding_one if now.files == 1 else words.adding.format(count=now.files)
    share = round(100 * min(1.0, (now.done + now.share) / max(now.files, 1)))
    bar = f'<progress max="100" value="{share}" aria-label="{escape(words.progress)}">{share} %</progress>'
    bar = bar if job.state in ("running", "paused") else ""
    trouble = f'<p class="trouble">{as_text(said(now.trouble, spoken.language))}</p>' if now.trouble else ""
    failed = "".join(_failed(one, spoken) for one in filling.failures)
    return (
        f'<article aria-label="{escape(title)}"><p><strong>{as_text(title)}</strong> '
        f"<small>{as_text(_counts(now, words))}</small></p>{bar}"
        f'<p class="now">{_now(now, spoken)}</p>{trouble}{f"<ul>{failed}</ul>" if failed else ""}'
        f'<div class="buttons">{_verbs(job, words)}</div></article>'
    )


def _verbs(job: Job, words: LibraryWords) -> str:
    match job.state:
        case "running":
            verbs = [("pause", words.pause), ("cancel", words.cancel)]
        case "paused":
            verbs = [("resume", words.resume), ("cancel", words.cancel)]
        case _:
            verbs = [("dismiss", words.dismiss)]
    return "".join(_button(verb, job.id, label) for verb, label in verbs)


def _counts(now: JobProgress, words: LibraryWords) -> str:
    parts = [words.added.format(filed=now.filed, count=now.files)]
    parts += [words.same.format(count=now.same)] if now.same else []
    parts += [words.failed.format(count=now.failed)] if now.failed else []
    parts += [words.locked.format(count=now.locked)] if now.locked else []
    return " · ".join(parts)


def _now(now: JobProgress, spoken: PanelLanguage) -> str:
    words = spoken.words
    if now.state != "running":
        return as_text({"paused": words.paused, "cancelled": words.cancelled}.get(now.state, words.done))
    if not now.file:
        return as_text(said(now.doing, spoken.language) or words.waiting)
    step = words.steps.get(now.step, words.steps[""])
    how = words.at_page if now.pages else words.at_file
    return as_text(how.format(step=step, file=now.file, page=now.page, pages=now.pages))


def _failed(failure: Failure, spoken: PanelLanguage) -> str:
    sentence = said(failure.sentence, spoken.language)
    name = "" if failure.name in sentence else f"<bdi>{as_text(failure.name)}</bdi>: "
    return f'<li class="{"locked" if failure.locked else "failed"}">{name}{as_text(sentence)}</li>'


def _file(file: FileInfo, library: LibraryInfo, spoken: PanelLanguage) -> str:
    words = spoken.words
    ask = words.remove_file_ask.format(name=f"“{file.name}”", library=f"“{library.name}”")
    label = words.remove_file.format(name=file.name)
    known = (words.media.get(file.medium, file.medium), _length(file, words), _size(file.bytes))
    facts = " · ".join(filter(None, known))
    return (
        f'<li><div><bdi class="name">{as_text(file.name)}</bdi><small>{as_text(facts)}</small>'
        f"{_how(file, spoken)}</div>"
        f"{_button('remove-file', file.source_id, words.remove, ask, words, label)}</li>"
    )


def _how(file: FileInfo, spoken: PanelLanguage) -> str:
    """How it was read: a word, or a line that unfolds to the pages that were not simply read, and the notes."""
    words = spoken.words
    ocr = sum(one.last - one.first + 1 for one in file.pages if one.how == "ocr")
    unread = sum(one.last - one.first + 1 for one in file.pages if one.how != "ocr")
    told = [
        *([words.ocr_one if ocr == 1 else words.ocr.format(count=ocr)] if ocr else []),
        *([words.unread_one if unread == 1 else words.unread.format(count=unread)] if unread else []),
    ]
    if not file.notes:
        return f"<small>{as_text(words.read)}</small>"
    listed = "".join(f"<li>{as_text(said(note, spoken.language))}</li>" for note in file.notes)
    warned = ' class="trouble"' if unread else ""
    return f"<details><summary{warned}>{as_text(' · '.join(told) or words.notes)}</summary><ul>{listed}</ul></details>"


def _button(do: str, what: str, text: str, ask: str = "", words: LibraryWords | None = None, label: str = "") -> str:
    """ask: what is asked once more before it is done."""
    asked = ""
    if ask and words is not None:
        asked = f' data-ask="{escape(ask)}" data-keep="{escape(words.keep)}" class="remove"'
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'<button type="button" data-do="{do}" data-id="{escape(what)}"{asked}{named}>{as_text(text)}</button>'


def _files(count: int, words: LibraryWords) -> str:
    if count == 0:
        return words.files_none
    return words.files_one if count == 1 else words.files.format(count=count)


def _length(file: FileInfo, words: LibraryWords) -> str:
    if not file.units:
        return ""
    if file.medium in ("audio", "video"):
        return clock(file.units)
    return words.pages_one if file.units == 1 else words.pages.format(count=f"{file.units:.0f}")


def _size(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"

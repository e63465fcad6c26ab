"""Presets: prompts that people ask for again and again, each a file, each a command: "/summarise lease.pdf".

Those that come with Medley lie in prompts/presets/; a person's own lie in a folder of theirs and win over those of
the same name. The folders are read anew each time, so a file that is put there is a command at once. The comment
that a file begins with says what it takes; all of it may be left out:

    {# takes: files · words · into · language
       reads: whole, or what its words search for
       files: 2, where it needs as many
       first: language, where the first word may name one
       en: one line of English for the list · zh: the same in Chinese, on a line of its own
       kind: of the request that it stands for, as a file in prompts/requests is called; facet: which sort of it
       usage: /name an example
       also: other, names #}
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from assistant.storage.trouble import not_kept
from assistant.text.tokens import is_cjk
from assistant.values.errors import BadInput
from assistant.values.messages import Message, say
from prompts import PRESETS, BadPrompt, render_text

Reads = Literal["", "whole", "search", "nothing"]  # "": the words of the question decide, as in any other
Language = Literal["en", "zh", ""]

ENDING = ".md.j2"
LARGEST = 20_000  # characters of a file
PASTED = 200  # characters behind a command from which they are the text itself and no hint at what is meant
_COMMAND = re.compile(r"/([^\W\d_][\w-]*)(?:\s+(.*))?", re.DOTALL)
_NAME = re.compile(r"[^\W\d_][\w-]{0,39}")
_HEAD = re.compile(r"\s*\{#(.*?)#\}", re.DOTALL)
_FIELD = re.compile(r"^[^\S\n]*(reads|files|first|kind|facet|en|zh|usage|also):(.*)$", re.MULTILINE)
_FILE_NAME = re.compile(r"(?<![^\s,，、])[^\s,，、]+\.[A-Za-z]\w{1,4}\b")
_JOINING = r"\s,，、;&+和与跟同的"
_JOIN = rf"(?:[{_JOINING}]|\b(?:and|with|to|vs\.?|of|in|from)\b)++"
_JOINS = re.compile(rf"^{_JOIN}|(?<![{_JOINING}]){_JOIN}$", re.IGNORECASE)
_INTO = re.compile(r"^(?:(?:in)?to\s|[译成为到]+)\s*", re.IGNORECASE)
_READS: dict[str, tuple[Reads, Reads]] = {  # without words of its own behind the command, and with them
    "": ("", ""),
    "whole": ("whole", "whole"),
    "whole, or its own words": ("whole", "nothing"),
    "whole, or what its words search for": ("whole", "search"),
    "whole, or as any question": ("whole", ""),
    "what its words search for": ("search", "search"),
    "its own words": ("nothing", "nothing"),
}
_LANGUAGES = {  # by code, in English, and in Chinese before 文 and 语
    "en": ("English", "英"), "zh": ("Chinese", "中"), "de": ("German", "德"), "fr": ("French", "法"),
    "es": ("Spanish", "西班牙"), "it": ("Italian", "意大利"), "pt": ("Portuguese", "葡萄牙"), "nl": ("Dutch", "荷兰"),
    "pl": ("Polish", "波兰"), "ru": ("Russian", "俄"), "uk": ("Ukrainian", "乌克兰"), "tr": ("Turkish", "土耳其"),
    "ar": ("Arabic", "阿拉伯"), "hi": ("Hindi", "印地"), "ja": ("Japanese", "日"), "ko": ("Korean", "韩"),
    "vi": ("Vietnamese", "越南"), "th": ("Thai", "泰"),
}  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """A command."""

    name: str
    """What stands behind the slash."""
    english: str
    """One line for the list."""
    chinese: str
    """The same line in Chinese."""
    usage: str
    also: tuple[str, ...]
    """Its other names."""
    reads: tuple[Reads, Reads]
    """What it reads of the files, without and with words behind the command."""
    files: int
    """How many files it needs to read."""
    first_is_language: bool
    """Whether the first word behind the command may name a language."""
    text: str
    own: bool = False
    """Whether it is a person's, and not ours."""
    kind: str = ""
    facet: str = ""

    def title(self, language: Language = "en") -> str:
        return (self.chinese if language == "zh" else self.english) or self.english or self.chinese or self.name

    def command(self, language: Language = "en") -> str:
        """With its slash; for a Chinese page its Chinese name, if it has one."""
        chinese = (name for name in self.also if is_cjk(name))
        return "/" + (next(chinese, self.name) if language == "zh" else self.name)


@dataclass(frozen=True)
class Expanded:
    """The question that a command stands for."""

    question: str
    reads: Reads
    files: tuple[str, ...] = ()
    """The names of the files that it named."""
    needs_files: int = 0
    """How many files there must be to read, for it to say something."""
    kind: str = ""
    """Of the request; "" where it does not say."""
    facet: str = ""
    """Of the request; "" where it does not say."""
    into: str = ""
    """The language that it named, in words."""


@dataclass(frozen=True)
class Suggestion:
    """What a beginning may become."""

    command: str
    """To be put into the box."""
    title: str
    usage: str
    """An example."""


class Presets:
    """own: the folder of a person's own; it need not be there. Reads files, keeps nothing; any thread may call."""

    def __init__(self, own: Path | None = None, ours: Path = PRESETS) -> None:
        self._own, self._ours = own, ours

    @property
    def folder(self) -> Path | None:
        return self._own

    def all(self) -> list[Preset]:
        """By name; what cannot be read is left out, see `troubles`."""
        return self._read()[0]

    def troubles(self) -> list[Message]:
        """A sentence for each file that is no preset, or that cannot be filled in."""
        return self._read()[1]

    def expand(self, text: str, names: Sequence[str] = (), language: Language = "") -> Expanded | None:
        """None where `text` is no command: no slash, two of them, or a path such as /etc/hosts.

        names: of the files that may be meant. language: of the question; "" goes by the name that was typed.
        Raises BadInput with the commands that there are for an unknown one, and for a file that cannot be filled in.
        """
        read = split(text)
        if read is None:
            return None
        name, rest = read
        presets, troubles = self._read()
        preset = next((one for one in presets if name in (one.name, *one.also)), None)
        if preset is None:
            raise BadInput(_unknown(name, presets, troubles))
        chosen: Language = language or ("zh" if is_cjk(name) else "en")
        return _fill(preset, rest, names, chosen)

    def complete(self, prefix: str, language: Language = "en") -> list[Suggestion]:
        """The commands that begin like this, for a box where "/su" stands; none once a blank follows."""
        begun = prefix.strip().lower()
        if not begun.startswith("/") or begun.startswith("//") or (prefix and prefix[-1].isspace()):
            return []
        fitting = (one for one in self.all() if any(name.startswith(begun[1:]) for name in (one.name, *one.also)))
        return [Suggestion(one.command(language), one.title(language), one.usage) for one in fitting]

    def write(self, name: str, text: str) -> Preset:
        """Keeps one of a person's own. Raises BadInput where it cannot be filled in, or not be kept."""
        name = name.strip().lower().removeprefix("/").removesuffix(ENDING)
        if self._own is None or not _NAME.fullmatch(name):
            raise BadInput(say("Give the command a name of letters, digits and dashes, such as /minutes."))
        preset = _parse(name, text, own=True)
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            making = self._own / f".{name}.part"
            making.write_text(text.rstrip() + "\n", encoding="utf-8")
            os.replace(making, self._own / (name + ENDING))
        except OSError as error:
            raise BadInput(not_kept(error, name + ENDING, self._own).message) from error
        return preset

    def remove(self, name: str) -> None:
        """Raises BadInput for what is none of a person's own."""
        if self._own is None or name not in [preset.name for preset in self.all() if preset.own]:
            raise BadInput(say("There is no command /{name} of your own.", name=name))
        (self._own / (name + ENDING)).unlink(missing_ok=True)

    def _read(self) -> tuple[list[Preset], list[Message]]:
        presets: dict[str, Preset] = {}
        troubles: list[Message] = []
        for folder in (self._ours, self._own):
            for path in sorted(folder.glob(f"*{ENDING}")) if folder is not None and folder.is_dir() else ():
                name = path.name.removesuffix(ENDING).lower()
                try:
                    presets[name] = _parse(name, _text(path), own=folder is self._own)
                except BadInput as error:
                    troubles.append(error.message)
        return sorted(presets.values(), key=lambda preset: preset.name), troubles


def split(text: str) -> tuple[str, str] | None:
    """ "/translate zh lease.pdf" → ("translate", "zh lease.pdf"); None where it is no command."""
    found = _COMMAND.fullmatch(text.strip())
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def _fill(preset: Preset, rest: str, names: Sequence[str], language: Language) -> Expanded:
    into, rest = _language(rest, language) if preset.first_is_language else ("", rest)
    files, words = _named(rest, names)
    if len(files) < preset.files:
        files = ()  # all of them
    without, along = preset.reads
    reads = along if words and not (files and along == "nothing") else without
    if len(words) > PASTED:
        reads = "nothing"
    strange = _FILE_NAME.search(words) if reads == "whole" and names else None
    if strange:
        known = ", ".join(dict.fromkeys(names))
        raise BadInput(
            say("There is no file {name} in this conversation. There are: {names}.", name=strange[0], names=known)
        )
    question = _rendered(preset, files, words, into, language)
    needed = preset.files if reads == "whole" else 0
    return Expanded(question, reads, files, needed, preset.kind, preset.facet, into)


def _rendered(preset: Preset, files: Sequence[str], words: str, into: str, language: Language) -> str:
    try:
        said = render_text(
            preset.text, files=list(files), words=words, into=into, language="zh" if language == "zh" else ""
        )
    except BadPrompt as error:
        raise BadInput(
            say(
                "The preset {name}{ending} cannot be filled in: {trouble}.",
                name=preset.name,
                ending=ENDING,
                trouble=error,
            )
        ) from error
    if not said:
        raise BadInput(say("The preset {name}{ending} is empty.", name=preset.name, ending=ENDING))
    return said


@lru_cache(maxsize=256)  # a file that has not changed is read, and not tried again
def _parse(name: str, text: str, own: bool) -> Preset:
    """Raises BadInput naming the file; filled in once for a trial, in both languages."""
    if not _NAME.fullmatch(name):
        raise BadInput(
            say(
                "{name}{ending} is no name for a command: it takes letters, digits and dashes.",
                name=name,
                ending=ENDING,
            )
        )
    head = _HEAD.match(text)
    fields = {field: value.strip() for field, value in _FIELD.findall(head[1])} if head else {}
    reads = fields.get("reads", "")
    if reads not in _READS:
        known = "; ".join(one for one in _READS if one)
        raise BadInput(
            say(
                "{name}{ending} says that it reads “{text}”. It can say: {names}.",
                name=name,
                ending=ENDING,
                text=reads,
                names=known,
            )
        )
    also = tuple(one.strip().lower() for one in re.split("[,，、]", fields.get("also", "")) if one.strip())
    preset = Preset(
        name,
        fields.get("en", ""),
        fields.get("zh", ""),
        fields.get("usage", f"/{name}"),
        also,
        _READS[reads],
        int(fields["files"]) if fields.get("files", "").isdecimal() else 1,
        fields.get("first", "") == "language",
        text,
        own,
        fields.get("kind", ""),
        fields.get("facet", ""),
    )
    for language in ("en", "zh"):
        _rendered(preset, ("a.pdf",), "words", "", "zh" if language == "zh" else "en")
    return preset


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(say("The preset {name} cannot be read as text.", name=path.name)) from error
    if len(text) > LARGEST:
        raise BadInput(say("The preset {name} is longer than {most} characters.", name=path.name, most=f"{LARGEST:,}"))
    return text


def _language(rest: str, asked_in: Language) -> tuple[str, str]:
    """ "zh lease.pdf", "into Chinese" → ("Chinese", what remains); a language that is not named stays ""."""
    first, others = ([*_INTO.sub("", rest).split(maxsplit=1), "", ""])[:2]
    said = first.lower().strip(",，:：")
    for code, (english, chinese) in _LANGUAGES.items():
        if said in (code, english.lower(), f"{chinese}文", f"{chinese}语"):
            return f"{chinese}文" if asked_in == "zh" else english, others
    return "", rest


def _named(rest: str, names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The files named in `rest`, in that order, and the words that remain. The ending of a name may be left out."""
    found: dict[str, int] = {}
    words = rest
    for name in sorted(dict.fromkeys(names), key=len, reverse=True):
        for written in (name, Path(name).stem):
            place = (
                re.search(rf"(?<![A-Za-z0-9_-]){re.escape(written)}(?![A-Za-z0-9_-])", words, re.IGNORECASE)
                if written
                else None
            )
            if place and name not in found:
                found[name] = place.start()
                words = words[: place.start()] + "\0" * len(place[0]) + words[place.end() :]
    remaining = " ".join(part for part in (_JOINS.sub("", one) for one in re.split("\0+", words)) if part)
    return tuple(sorted(found, key=lambda name: found[name])), remaining if found else rest.strip()


def _unknown(name: str, presets: Sequence[Preset], troubles: Sequence[Message]) -> Message:
    mine = [sentence for sentence in troubles if f"{name}{ENDING}" in sentence]
    if mine:
        return mine[0]
    known = ", ".join(f"/{preset.name}" for preset in presets)
    return say(
        "There is no command /{name}. There are: {names}. What begins with two slashes is no command.",
        name=name,
        names=known,
    )

"""The libraries' room between browser and named_libraries: each verb of the room, and what it shows afterwards.

Whatever happens, the room stays usable: what is wrong is said in a sentence, and the room is drawn as it stands.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from assistant.ports.named_libraries import NamedLibraries
from assistant.values.errors import AssistantError, BadInput
from assistant.values.messages import say
from ui import library_view as view
from ui.library_view import Filling, Spoken
from ui.untrusted import as_text
from ui.uploads import Uploads
from ui.words import language_of, words_for
from ui.words.core import said
from ui.words.library import LibraryWords

log = logging.getLogger(__name__)

Update = Any  # a value, or what gr.update() and gr.skip() return
UNCHANGED: Update = {"__type__": "update"}  # what gr.skip() returns, without Gradio
FEW = 12  # files that are looked through without a search

OwnerOf = Callable[[Any], str]


@dataclass(frozen=True)
class Looking:
    """What one tab looks at. chosen: the id of a library. wanted: a part of the names of the files to show."""

    chosen: str = ""
    wanted: str = ""
    renaming: bool = False


@dataclass(frozen=True)
class Printed:
    """Digests of what a tab shows, so that it is sent again only when it changes."""

    shelf: str = ""
    jobs: str = ""
    files: str = ""


class Room(NamedTuple):
    """What an event changes, in the order of the room's outputs."""

    looking: Update = UNCHANGED
    printed: Update = UNCHANGED
    shelf: Update = UNCHANGED
    opened: Update = UNCHANGED
    heading: Update = UNCHANGED
    new_name: Update = UNCHANGED
    jobs: Update = UNCHANGED
    password: Update = UNCHANGED
    find: Update = UNCHANGED
    files: Update = UNCHANGED
    timer: Update = UNCHANGED
    name: Update = UNCHANGED
    drop: Update = UNCHANGED
    folder: Update = UNCHANGED
    text_name: Update = UNCHANGED
    text: Update = UNCHANGED
    address: Update = UNCHANGED


class LibraryDesk:
    """owner_of: whom a request belongs to. asking: the request that is being answered. uploads: the page's."""

    def __init__(
        self,
        named_libraries: NamedLibraries,
        owner_of: OwnerOf,
        asking: Callable[[], Any],
        uploads: Uploads | None = None,
    ) -> None:
        self._named_libraries, self._owner_of, self._asking = named_libraries, owner_of, asking
        self._uploads = uploads or Uploads()

    def seen(self, looking: Looking) -> Room:
        """Somebody looks at the room."""
        return self._after(looking, True, lambda _: looking)

    def tick(self, looking: Looking, printed: Printed, watched: bool) -> Room:
        """A second has passed; what has not changed is not sent again."""
        room = self._after(looking, watched, lambda _: looking)
        if not isinstance(room.printed, Printed):  # it could not be drawn
            return Room(timer=room.timer)
        return room._replace(
            looking=UNCHANGED,
            shelf=room.shelf if room.printed.shelf != printed.shelf else UNCHANGED,
            heading=UNCHANGED,
            jobs=room.jobs if room.printed.jobs != printed.jobs else UNCHANGED,
            files=room.files if room.printed.files != printed.files else UNCHANGED,
        )

    def act(self, looking: Looking, watched: bool, verb: str, what: str) -> Room:
        """A button in one of the lists. what: the id of the library, the job or the file."""
        room = self._after(looking, watched, lambda owner: self._done(owner, looking, verb, what))
        if verb in ("choose", "rename") and isinstance(room.looking, Looking):  # elsewhere somebody may be typing
            name = next((name for name, key in self._choices() if key == room.looking.chosen), "")
            return room._replace(
                new_name={**room.new_name, "value": name}, find={**room.find, "value": room.looking.wanted}
            )
        return room

    def make(self, looking: Looking, watched: bool, name: str) -> Room:
        def work(owner: str) -> Looking:
            return Looking(self._named_libraries.make(owner, name).id)

        return self._after(looking, watched, work, Room(name=""))

    def rename(self, looking: Looking, watched: bool, name: str) -> Room:
        def work(owner: str) -> Looking:
            self._named_libraries.rename(owner, looking.chosen, name)
            return replace(looking, renaming=False)

        return self._after(looking, watched, work)

    def add_files(
        self, looking: Looking, watched: bool, given: Sequence[str] | str | None, paths: str, replaces: bool
    ) -> Room:
        """given: where Gradio keeps the uploads. paths: JSON, for each of them where it lay in its folder, or ""."""

        def work(owner: str) -> Looking:
            uploads = [Path(one) for one in ([given] if isinstance(given, str) else given or ())]
            named = list(zip(uploads, _names(uploads, paths), strict=True))
            wanted = [(path, name) for path, name in named if not PurePosixPath(name).name.startswith(".")]
            self._named_libraries.add_files(owner, looking.chosen, wanted, replace=replaces)
            self._uploads.let_go(owner, uploads)  # the library has its own copies
            return looking

        return self._after(looking, watched, work, Room(drop=None, folder=None), otherwise=Room(drop=None, folder=None))

    def add_text(self, looking: Looking, watched: bool, name: str, text: str) -> Room:
        def work(owner: str) -> Looking:
            self._named_libraries.add_text(owner, looking.chosen, name, text)
            return looking

        return self._after(looking, watched, work, Room(text_name="", text=""))

    def add_address(self, looking: Looking, watched: bool, address: str) -> Room:
        def work(owner: str) -> Looking:
            self._named_libraries.add_address(owner, looking.chosen, address)
            return looking

        return self._after(looking, watched, work, Room(address=""))

    def unlock(self, looking: Looking, watched: bool, password: str) -> Room:
        """Tries every locked file on its way into this library. The box is emptied whatever happens."""

        def work(owner: str) -> Looking:
            for job in self._named_libraries.jobs(owner, looking.chosen):
                if password and self._named_libraries.progress(owner, job.id).locked:
                    self._named_libraries.unlock(owner, job.id, password)
            return looking

        room = self._after(looking, watched, work)
        return room._replace(password={**room.password, "value": ""})

    def find(self, looking: Looking, watched: bool, wanted: str) -> Room:
        return self._after(looking, watched, lambda _: replace(looking, wanted=wanted))

    def _done(self, owner: str, looking: Looking, verb: str, what: str) -> Looking:
        match verb:
            case "choose":
                return Looking(what)
            case "rename":
                return replace(looking, renaming=not looking.renaming)
            case "remove":
                self._named_libraries.remove(owner, what)
                return Looking()
            case "remove-file":
                self._named_libraries.remove_file(owner, looking.chosen, what)
            case "pause":
                self._named_libraries.pause(owner, what)
            case "resume":
                self._named_libraries.resume(owner, what)
            case "cancel":
                self._named_libraries.cancel(owner, what)
            case "dismiss":
                self._named_libraries.dismiss(owner, what)
            case _:
                raise BadInput(say("There is no such button."))
        return looking

    def _after(
        self,
        looking: Looking,
        watched: bool,
        work: Callable[[str], Looking],
        done: Room = Room(),  # noqa: B008 - frozen
        otherwise: Room = Room(),  # noqa: B008 - frozen
    ) -> Room:
        """The room once the work is done. done, otherwise: what becomes of the boxes if it succeeded, or did not."""
        request = self._asking()
        spoken = Spoken(words_for(request, LibraryWords), language_of(request))
        boxes = otherwise
        try:
            owner = self._owner_of(request)
            looking = work(owner)
            boxes = done
        except Exception as error:  # noqa: BLE001 - said and logged; raised, it would leave the room half drawn
            self._tell(error, spoken)
        try:
            room = self._drawn(self._owner_of(request), looking, watched, spoken)
        except Exception as error:  # noqa: BLE001 - as above
            self._tell(error, spoken)
            return boxes
        return Room(*(ours if ours is not UNCHANGED else drawn for ours, drawn in zip(boxes, room, strict=True)))

    def _tell(self, error: Exception, spoken: Spoken) -> None:
        import gradio as gr

        if isinstance(error, AssistantError):
            gr.Warning(as_text(said(error.message, spoken.language)))
            return
        number = secrets.token_hex(3)
        log.error("In the libraries' room (%s)", number, exc_info=error)
        gr.Warning(spoken.words.unexpected.format(number=number))

    def _drawn(self, owner: str, looking: Looking, watched: bool, spoken: Spoken) -> Room:
        import gradio as gr

        libraries = self._named_libraries.libraries(owner)
        jobs = [
            Filling(job, self._named_libraries.progress(owner, job.id)) for job in self._named_libraries.jobs(owner)
        ]
        running = {one.job.library: one.now for one in jobs if one.job.state == "running"}
        chosen = next((one for one in libraries if one.id == looking.chosen), None)
        if chosen is None:
            looking = Looking()
        shelf = view.shelf(libraries, looking.chosen, running, spoken.words)
        timer = gr.update(active=watched and bool(running))
        hidden = gr.update(visible=False)
        if chosen is None:
            return Room(looking, Printed(_digest(shelf)), shelf, hidden, "", hidden, "", hidden, hidden, "", timer)
        filling = [self._with_failures(owner, one) for one in jobs if one.job.library == chosen.id]
        told = view.jobs([one for one in filling if _is_worth_telling(one)], spoken)
        listed = self._named_libraries.files(owner, chosen.id)
        files = view.files(chosen, listed, looking.wanted, spoken)
        return Room(
            looking,
            Printed(_digest(shelf), _digest(told), _digest(files)),
            shelf,
            gr.update(visible=True),
            view.heading(chosen, spoken.words),
            gr.update(visible=looking.renaming, submit_btn=spoken.words.save),
            told,
            gr.update(visible=any(one.now.locked for one in filling), submit_btn=spoken.words.unlock),
            gr.update(visible=len(listed) > FEW),
            files,
            timer,
        )

    def _choices(self) -> list[tuple[str, str]]:
        return choices(self._named_libraries, self._owner_of(self._asking()))

    def _with_failures(self, owner: str, filling: Filling) -> Filling:
        if not filling.now.failed and not filling.now.locked:
            return filling
        return replace(filling, failures=tuple(self._named_libraries.failures(owner, filling.job.id)))


def choices(named_libraries: NamedLibraries, owner: str) -> list[tuple[str, str]]:
    """Name and id of each library, for whoever lets a person choose among them."""
    return [(library.name, library.id) for library in named_libraries.libraries(owner)]


def _is_worth_telling(filling: Filling) -> bool:
    """A job that went well is seen in the list of files."""
    return filling.job.state in ("running", "paused") or bool(filling.failures)


def _names(uploads: Sequence[Path], paths: str) -> list[str]:
    """Where each file lay in its folder, as far as the browser said so; else its name."""
    try:
        told = json.loads(paths or "[]")
    except ValueError:
        told = []
    if not isinstance(told, list) or len(told) != len(uploads):
        told = [""] * len(uploads)
    return [path if isinstance(path, str) and path else upload.name for upload, path in zip(uploads, told, strict=True)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

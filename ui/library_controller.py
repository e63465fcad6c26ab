"""LibraryController: the libraries panel of the browser over the named libraries. Each verb of the panel is one of its
methods, which returns what the panel shows afterwards.

Whatever happens, the panel stays usable: what is wrong is said in a sentence, and the panel is drawn as it stands.
"""

import hashlib
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
from ui.library_view import Filling, PanelLanguage
from ui.strangers_json import from_json
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
class LibrarySelection:
    """What one tab looks at."""

    chosen: str = ""
    """The id of a library."""
    wanted: str = ""
    """A part of the names of the files to show."""
    renaming: bool = False


@dataclass(frozen=True)
class LibraryDigests:
    """Digests of what a tab shows, so that it is sent again only when it changes."""

    library_list: str = ""
    jobs: str = ""
    files: str = ""


class LibraryPanel(NamedTuple):
    """What an event changes, in the order of the panel's outputs."""

    selection: Update = UNCHANGED
    digests: Update = UNCHANGED
    library_list: Update = UNCHANGED
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


class LibraryController:
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

    def seen(self, selection: LibrarySelection) -> LibraryPanel:
        """Somebody looks at the panel."""
        return self._after(selection, True, lambda _: selection)

    def tick(self, selection: LibrarySelection, digests: LibraryDigests, watched: bool) -> LibraryPanel:
        """A second has passed; what has not changed is not sent again."""
        panel = self._after(selection, watched, lambda _: selection)
        if not isinstance(panel.digests, LibraryDigests):  # it could not be drawn
            return LibraryPanel(timer=panel.timer)
        return panel._replace(
            selection=UNCHANGED,
            library_list=panel.library_list if panel.digests.library_list != digests.library_list else UNCHANGED,
            heading=UNCHANGED,
            jobs=panel.jobs if panel.digests.jobs != digests.jobs else UNCHANGED,
            files=panel.files if panel.digests.files != digests.files else UNCHANGED,
        )

    def act(self, selection: LibrarySelection, watched: bool, verb: str, what: str) -> LibraryPanel:
        """A button in one of the lists. what: the id of the library, the job or the file."""
        panel = self._after(selection, watched, lambda owner: self._done(owner, selection, verb, what))
        selected = panel.selection
        if verb in ("choose", "rename") and isinstance(selected, LibrarySelection):  # elsewhere somebody may be typing
            name = next((name for name, key in self._choices() if key == selected.chosen), "")
            return panel._replace(
                new_name={**panel.new_name, "value": name}, find={**panel.find, "value": selected.wanted}
            )
        return panel

    def make(self, selection: LibrarySelection, watched: bool, name: str) -> LibraryPanel:
        def work(owner: str) -> LibrarySelection:
            return LibrarySelection(self._named_libraries.make(owner, name).id)

        return self._after(selection, watched, work, LibraryPanel(name=""))

    def rename(self, selection: LibrarySelection, watched: bool, name: str) -> LibraryPanel:
        def work(owner: str) -> LibrarySelection:
            self._named_libraries.rename(owner, selection.chosen, name)
            return replace(selection, renaming=False)

        return self._after(selection, watched, work)

    def add_files(
        self, selection: LibrarySelection, watched: bool, given: Sequence[str] | str | None, paths: str, replaces: bool
    ) -> LibraryPanel:
        """given: where Gradio keeps the uploads. paths: JSON, for each of them where it lay in its folder, or ""."""

        def work(owner: str) -> LibrarySelection:
            uploads = [Path(one) for one in ([given] if isinstance(given, str) else given or ())]
            named = list(zip(uploads, _names(uploads, paths), strict=True))
            wanted = [(path, name) for path, name in named if not PurePosixPath(name).name.startswith(".")]
            self._named_libraries.add_files(owner, selection.chosen, wanted, replace=replaces)
            self._uploads.let_go(owner, uploads)  # the library has its own copies
            return selection

        emptied = LibraryPanel(drop=None, folder=None)
        return self._after(selection, watched, work, emptied, otherwise=emptied)

    def add_text(self, selection: LibrarySelection, watched: bool, name: str, text: str) -> LibraryPanel:
        def work(owner: str) -> LibrarySelection:
            self._named_libraries.add_text(owner, selection.chosen, name, text)
            return selection

        return self._after(selection, watched, work, LibraryPanel(text_name="", text=""))

    def add_address(self, selection: LibrarySelection, watched: bool, address: str) -> LibraryPanel:
        def work(owner: str) -> LibrarySelection:
            self._named_libraries.add_address(owner, selection.chosen, address)
            return selection

        return self._after(selection, watched, work, LibraryPanel(address=""))

    def unlock(self, selection: LibrarySelection, watched: bool, password: str) -> LibraryPanel:
        """Tries every locked file on its way into this library. The box is emptied whatever happens."""

        def work(owner: str) -> LibrarySelection:
            for job in self._named_libraries.jobs(owner, selection.chosen):
                if password and self._named_libraries.progress(owner, job.id).locked:
                    self._named_libraries.unlock(owner, job.id, password)
            return selection

        panel = self._after(selection, watched, work)
        return panel._replace(password={**panel.password, "value": ""})

    def find(self, selection: LibrarySelection, watched: bool, wanted: str) -> LibraryPanel:
        return self._after(selection, watched, lambda _: replace(selection, wanted=wanted))

    def _done(self, owner: str, selection: LibrarySelection, verb: str, what: str) -> LibrarySelection:
        match verb:
            case "choose":
                return LibrarySelection(what)
            case "rename":
                return replace(selection, renaming=not selection.renaming)
            case "remove":
                self._named_libraries.remove(owner, what)
                return LibrarySelection()
            case "remove-file":
                self._named_libraries.remove_file(owner, selection.chosen, what)
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
        return selection

    def _after(
        self,
        selection: LibrarySelection,
        watched: bool,
        work: Callable[[str], LibrarySelection],
        done: LibraryPanel = LibraryPanel(),  # noqa: B008 - frozen
        otherwise: LibraryPanel = LibraryPanel(),  # noqa: B008 - frozen
    ) -> LibraryPanel:
        """The panel once the work is done. done, otherwise: what becomes of the boxes if it succeeded, or did not."""
        request = self._asking()
        spoken = PanelLanguage(words_for(request, LibraryWords), language_of(request))
        boxes = otherwise
        try:
            owner = self._owner_of(request)
            selection = work(owner)
            boxes = done
        except Exception as error:  # noqa: BLE001 - said and logged; raised, it would leave the panel half drawn
            self._tell(error, spoken)
        try:
            panel = self._drawn(self._owner_of(request), selection, watched, spoken)
        except Exception as error:  # noqa: BLE001 - as above
            self._tell(error, spoken)
            return boxes
        return LibraryPanel(
            *(ours if ours is not UNCHANGED else drawn for ours, drawn in zip(boxes, panel, strict=True))
        )

    def _tell(self, error: Exception, spoken: PanelLanguage) -> None:
        import gradio as gr

        if isinstance(error, AssistantError):
            gr.Warning(as_text(said(error.message, spoken.language)))
            return
        number = secrets.token_hex(3)
        log.error("In the libraries panel (%s)", number, exc_info=error)
        gr.Warning(spoken.words.unexpected.format(number=number))

    def _drawn(self, owner: str, selection: LibrarySelection, watched: bool, spoken: PanelLanguage) -> LibraryPanel:
        import gradio as gr

        libraries = self._named_libraries.libraries(owner)
        jobs = [
            Filling(job, self._named_libraries.progress(owner, job.id)) for job in self._named_libraries.jobs(owner)
        ]
        running = {one.job.library: one.now for one in jobs if one.job.state == "running"}
        chosen = next((one for one in libraries if one.id == selection.chosen), None)
        if chosen is None:
            selection = LibrarySelection()
        library_list = view.library_list(libraries, selection.chosen, running, spoken.words)
        timer = gr.update(active=watched and bool(running))
        hidden = gr.update(visible=False)
        if chosen is None:
            return LibraryPanel(
                selection,
                LibraryDigests(_digest(library_list)),
                library_list,
                hidden,
                "",
                hidden,
                "",
                hidden,
                hidden,
                "",
                timer,
            )
        filling = [self._with_failures(owner, one) for one in jobs if one.job.library == chosen.id]
        told = view.jobs([one for one in filling if _is_worth_telling(one)], spoken)
        listed = self._named_libraries.files(owner, chosen.id)
        files = view.files(chosen, listed, selection.wanted, spoken)
        return LibraryPanel(
            selection,
            LibraryDigests(_digest(library_list), _digest(told), _digest(files)),
            library_list,
            gr.update(visible=True),
            view.heading(chosen, spoken.words),
            gr.update(visible=selection.renaming, submit_btn=spoken.words.save),
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
    told = from_json(paths or "[]")
    if not isinstance(told, list) or len(told) != len(uploads):
        told = [""] * len(uploads)
    return [path if isinstance(path, str) and path else upload.name for upload, path in zip(uploads, told, strict=True)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

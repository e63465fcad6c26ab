"""The libraries panel: its layout, and which event calls which verb of its controller. Nothing else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.ports.named_libraries import NamedLibraries
from ui import library_look as look
from ui.gradio_inside import asking
from ui.library_controller import LibraryController, LibraryDigests, LibraryPanel, LibrarySelection, OwnerOf, choices
from ui.uploads import Uploads
from ui.words.library import LibraryWords

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["choices", "library_panel"]

AT_ONCE = 16
TICK_SECONDS = 1.0


def library_panel(
    named_libraries: NamedLibraries, labels: LibraryWords, owner_of: OwnerOf, uploads: Uploads | None = None
) -> "gr.Column":
    """The panel, built where it is called, inside a Blocks; hidden or shown by whoever builds the page around it.

    labels: as `ui.words.labels` gives them. owner_of: whom a request belongs to. `library_look.CSS` belongs into
    the page's.
    """
    import gradio as gr

    plain: dict[str, Any] = {"apply_default_css": False}
    controller = LibraryController(named_libraries, owner_of, asking, uploads)
    with gr.Column(elem_id="room-library", min_width=0) as panel:
        selection, digests, watched = gr.State(LibrarySelection()), gr.State(LibraryDigests()), gr.State(False)
        timer = gr.Timer(TICK_SECONDS, active=False)
        gr.Markdown(labels.heading, elem_id="library-title")
        gr.Markdown(labels.introduction, elem_id="library-introduction")
        paths = gr.Textbox(visible="hidden", elem_id="library-paths")
        with gr.Row(elem_id="library-desk"):
            with gr.Column(elem_id="library-shelf", min_width=0):
                library_list = gr.HTML(
                    elem_id="library-list", js_on_load=look.PRESSED + look.SEEN + look.FOLDERS + look.NAMED, **plain
                )
                name = gr.Textbox(label=labels.new, submit_btn=labels.make, elem_id="library-new", max_lines=1, lines=1)
            with gr.Column(elem_id="library-opened", min_width=0, visible=False) as opened:
                heading = gr.HTML(elem_id="library-head", js_on_load=look.PRESSED, **plain)
                new_name = gr.Textbox(
                    label=labels.new_name, submit_btn=labels.save, visible=False, elem_id="library-rename",
                    max_lines=1, autofocus=True,
                )  # fmt: skip
                drop = gr.File(label=labels.drop, file_count="multiple", elem_id="library-drop", height=150)
                with gr.Row(elem_id="library-more"):
                    folder = gr.UploadButton(
                        labels.folder, file_count="directory", elem_id="library-folder", size="sm", min_width=0
                    )
                    replaces = gr.Checkbox(False, label=labels.replace, elem_id="library-replace", container=False)
                with gr.Accordion(labels.paste, open=False, elem_id="library-paste"):
                    text_name = gr.Textbox(label=labels.text_name, max_lines=1, elem_id="library-text-name")
                    text = gr.Textbox(label=labels.text, lines=4, max_lines=12, elem_id="library-text")
                    add_text = gr.Button(labels.add_text, size="sm", elem_id="library-add-text")
                with gr.Accordion(labels.address, open=False, visible=named_libraries.web_pages, elem_id="library-web"):
                    address = gr.Textbox(
                        label=labels.address_label, submit_btn=labels.add_address, type="text", max_lines=1,
                        placeholder="https://", elem_id="library-address",
                    )  # fmt: skip
                jobs = gr.HTML(elem_id="library-jobs", js_on_load=look.PRESSED, **plain)
                password = gr.Textbox(
                    label=labels.password, info=labels.password_note, type="password", submit_btn=labels.unlock,
                    visible=False, elem_id="library-password",
                )  # fmt: skip
                find = gr.Textbox(label=labels.find, visible=False, max_lines=1, elem_id="library-find")
                files = gr.HTML(elem_id="library-files", js_on_load=look.PRESSED, **plain)

        view = LibraryPanel(
            selection, digests, library_list, opened, heading, new_name, jobs, password, find, files, timer,
            name, drop, folder, text_name, text, address,
        )  # fmt: skip
        private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        told: dict[str, Any] = {
            "outputs": list(view),
            "concurrency_limit": AT_ONCE,  # queued: only then a word of ours reaches the page
            "concurrency_id": "library",
            **private,
        }

        def pressed(event: gr.EventData, now: LibrarySelection, is_watched: bool) -> LibraryPanel:
            return controller.act(now, is_watched, *_said(event._data))

        def on(listener: Callable[..., Any], verb: Callable[..., LibraryPanel], *inputs: Any, **more: Any) -> None:
            listener(verb, [selection, watched, *inputs], **{**told, **more})

        begins = library_list.seen(lambda: True, outputs=[watched], **private)
        begins.then(controller.seen, [selection], **told)
        library_list.unseen(lambda: (False, gr.update(active=False)), outputs=[watched, timer], **private)
        timer.tick(controller.tick, [selection, digests, watched], **told)
        for lists in (library_list, heading, jobs, files):
            lists.act(pressed, [selection, watched], **told)
        on(name.submit, controller.make, name)
        on(new_name.submit, controller.rename, new_name)
        on(text.submit, controller.add_text, text_name, text)
        on(add_text.click, controller.add_text, text_name, text)
        on(address.submit, controller.add_address, address)
        on(password.submit, controller.unlock, password)
        on(find.input, controller.find, find, trigger_mode="always_last")
        for given in (drop, folder):
            given.upload(
                lambda files, lay, now, is_watched, same: controller.add_files(now, is_watched, files, lay, same),
                [given, paths, selection, watched, replaces],
                js=look.WHERE_THEY_LAY,
                **told,
            )
    made: gr.Column = panel
    return made


def _said(data: object) -> tuple[str, str]:
    """Which button it was. What comes from a browser may be anything."""
    if not isinstance(data, dict):
        return "", ""
    return str(data.get("verb", "")), str(data.get("what", ""))

"""The page: its layout, and which event calls which handler. Nothing else."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import SetupError
from assistant.limits import Limits
from assistant.settings import Settings
from ui import theme
from ui.evidence_panel import EvidencePanel, Original, kept_nowhere
from ui.handlers import Answerer, Handlers
from ui.lending import Lending
from ui.words import i18n, in_language, labels
from ui.words.chat import Words

if TYPE_CHECKING:
    import gradio as gr

AT_ONCE = 16  # answers in the making; the models have queues of their own
RECORDING = ".wav"  # what the browser makes of a recording
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
KEPT_SECONDS = 24 * 3600  # how long an upload is kept for showing it


@dataclass(frozen=True)
class Page:
    """The page and the originals that are lent to it."""

    blocks: "gr.Blocks"
    lending: Lending

    def block_thread(self) -> None:
        """Until the page is stopped."""
        self.blocks.block_thread()


def build(
    answer: Answerer,
    forget: Callable[[str], None],
    status: Callable[[], tuple[str, ...]],
    upload_extensions: Sequence[str],
    title: str = "Medley",
    examples: Sequence[str] = (),
    original: Original = kept_nowhere,
    limits: Limits | None = None,
) -> Page:
    """The page, not yet served.

    answer: `Assistant.answer`; ends soon after its event is set. forget: removes what was given in the
    conversation of that id. status: what is loading, one line each; none: everything is ready.
    upload_extensions: lower case with the dot. examples: questions offered while the chat is empty.
    original: the file that a piece of a conversation's evidence comes from, if it was kept.
    """
    _tell_nobody()
    import gradio as gr

    words = labels(i18n(), Words)
    evidence = EvidencePanel(original, limits or Limits())
    handlers = Handlers(answer, forget, status, left=evidence.leave)

    def fill_in(chosen: gr.SelectData) -> dict[str, str]:
        """An offered question goes into the box, where files can be added to it."""
        return {"text": chosen.value["text"]}

    page = gr.Blocks(title=title, fill_height=True, delete_cache=(3600, KEPT_SECONDS))
    with page:
        session = gr.State(None, delete_callback=handlers.leave)
        recorded = gr.Textbox(visible="hidden", elem_id="recorded")
        with gr.Row(elem_id="top"):
            gr.Markdown(f"# {title}", elem_id="title")
            new = gr.Button(words.new, size="sm", elem_id="new", min_width=0)
        loading = gr.Markdown(elem_id="status", visible=False)
        with gr.Row(elem_id="desk"):
            chat = gr.Chatbot(**_chat(words, examples))
            _evidence(evidence, words, session, [new.click, chat.clear])
        password = gr.Textbox(
            visible=False, type="password", label=words.password, submit_btn=words.unlock, elem_id="password"
        )
        with gr.Row(elem_id="ask"):
            box = gr.MultimodalTextbox(**_box(words, upload_extensions))
            voice = gr.Audio(**_voice(words))

        view = [chat, box, voice, session, password]
        asking = {**PRIVATE, "outputs": view, "concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
        box.submit(handlers.ask, [box, recorded, session], js=theme.recorded_in(3, box=0), **asking)
        said = [voice, box, recorded, session]
        voice.stop_recording(handlers.ask_aloud, said, js=theme.recorded_in(4, box=1), **asking)
        password.submit(handlers.unlock, [password, session], **asking)
        box.stop(handlers.stop, [session], queue=False, **PRIVATE)
        chat.example_select(fill_in, None, [box], queue=False, **PRIVATE)
        gr.on([new.click, chat.clear], handlers.new, [session], view, queue=False, **PRIVATE)
        timer = gr.Timer(1.0)
        gr.on([page.load, timer.tick], handlers.loading, None, [loading, timer], queue=False, **PRIVATE)
    return Page(page, evidence.lending)


def launch(page: Page, settings: Settings, block: bool = True) -> str:
    """Serves the page and returns its local address; with `block` only once it was stopped.

    Through Gradio's own launch, never mounted in another app: a mounted page lets anyone read any file.
    Raises SetupError where the port cannot be had.
    """
    _reach_ourselves_directly()
    try:
        _, address, _ = page.blocks.launch(
            server_name=settings.host,
            server_port=settings.port,
            max_file_size=settings.limits.file_bytes,
            theme=theme.theme(),
            css=theme.CSS,
            head=theme.HEAD,
            footer_links=[],
            ssr_mode=False,
            share=False,
            show_error=False,
            enable_monitoring=False,
            quiet=True,
            prevent_thread_lock=True,
            i18n=i18n(),
            app_kwargs={"routes": [page.lending.route()]},
        )
    except OSError as error:
        raise SetupError(in_language("en", Words).port_taken.format(port=settings.port, host=settings.host)) from error
    if block:
        page.block_thread()
    return str(address)


def _evidence(evidence: EvidencePanel, words: Words, session: "gr.State", ending: list[Any]) -> None:
    """The panel beside the chat. ending: the events that end a conversation, and close it."""
    import gradio as gr

    asked = gr.Textbox(visible="hidden", elem_id="evidence-asked")
    opened = gr.Button(visible="hidden", elem_id="evidence-open")
    with gr.Column(elem_id="evidence", visible=False, min_width=0) as panel:
        with gr.Row(elem_id="evidence-bar"):
            previous, following, close = (
                gr.Button(label, size="sm", min_width=0, elem_id=f"evidence-{name}")
                for name, label in (("previous", words.previous), ("next", words.next), ("close", words.close))
            )
        body = gr.HTML(elem_id="evidence-body")
    looking: dict[str, Any] = {
        "outputs": [panel, body, previous, following],
        "trigger_mode": "always_last",
        "concurrency_limit": AT_ONCE,  # queued: only then a word of ours reaches the page
        "concurrency_id": "look",
        **PRIVATE,
    }
    opened.click(evidence.open, [asked, session], js=theme.ASKED_EVIDENCE, **looking)
    previous.click(evidence.previous, [session], **looking)
    following.click(evidence.next, [session], **looking)
    gr.on([close.click, *ending], evidence.close, None, **looking)


def _tell_nobody() -> None:
    """Gradio and the hub's library send no statistics; both read this when they are first imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def _reach_ourselves_directly() -> None:
    """At its start Gradio asks its own address whether it is there; a proxy must not stand between."""
    for variable in ("NO_PROXY", "no_proxy"):
        known = [host for host in os.environ.get(variable, "").split(",") if host]
        os.environ[variable] = ",".join(dict.fromkeys([*known, "localhost", "127.0.0.1"]))


def _chat(words: Words, examples: Sequence[str]) -> dict[str, Any]:
    return {
        "label": words.chat,
        "show_label": False,
        "elem_id": "chat",
        "height": "100%",
        "scale": 1,
        "layout": "bubble",
        "placeholder": words.welcome,
        "examples": [{"text": example} for example in examples] or None,
        "buttons": ["copy"],
        "feedback_options": None,
        "sanitize_html": True,
        "allow_tags": False,
        "latex_delimiters": [],  # formulas are cut out before the Markdown is read, which `untrusted` does not follow
    }


def _box(words: Words, upload_extensions: Sequence[str]) -> dict[str, Any]:
    return {
        "label": words.box,
        "show_label": False,
        "placeholder": words.placeholder,
        "elem_id": "box",
        "sources": ["upload", "microphone"],
        "file_count": "multiple",
        "file_types": sorted({*upload_extensions, RECORDING}),
        "max_plain_text_length": 20_000,
        "autofocus": True,
        "scale": 1,
    }


def _voice(words: Words) -> dict[str, Any]:
    return {
        "label": words.voice,
        "sources": ["microphone"],
        "type": "filepath",
        "elem_id": "voice",
        "show_label": False,
        "editable": False,
        "buttons": [],
        "container": False,
        "scale": 0,
        "min_width": 0,
        "waveform_options": {"show_recording_waveform": False},
    }

"""The page: its layout, and which event calls which handler. Nothing else."""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.answering.commands import Presets
from assistant.conversations.conversations import Conversations
from assistant.ports.named_libraries import LibraryInfo, NamedLibraries
from assistant.settings.settings import Settings
from assistant.setup.settings_service import SettingsService
from assistant.values.errors import SetupError
from assistant.values.limits import Limits, VisitorShares
from assistant.values.messages import Message, as_message
from ui import call_view, command_view, keys_view, theme, welcome_view
from ui.aloud import ReadAloudService
from ui.api.beside import Beside
from ui.bounds import Bounds
from ui.calls import Calls, CallSetup
from ui.chat_controller import ChatController
from ui.chosen_language import ChosenLanguage
from ui.commands import Commands
from ui.door import Door, before_everything, known_by
from ui.evidence_panel import EvidencePanel, Original, Scopes, kept_nowhere, no_libraries
from ui.file_strip import FileStrip
from ui.following import Following
from ui.gradio_inside import events, forget_tab
from ui.growing_line import GrowingLine
from ui.handed_over import HandedOver
from ui.handlers import Handlers
from ui.library_panel import library_panel
from ui.notice_line import NoticeLine
from ui.owner import COOKIE_SCRIPT, DIRECT, AddressOf, address_of_page, is_loopback
from ui.session import Session
from ui.settings_panel import settings_panel
from ui.shared_page import SharedPage
from ui.sign_in import sign_in_button
from ui.temporary_urls import TemporaryUrls
from ui.turnstile import Turnstile
from ui.untrusted import FORMULAS
from ui.uploads import Uploads
from ui.words import i18n, in_language, labels
from ui.words.call import CallWords
from ui.words.chat import ChatWords
from ui.words.conversations import ConversationWords
from ui.words.library import LibraryWords
from ui.words.settings import SettingsWords

if TYPE_CHECKING:
    import gradio as gr

AT_ONCE = 16  # of each kind of event; answers wait for their turn in a queue of their own
_THREADS = 60  # for events, beside one for each answer that is asked for
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
KEPT_SECONDS = 24 * 3600  # how long an upload is kept for showing it


@dataclass(frozen=True)
class BuiltPage:
    """The page, and what is served beside it."""

    blocks: "gr.Blocks"
    urls: TemporaryUrls
    shared: SharedPage
    owner_of: Callable[[Any], str]
    uploads: Uploads
    calls: Calls | None = None
    aloud: ReadAloudService | None = None
    notices: Sequence[Message] = ()

    def block_thread(self) -> None:
        """Until the page is stopped."""
        self.blocks.block_thread()


@dataclass(frozen=True)
class Panels:
    """What the page has beside the chat. Where one is None, the page has no panel for it."""

    named_libraries: NamedLibraries | None = None
    scopes: Scopes = no_libraries
    """The scopes of the libraries with these ids, for opening what is cited from them."""
    settings: SettingsService | None = None
    presets: Presets | None = None
    """Commands that the box offers."""
    calls: CallSetup | None = None
    """What calls hear and speak with."""
    aloud: ReadAloudService | None = None
    """Reads answers aloud."""
    notices: Sequence[Message] = ()
    """What became known of the models since the start. It grows."""


def build(
    conversations: Conversations,
    status: Callable[[], tuple[str, ...]],
    owner_of: Callable[[Any], str],
    title: str = "Medley",
    original: Original = kept_nowhere,
    limits: Limits | None = None,
    panels: Panels = Panels(),
    address_of: AddressOf = DIRECT,
) -> BuiltPage:
    """The page, not yet served.

    status: what is loading, one line each; none: everything is ready. owner_of: whose a request is (`ui.owner`).
    original: the file that a piece of a conversation's evidence comes from, if it was kept. address_of: where a request
    comes from.
    """
    _tell_nobody()
    import gradio as gr

    from ui.odd_values import CheckedBlocks

    words, limits = labels(i18n(), ChatWords), limits or Limits()
    named_libraries = panels.named_libraries
    libraries = named_libraries.libraries if named_libraries is not None else _none_named
    uploads = Uploads()
    controller = ChatController(conversations.history, owner_of, libraries, limits, panels.aloud, uploads, address_of)
    handlers, commands = (
        Handlers(controller, conversations, status),
        Commands(controller, conversations, named_libraries=named_libraries),
    )
    evidence = EvidencePanel(controller, original, limits, panels.scopes)
    page = CheckedBlocks(title=title, fill_height=True, delete_cache=(3600, KEPT_SECONDS))
    with page:
        session = gr.State(None, delete_callback=controller.leave)
        state = gr.Textbox(visible="hidden", elem_id="told")
        press = {name: gr.Button(visible="hidden", elem_id=name) for name in ("do", "do-ask", "look", "no-camera")}
        keys = gr.HTML(elem_id="keys", apply_default_css=False)
        with gr.Row(elem_id="house"):
            aside = _aside(panels)
            with gr.Column(elem_id="rooms", min_width=0):
                new = _top(words, title)
                loading = gr.Markdown(elem_id="status", visible=False)
                chat = _chat_panel(words, evidence, session, talks=panels.calls is not None)
                if named_libraries is not None:
                    library_panel(named_libraries, labels(i18n(), LibraryWords), owner_of, uploads)
                if panels.settings is not None:
                    settings_panel(panels.settings, labels(i18n(), SettingsWords), owner_of, uploads)
        _camera(words)

        beginning = [chat.chat, chat.box, chat.voice, chat.password, chat.editing, aside.conversations, session]
        asking: dict[str, Any] = {**PRIVATE, "outputs": beginning, **_queued("ask")}
        state_with_box = "(box, told, session) => [box, window.medley.told(box), session]"
        state_with_voice = "(voice, box, told, session) => [voice, box, window.medley.told(box), session]"
        commanded = "(told, session) => [window.medley.command(), session]"
        begun = [
            chat.box.submit(handlers.ask, [chat.box, state, session], js=state_with_box, **asking),
            chat.voice.stop_recording(
                handlers.ask_aloud, [chat.voice, chat.box, state, session], js=state_with_voice, **asking
            ),
            chat.password.submit(handlers.unlock, [chat.password, session], **asking),
            press["do-ask"].click(handlers.command, [state, session], js=commanded, **asking),
        ]
        settled = [chat.chat, chat.box, chat.voice, chat.password, aside.conversations]
        changes: list[Any] = []  # after these it may be another conversation, or more may be taken in
        for each in begun:
            streamed = each.then(
                handlers.stream, [session], [chat.chat], **PRIVATE, **_queued("stream", VisitorShares.asked)
            )
            changes.append(streamed.then(handlers.settle, [session], settled, **PRIVATE, **_queued("settle")))
        chat.box.stop(handlers.stop, [session], queue=False, **PRIVATE)

        opening: dict[str, Any] = {
            "outputs": [chat.chat, chat.box, chat.editing, chat.password, aside.conversations, chat.libraries, session],
            "trigger_mode": "multiple",  # else what is pressed while the one before is on its way would be lost
            **PRIVATE,
            **_queued("command"),
        }
        changes += [
            press["do"].click(commands.do, [state, session], js=commanded, **opening),
            new.click(commands.new, [session], **opening),
            aside.take_in.upload(commands.take_in, [aside.take_in, session], **opening),
            page.load(commands.arrive, [state], js="(told) => [window.medley.arrived()]", **opening),
        ]
        NoticeLine(controller, panels.notices).mount(session, chat.notices, changes, _queued("notices"))
        Following(controller).mount(session, [chat.chat, chat.box, aside.conversations], changes, _queued("follow"))
        FileStrip(controller, conversations).mount(session, chat.files, [*changes, *begun], _queued("strip"))
        GrowingLine(controller, conversations).mount(session, chat.growing, changes, _queued("growing"))
        aside.search.change(
            commands.search, [aside.search, session], [aside.conversations, session],
            trigger_mode="always_last", **PRIVATE, **_queued("search"),
        )  # fmt: skip
        chat.libraries.input(commands.use, [chat.libraries, session], [session], **PRIVATE, **_queued("command"))
        _first_look(chat, press, limits)
        press["no-camera"].click(commands.no_camera, **PRIVATE, **_queued("command"))

        if (presets := panels.presets) is not None:
            page.load(lambda: command_view.view(presets), None, [chat.commands], **PRIVATE, **_queued("command"))
        page.load(keys_view.view, None, [keys], **PRIVATE, **_queued("command"))
        page.load(welcome_view.view, None, [chat.welcome], **PRIVATE, **_queued("command"))
        if panels.calls is not None:
            page.load(call_view.view, None, [chat.talking], **PRIVATE, **_queued("command"))
        timer = gr.Timer(1.0)
        gr.on([page.load, timer.tick], handlers.loading, None, [loading, timer], queue=False, **PRIVATE)
        page.unload(_forget_tab(page, controller))
    calls = (
        None
        if panels.calls is None
        else Calls(conversations, panels.calls, owner_of, controller.choices, address_of=address_of)
    )
    return BuiltPage(page, controller.urls, SharedPage(controller.shares), owner_of, uploads, calls, panels.aloud)


def _top(words: ChatWords, title: str) -> "gr.Button":
    """The line above every room; the button that begins a conversation."""
    import gradio as gr

    with gr.Row(elem_id="top"):
        gr.Button(words.menu, size="sm", elem_id="menu", min_width=0)
        gr.Markdown(f"# {title}", elem_id="title")
        new = gr.Button(words.new, size="sm", elem_id="new", min_width=0)
        sign_in_button(os.environ)
    return new


@dataclass(frozen=True)
class _Aside:
    search: "gr.Textbox"
    conversations: "gr.HTML"
    take_in: "gr.UploadButton"


@dataclass(frozen=True)
class _ChatPanel:
    chat: "gr.Chatbot"
    box: "gr.MultimodalTextbox"
    voice: "gr.Audio"
    password: "gr.Textbox"
    editing: "gr.HTML"
    files: "gr.HTML"
    given: "gr.HTML"
    notices: "gr.HTML"
    growing: "gr.HTML"
    libraries: "gr.CheckboxGroup"
    welcome: "gr.HTML"
    commands: "gr.HTML"
    talking: "gr.HTML"


def _aside(panels: Panels) -> _Aside:
    """The list of conversations, and the way to the other panels."""
    import gradio as gr

    words = labels(i18n(), ConversationWords)
    with gr.Column(elem_id="aside", min_width=0):
        search = gr.Textbox(
            label=words.search,
            placeholder=words.search,
            show_label=False,
            container=False,
            max_lines=1,
            elem_id="search",
        )
        conversations = gr.HTML(elem_id="conversations", apply_default_css=False)
        take_in = gr.UploadButton(
            words.import_archive, file_types=[".zip"], size="sm", variant="secondary", elem_id="import", min_width=0
        )
        with gr.Row(elem_id="doors"):
            gr.Button(words.chat, link="#", size="sm", elem_id="go-chat", min_width=0)
            if panels.named_libraries is not None:
                gr.Button(words.library, link="#library", size="sm", elem_id="go-library", min_width=0)
            if panels.settings is not None:
                gr.Button(words.settings, link="#settings", size="sm", elem_id="go-settings", min_width=0)
    return _Aside(search, conversations, take_in)


def _chat_panel(words: ChatWords, evidence: EvidencePanel, session: "gr.State", talks: bool) -> _ChatPanel:
    import gradio as gr

    with gr.Column(elem_id="room-chat", min_width=0):
        files = gr.HTML(elem_id="files", visible=False, apply_default_css=False)
        with gr.Row(elem_id="desk"):
            chat = gr.Chatbot(**_chat(words))
            _evidence(evidence, words, session)
        password = gr.Textbox(
            visible=False, type="password", label=words.password, submit_btn=words.unlock, elem_id="password"
        )
        editing, notices, growing = (
            gr.HTML(elem_id=name, visible=False, apply_default_css=False) for name in ("editing", "notices", "growing")
        )
        offered = gr.HTML(elem_id="commands", apply_default_css=False)
        talking = gr.HTML(elem_id="talk-strips", apply_default_css=False)
        gr.Button(words.stop_reading, size="sm", elem_id="aloud-stop", min_width=0)
        with gr.Row(elem_id="ask"):
            given = gr.HTML(elem_id="given", visible=False, apply_default_css=False)
            box = gr.MultimodalTextbox(**_box(words))
            gr.Button(words.photo, elem_id="photo", min_width=0, size="sm")
            if talks:
                _talk_buttons()
            voice = gr.Audio(**_voice(words))
        libraries = gr.CheckboxGroup(choices=[], label=words.libraries, visible=False, elem_id="libraries")
        welcome = gr.HTML(elem_id="welcome", apply_default_css=False)
    return _ChatPanel(
        chat, box, voice, password, editing, files, given, notices, growing, libraries, welcome, offered, talking
    )


def _talk_buttons() -> None:
    """For asking by voice and for a call; the page's script does the rest, and hides the recorder that it replaces."""
    import gradio as gr

    words = labels(i18n(), CallWords)
    gr.Button(words.talk, elem_id="talk", min_width=0, size="sm")
    gr.Button(words.call, elem_id="call", min_width=0, size="sm")


def _evidence(evidence: EvidencePanel, words: ChatWords, session: "gr.State") -> None:
    """The panel beside the chat."""
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
        "outputs": [panel, body, previous, following, session],
        "trigger_mode": "always_last",
        **_queued("look"),
        **PRIVATE,
    }
    asks = "(asked, session) => [window.medleyAsked || '', session]"
    opened.click(evidence.open, [asked, session], js=asks, **looking)
    previous.click(evidence.previous, [session], **looking)
    following.click(evidence.next, [session], **looking)
    close.click(evidence.close, None, **looking)


def _first_look(chat: _ChatPanel, press: dict[str, "gr.Button"], limits: Limits) -> None:
    """What is in the box is looked at before it is sent, each time that its files change and not at each letter."""
    look = HandedOver(limits)
    chat.box.change(None, [chat.box], None, js="(box) => { window.medley.files(box); }", **PRIVATE)
    press["look"].click(look.look, [chat.box], [chat.given], trigger_mode="always_last", **PRIVATE, **_queued("files"))


def _camera(words: ChatWords) -> None:
    """A look through the camera, shown by the page's script."""
    import gradio as gr

    with gr.Column(elem_id="camera", min_width=0):
        gr.HTML("<video playsinline muted></video>", apply_default_css=False)
        with gr.Row():
            gr.Button(words.photo_taken, variant="primary", elem_id="camera-take", min_width=0)
            gr.Button(words.cancel, elem_id="camera-cancel", min_width=0)


def _forget_tab(page: "gr.Blocks", controller: ChatController) -> Callable[..., None]:
    """Gradio keeps what a tab last showed for as long as it runs; a closed one is let go of."""
    import gradio as gr

    def forget(request: gr.Request) -> None:
        for value in forget_tab(page, str(request.session_hash)):
            if isinstance(value, Session):
                controller.leave(value)

    return forget


def _none_named(_: str) -> Sequence[LibraryInfo]:
    return ()


def _queued(name: str, at_once: int = AT_ONCE) -> dict[str, Any]:
    """For an event that has a word to say: only from the queue does one reach the page."""
    return {"concurrency_limit": at_once, "concurrency_id": name}


def launch(page: BuiltPage, settings: Settings, block: bool = True, beside: Beside | None = None) -> str:
    """Serves the page and returns its local address; with `block` only once it was stopped. beside: what else it has.

    Through Gradio's own launch, never mounted in another app: a mounted page lets anyone read any file.
    Raises SetupError where the port cannot be had.
    """
    from starlette.middleware import Middleware

    routes = [
        page.urls.route(page.owner_of),
        *page.shared.routes(),
        *([] if page.calls is None else [page.calls.route()]),
        *([] if page.aloud is None else page.aloud.routes(page.owner_of)),
    ]
    alone = is_loopback(settings.host) and "SPACE_ID" not in os.environ
    door = partial(Door, alone=alone, ours=known_by(settings, os.environ))
    lifespan = before_everything(
        door if beside is None else beside.around(door), beside.lifespan if beside else nullcontext
    )
    _reach_ourselves_directly()
    page.blocks.space_id = None  # or the page asks other machines: for fonts, and about its Space
    try:
        _, address, _ = page.blocks.launch(
            server_name=settings.host,
            server_port=settings.port,
            max_threads=VisitorShares.asked + _THREADS,
            max_file_size=max(settings.limits.file_bytes, settings.limits.recording_bytes),
            theme=theme.theme(),
            head=theme.head(),
            footer_links=[],
            ssr_mode=False,
            share=False,
            show_error=False,
            enable_monitoring=False,
            quiet=True,
            prevent_thread_lock=True,
            i18n=i18n(),
            app_kwargs={
                "routes": routes,
                "lifespan": lifespan,
                "middleware": [
                    Middleware(Turnstile, address_of=address_of_page(settings, os.environ)),
                    Middleware(
                        Bounds, owner_of=page.owner_of, uploads=page.uploads, ours=routes, events=events(page.blocks)
                    ),
                    Middleware(ChosenLanguage, first=COOKIE_SCRIPT),
                ],
            },
        )
    except OSError as error:
        raise SetupError(
            as_message(in_language("en", ChatWords).port_taken.format(port=settings.port, host=settings.host))
        ) from error
    if block:
        page.block_thread()
    return str(address)


def _tell_nobody() -> None:
    """Gradio and the hub's library send no statistics; both read this when they are first imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def _reach_ourselves_directly() -> None:
    """At its start Gradio asks its own address whether it is there; a proxy must not stand between."""
    for variable in ("NO_PROXY", "no_proxy"):
        known = [host for host in os.environ.get(variable, "").split(",") if host]
        os.environ[variable] = ",".join(dict.fromkeys([*known, "localhost", "127.0.0.1"]))


def _chat(words: ChatWords) -> dict[str, Any]:
    return {
        "label": words.chat,
        "show_label": False,
        "elem_id": "chat",
        "height": "100%",
        "scale": 1,
        "layout": "bubble",
        "placeholder": words.welcome,
        "buttons": [],
        "feedback_options": None,
        "sanitize_html": True,
        "allow_tags": False,
        "latex_delimiters": FORMULAS,
    }


def _box(words: ChatWords) -> dict[str, Any]:
    return {
        "label": words.box,
        "show_label": False,
        "placeholder": words.placeholder,
        "elem_id": "box",
        "sources": ["upload", "microphone"],
        "file_count": "multiple",
        "max_plain_text_length": 5_000,
        "autofocus": True,
        "scale": 1,
    }


def _voice(words: ChatWords) -> dict[str, Any]:
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

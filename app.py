"""Medley: options → settings → wire the parts → load → launch. The only file that knows everyone.

    python app.py                           the page
    python app.py ask "question" --file F   one turn in the terminal
    python app.py ingest PATH… --library N  files and folders into a named library
    python app.py weights list              the models' files: list, fetch, verify

`--help` answers at once: everything heavy is imported where it is needed.
"""

import argparse
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.chosen import ChosenFile
from assistant.errors import AssistantError, BadInput, SetupError
from assistant.settings import Settings, from_environment, given_by_hand

if TYPE_CHECKING:
    from assistant.events import Status
    from assistant.evidence import Document
    from assistant.loading import Part
    from assistant.models import Models
    from assistant.orchestrator import Assistant
    from assistant.originals import Originals
    from assistant.parts import Attachment, Image
    from assistant.ports import Description
    from assistant.settings_desk import Folder
    from retrieval.journal import Incoming
    from retrieval.libraries import Libraries
    from ui.calls import Means

OWNER = "me"  # of the named libraries: whoever runs this program

QUIET = {  # nothing below us calls home, and no library talks over the answer
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "ORT_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_WAIT_POLICY": "PASSIVE",  # idle threads that spin take the processor from the one that works
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit status: 0 done, 1 failure, 2 bad input or options, 130 ended by Ctrl-C or a signal."""
    options = _parser().parse_args(arguments)
    _end_in_order()
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    try:
        chosen = lambda folder: ChosenFile(folder).read(_say)  # noqa: E731 - by the data folder, which a flag may name
        settings = from_environment(os.environ, chosen, **_flags(options))
        return int(options.run(options, settings))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, BadInput | SetupError) else 1


def _end_in_order() -> None:
    """Whoever ends us by a signal, as a machine does that shuts down, is answered like Ctrl-C."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no second one
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)


def page(options: argparse.Namespace, settings: Settings) -> int:
    """The page; models load in the background while it is already up."""
    from assistant.device import import_spaces, is_zerogpu

    if is_zerogpu():
        import_spaces()  # before torch
    from assistant.background import Background
    from assistant.busy import Busy
    from assistant.conversations import Conversations
    from assistant.history import History
    from assistant.loading import load_in_background
    from assistant.originals import Originals
    from assistant.presets import Presets
    from assistant.settings_desk import SettingsDesk
    from ui import page as pages
    from ui.aloud import Aloud
    from ui.owner import owner_of_page

    began = time.monotonic()
    busy = Busy()
    originals = Originals(settings.data / "originals")
    models, assistant = wire(settings, settings.data / "library", originals)
    libraries = open_libraries(settings, assistant, busy)
    shared = libraries.scopes(OWNER, options.library)
    history = History(settings.data / "conversations", originals)

    def scopes(owner: str, ids: Sequence[str]) -> tuple[str, ...]:
        return (*libraries.scopes_of(owner, ids), *shared)

    desk = SettingsDesk(
        models,
        ChosenFile(settings.data),
        Presets(settings.data / "presets"),
        fixed=given_by_hand(os.environ, **_flags(options)),
        folders=_kept_in(settings),
        conversations=lambda owner: len(history.list(owner)),
        delete_conversations=lambda owner: conversations.forget_everything(owner),
        shelves=libraries,
    )
    background = Background(assistant.library, assistant.go_on, busy)
    assistant = replace(assistant, live=desk.settings, background=background)
    conversations = Conversations(history, assistant, originals, scopes, busy)
    built = pages.build(
        conversations,
        lambda: _status(models, assistant),
        owner_of_page(settings.host, os.environ),
        original=assistant.original,
        limits=settings.limits,
        rooms=pages.Rooms(
            libraries, scopes, desk, desk.presets, _means(models, desk.settings), Aloud(models.speaker, desk.settings)
        ),
    )
    try:
        parts = _parts(models, assistant)

        def loaded(part: "Part[Any]") -> None:
            if part is models.selection:
                _say(models.selection.get().why)
            elif part is assistant.library:
                if models.engine.state == "ready":
                    _say(f"Can answer after {time.monotonic() - began:.1f} s.")
                try:
                    libraries.open(shared)
                    conversations.settle()
                    background.wake()
                except AssistantError as error:
                    _say(str(error))
            elif part is parts[-1]:
                _say("Ready: " + ", ".join(f"{one.name} {one.seconds:.1f} s" for one in parts))
            while models.notices:
                _say(models.notices.pop(0))

        def load() -> threading.Thread:
            return load_in_background(parts, loaded, lambda part, error: _say(f"{part.name}: {error}"))

        if is_zerogpu():  # a GPU is lent to the models that are there when the page is launched
            load().join()
        address = pages.launch(built, settings, block=False)
        _say(f"Medley is at {address} after {time.monotonic() - began:.1f} s. Ctrl-C ends it.")
        if not is_zerogpu():
            load()
        built.block_thread()
    finally:
        background.close()
        libraries.close()
        history.close()
        assistant.close()
    return 0


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """One turn. What is handed over is kept nowhere; without --library, nor is anything that was kept before seen."""
    from assistant.conversation import Conversation
    from assistant.parts import Attachment, Text, Turn
    from ui import terminal

    files = [Attachment(path, path.name, password=options.password) for path in options.file]
    voice = [Attachment(options.voice, options.voice.name, spoken=True)] if options.voice else []
    question = sys.stdin.read() if options.question == "-" else options.question
    turn = Turn((*([Text(question)] if question else []), *voice, *files))
    models, assistant = wire(settings, settings.data / "library" if options.library else None)
    conversation = Conversation()
    if options.library:
        libraries = open_libraries(settings, assistant)
        conversation.libraries = libraries.scopes(OWNER, options.library)
        libraries.close()
    try:
        events = assistant.answer(turn, conversation)
        told: list[str] = []
        if options.aloud:
            events = terminal.noting(events, told)
        status = terminal.show_json(events) if options.json else terminal.show(events)
        if told:
            terminal.read_aloud(told[0], models.speaker.get(), settings.speaking_speed, options.aloud)
        return status
    finally:
        assistant.forget(conversation.id)
        assistant.close()


def ingest(options: argparse.Namespace, settings: Settings) -> int:
    """Files into a named library; or what is in the libraries shown, renamed or removed. Ctrl-C pauses."""
    from retrieval.libraries import check_free
    from ui import ingest as terminal

    if options.list or options.rename or options.remove:
        return _keep_house(options, settings)
    given = _gather(options, settings)
    check_free(settings.data / "library")
    models, assistant = wire(settings, settings.data / "library")
    libraries = open_libraries(settings, assistant)
    try:
        if not given:
            libraries.find(OWNER, options.library)
        _say("Loading the embedding model")
        assistant.library.get()
        models.picture_embedder.get()
        libraries.open()
        if given:
            files = [make(libraries.incoming) for make in given]
            library, job = libraries.begin(OWNER, options.library, files, options.password)
        else:
            library, job = libraries.go_on(OWNER, options.library, options.password)
        return terminal.watch(libraries, OWNER, job.id, _go_on(options, library.name))
    finally:
        libraries.close()
        assistant.close()


def _gather(options: argparse.Namespace, settings: Settings) -> "list[Callable[[Path], Incoming]]":
    """What `ingest` is to take in, still to be put into the folder where it waits. Says first what is wrong with it."""
    from functools import partial

    from retrieval import gathering
    from retrieval.decoding import decode
    from retrieval.web_page import fetch

    if not options.library:
        raise BadInput("Name the library: python app.py ingest PATH… --library NAME")
    addresses = [given for given in options.paths if gathering.is_address(given)]
    if addresses and not settings.web_pages:
        raise BadInput("I fetch web pages only when that is allowed, with --web-pages or MEDLEY_WEB_PAGES=yes.")
    paths = [Path(given) for given in options.paths if not gathering.is_address(given)]
    files: list[Callable[[Path], Incoming]] = []
    if paths:
        files += [partial(_as_it_is, file) for file in gathering.from_paths(paths)]
    files += [partial(gathering.from_page, fetch(address), address) for address in addresses]
    if options.text is not None:
        if sys.stdin.isatty():
            _say("Type or paste the text, then Ctrl-D")
        text, _ = decode(sys.stdin.buffer.read(settings.limits.document_characters * 4))
        if not text.strip():
            raise BadInput("There is no text on standard input to add.")
        files.append(partial(gathering.from_text, text, options.text))
    return files


def _keep_house(options: argparse.Namespace, settings: Settings) -> int:
    """Shows, renames or removes libraries, for which no model is loaded."""
    from contextlib import ExitStack

    from assistant.loading import Part
    from retrieval.libraries import Libraries, check_free, without_models
    from ui import ingest as terminal

    if options.paths or options.text is not None or options.password or options.library:
        raise BadInput("--list, --rename and --remove take no files, and no --text, --password or --library.")
    folder = settings.data / "library"
    with ExitStack() as opened:
        library = Part("Library", lambda _: opened.enter_context(without_models(folder)))
        libraries = Libraries(folder, library.get, wire(settings, folder)[1].read)
        opened.callback(libraries.close)
        if options.list:
            return terminal.show(libraries, OWNER)
        if options.rename:
            return terminal.rename(libraries, OWNER, *options.rename)
        check_free(folder)
        return terminal.remove(libraries, OWNER, *options.remove)


def _go_on(options: argparse.Namespace, name: str) -> str:
    """The command that goes on with what was paused."""
    command = ["python", "app.py", "ingest", "--library", name]
    if data := getattr(options, "data", None):
        command += ["--data", str(data)]
    return shlex.join(command)


def weights(options: argparse.Namespace, settings: Settings) -> int:
    """Lists, fetches or verifies the models' files; by default those that this machine would use."""
    from assistant import weights_command

    names = tuple(options.names)
    if not names and options.action != "list":
        from assistant.models import Models

        names = tuple(profile.name for profile in Models(settings).chosen())
    return weights_command.run(options.action, names, settings, print)


def wire(
    settings: Settings, library_folder: Path | None, originals: "Originals | None" = None
) -> "tuple[Models, Assistant]":
    """The parts of the house, handed to one another; nothing is loaded yet.

    library_folder None: a passing one. originals None: no copy of what is handed over is kept.
    """
    from assistant.loading import Part
    from assistant.models import Models
    from assistant.orchestrator import Assistant
    from assistant.originals import Originals
    from assistant.ports import Library
    from assistant.presets import Presets

    models = Models(settings)

    def open_library(_: object) -> Library:
        from retrieval.library import ChromaLibrary

        reranker = models.reranker.get()
        opened = ChromaLibrary(library_folder, models.embedder.get(), models.picture_embedder, settings.limits)
        if reranker is None:
            return opened
        from retrieval.reranked import RerankedLibrary

        return RerankedLibrary(opened, reranker)

    def load_document(file: "Attachment") -> "Generator[Status, None, Document]":
        from retrieval.loaders import read_document

        def read_picture(image: "Image") -> "Description":
            return models.reader.get().describe(image, "")

        return read_document(file.path, file.name, settings.limits, file.password, read_picture)

    shelved = Originals(library_folder / "originals") if library_folder is not None else None
    library: Part[Library] = Part("Library", open_library)
    assistant = Assistant(
        engine=models.engine,
        transcriber=models.transcriber,
        describer=models.describer,
        reader=models.reader,
        guesser=models.guesser,
        library=library,
        load_document=load_document,
        settings=settings,
        models=models.names,
        sees_images=models.sees_images,
        originals=originals,
        shelved=shelved,
        embedder=models.embedder,
        presets=Presets(settings.data / "presets"),
    )
    return models, assistant


def open_libraries(settings: Settings, assistant: "Assistant", busy: Callable[[], bool] = lambda: False) -> "Libraries":
    """The named libraries beside this assistant. Its library is opened by the first job."""
    from retrieval.libraries import Libraries
    from retrieval.library import ChromaLibrary
    from retrieval.reranked import RerankedLibrary

    def library() -> ChromaLibrary:
        opened = assistant.library.get()
        opened = opened.inner if isinstance(opened, RerankedLibrary) else opened
        assert isinstance(opened, ChromaLibrary)
        return opened

    return Libraries(settings.data / "library", library, assistant.read, busy, settings.web_pages)


def _means(models: "Models", now: Callable[[], Settings]) -> "Means":
    """What calls hear and speak with. now: the settings as they are."""
    from assistant.speech.live import LiveTranscript
    from assistant.speech.sentences import Sentences
    from assistant.speech.settled_voice import SettledVoice
    from ui.calls import Means

    def speaker() -> SettledVoice:
        models.speaker.retry()  # what failed may have been the network
        return SettledVoice(models.speaker.get(), now)

    def live(language: str, hints: Sequence[str]) -> LiveTranscript:
        return LiveTranscript(models.transcriber.get(), language, hints=hints)

    return Means(models.transcriber.get, speaker, Sentences, live)


def _kept_in(settings: Settings) -> "tuple[tuple[Folder, Path], ...]":
    """Where what is kept lies, for the settings room."""
    return (
        ("conversations", settings.data / "conversations"),
        ("files", settings.data / "originals"),
        ("libraries", settings.data / "library"),
        ("presets", settings.data / "presets"),
        ("choices", settings.data / "settings.json"),
        ("weights", settings.cache),
    )


def _as_it_is(file: "Incoming", _: Path) -> "Incoming":
    """A file of the person's own, which needs no place for what was fetched or pasted."""
    return file


def _status(models: "Models", assistant: "Assistant") -> tuple[str, ...]:
    """What is not ready yet, a line each; empty once everything is."""
    return tuple(part.describe() for part in _parts(models, assistant) if part.state != "ready")


def _parts(models: "Models", assistant: "Assistant") -> "list[Part[Any]]":
    """What loads at the start, in the order that lets a person ask soonest."""
    first: list[Part[Any]] = [models.selection, models.engine, models.embedder, assistant.library]
    return [*first, models.transcriber, models.reader, models.describer, models.picture_embedder]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py", description="Ask about what you say, show and hand over, and see the evidence."
    )
    parser.set_defaults(run=page)
    searched = "a named library to search as well; may be repeated"
    parser.add_argument("--library", action="append", default=[], metavar="NAME", help=searched)
    _add_settings(parser, page)
    commands = parser.add_subparsers(title="commands", metavar="")
    one = commands.add_parser("ask", help="one turn in the terminal")
    one.add_argument("question", nargs="?", default="", help="the question; - reads it from standard input")
    one.add_argument("--file", action="append", default=[], type=Path, help="a file to ask about; may be repeated")
    one.add_argument("--password", default="", help="opens the files that are encrypted")
    one.add_argument("--voice", type=Path, help="a recording of the question")
    one.add_argument("--aloud", type=Path, metavar="FILE", help="read the answer into this WAV file")
    one.add_argument("--library", action="append", default=argparse.SUPPRESS, metavar="NAME", help=searched)
    one.add_argument("--json", action="store_true", help="print one JSON object")
    one.set_defaults(run=ask)
    _add_settings(one, ask)
    many = commands.add_parser("ingest", help="files and folders into a named library, which is made if need be")
    what = "a file, a folder or the address of a web page; none: go on with what was paused"
    many.add_argument("paths", nargs="*", metavar="PATH", help=what)
    many.add_argument("--library", default="", metavar="NAME", help="the library")
    many.add_argument("--text", metavar="NAME", help="add the text on standard input under this name")
    many.add_argument("--password", default="", help="opens the files that are encrypted; it is not kept")
    instead = many.add_mutually_exclusive_group()
    instead.add_argument("--list", action="store_true", help="show the libraries and their files")
    instead.add_argument("--rename", nargs=2, metavar=("OLD", "NEW"), help="give a library another name")
    removed = "remove a library, or one file of it, for good"
    instead.add_argument("--remove", nargs="+", action=_OneOrTwo, metavar=("NAME", "FILE"), help=removed)
    many.set_defaults(run=ingest)
    _add_settings(many, ingest)
    files = commands.add_parser("weights", help="the models' files")
    files.add_argument("action", nargs="?", choices=("list", "fetch", "verify"), default="list")
    files.add_argument("names", nargs="*", help="profiles; by default those that this machine would use")
    files.set_defaults(run=weights)
    _add_settings(files, weights)
    return parser


class _OneOrTwo(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, *_: Any) -> None:
        if len(values) > 2:
            parser.error("argument --remove: expected the name of a library, and at most one file of it")
        setattr(namespace, self.dest, values)


def _add_settings(parser: argparse.ArgumentParser, command: Callable[..., int]) -> None:
    """Every setting as a flag; what is not given comes from MEDLEY_* or the defaults."""
    group = parser.add_argument_group("settings (each also as MEDLEY_NAME in the environment)")

    def add(flag: str, **how: Any) -> None:
        group.add_argument(flag, default=argparse.SUPPRESS, **how)  # so a command's parser undoes nothing

    model = "auto, a profile, a folder, owner/name of a hub, openai:NAME or http://host/v1#NAME"
    add("--profile", help="auto, gpu-40gb, gpu-16gb, zerogpu, cpu or cpu-offline")
    add("--llm", help=f"the chat model: {model}")
    add("--vision", help="the vision-language model beside a chat model that does not see")
    add("--speech", help="the speech model")
    add("--embedding", help="the embedding model")
    add("--picture-embedding", help="the model that finds pictures by what they show; none: by their text alone")
    add("--rerank", help="a cross-encoder that orders the best hits: a folder or owner/name of a hub; none by default")
    if command is not ask:  # there --voice is a recording of the question
        add("--voice", help="the voice that reads answers aloud")
    add("--data", type=Path, help="folder of what is kept")
    add("--cache", type=Path, help="folder of what can be fetched again")
    add("--offline", action="store_true", help="fetch nothing")
    if command is ingest:
        add("--web-pages", action="store_true", help="allow fetching web pages from the public internet")
    add("--speech-language", help="what is spoken: a code such as en or zh; auto finds it")
    add("--speech-translate", action="store_true", help="write in English what is spoken in another language")
    add("--chinese-script", choices=("auto", "simplified", "traditional"), help="in which Chinese speech is written")
    add("--picture-facts", action="store_true", help="tell when and with what a photo was taken")
    add("--read-aloud", choices=("never", "spoken", "always"), help="which answers begin to be read by themselves")
    add("--voice-english", help="the voice for English, such as af_heart")
    add("--voice-chinese", help="the voice for Chinese, such as zf_xiaoxiao")
    add("--speaking-speed", type=float, help="0.5 to 2")
    add("--fusion", choices=("concatenation", "weights", "attention"))
    add("--answer-tokens", type=int)
    add("--temperature", type=float)
    add("--timeout-seconds", type=float, help="of remote models")
    if command is page:
        add("--host")
        add("--port", type=int)


def _flags(options: argparse.Namespace) -> dict[str, Any]:
    """The options that are settings. `ask --voice` is not one."""
    from dataclasses import fields

    given = {one.name: getattr(options, one.name, None) for one in fields(Settings) if one.name != "limits"}
    if options.run is ask:
        given["voice"] = None
    for folder in ("data", "cache"):
        if (path := given[folder]) is not None:
            given[folder] = path.expanduser().absolute()
    return given


if __name__ == "__main__":
    sys.exit(main())

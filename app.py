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
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, BadInput, SetupError
from assistant.settings import Settings, from_environment

if TYPE_CHECKING:
    from assistant.events import Status
    from assistant.evidence import Document
    from assistant.loading import Part
    from assistant.models import Models
    from assistant.orchestrator import Assistant
    from assistant.originals import Originals
    from assistant.parts import Attachment, Image
    from assistant.ports import Description
    from retrieval.libraries import Libraries

OWNER = "me"  # of the named libraries: whoever runs this program

QUIET = {  # nothing below us calls home, and no library talks over the answer
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_WAIT_POLICY": "PASSIVE",  # idle threads that spin take the processor from the one that works
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit status: 0 done, 1 failure, 2 bad input or options, 130 ended by Ctrl-C."""
    options = _parser().parse_args(arguments)
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    try:
        settings = from_environment(os.environ, **_flags(options))
        return int(options.run(options, settings))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, BadInput | SetupError) else 1


def page(options: argparse.Namespace, settings: Settings) -> int:
    """The page; models load in the background while it is already up."""
    from collections.abc import Iterator

    from assistant.conversation import Conversation
    from assistant.device import is_zerogpu
    from assistant.events import Event
    from assistant.parts import Turn

    if is_zerogpu():
        import spaces  # noqa: F401 - must come before torch where the GPU is lent per call
    from assistant.busy import Busy
    from assistant.loading import load_in_background
    from assistant.modalities import all_modalities
    from assistant.originals import Originals
    from ui import page as pages

    began = time.monotonic()
    busy = Busy()
    models, assistant = wire(settings, settings.data / "library", Originals(settings.data / "originals"))
    libraries = open_libraries(settings, assistant, busy)
    scopes = libraries.scopes(OWNER, options.library)

    def answer(turn: Turn, conversation: Conversation, stop: threading.Event | None = None) -> Iterator[Event]:
        conversation.libraries = scopes
        with busy:
            yield from assistant.answer(turn, conversation, stop)

    built = pages.build(
        answer,
        assistant.forget,
        lambda: _status(models, assistant),
        [extension for modality in all_modalities() for extension in modality.extensions],
        original=assistant.original,
        limits=settings.limits,
    )
    try:
        address = pages.launch(built, settings, block=False)
        _say(f"Medley is at {address} after {time.monotonic() - began:.1f} s. Ctrl-C ends it.")
        parts = _parts(models, assistant)

        def loaded(part: "Part[Any]") -> None:
            if part is models.selection:
                _say(models.selection.get().why)
            elif part is assistant.library:
                if models.engine.state == "ready":
                    _say(f"Can answer after {time.monotonic() - began:.1f} s.")
                try:
                    libraries.open(scopes)
                    assistant.forget_left_behind()
                except AssistantError as error:
                    _say(str(error))
            elif part is parts[-1]:
                _say("Ready: " + ", ".join(f"{one.name} {one.seconds:.1f} s" for one in parts))
            while models.notices:
                _say(models.notices.pop(0))

        load_in_background(parts, loaded, lambda part, error: _say(f"{part.name}: {error}"))
        built.block_thread()
    finally:
        libraries.close()
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
    _, assistant = wire(settings, settings.data / "library" if options.library else None)
    conversation = Conversation()
    if options.library:
        libraries = open_libraries(settings, assistant)
        conversation.libraries = libraries.scopes(OWNER, options.library)
        libraries.close()
    try:
        events = assistant.answer(turn, conversation)
        return terminal.show_json(events) if options.json else terminal.show(events)
    finally:
        assistant.forget(conversation.id)
        assistant.close()


def ingest(options: argparse.Namespace, settings: Settings) -> int:
    """Files into a named library, or what is in the libraries. Ctrl-C pauses."""
    from retrieval.gathering import from_address, from_paths, is_address
    from ui import ingest as terminal

    paths = [Path(given) for given in options.paths if not is_address(given)]
    pages = [given for given in options.paths if is_address(given)]
    if pages and not settings.web_pages:
        raise BadInput("I fetch web pages only when that is allowed, with --web-pages or MEDLEY_WEB_PAGES=yes.")
    files = from_paths(paths) if paths else []
    files += [from_address(page, settings.data / "library" / "incoming") for page in pages]
    models, assistant = wire(settings, settings.data / "library")
    libraries = open_libraries(settings, assistant)
    try:
        if options.list:
            catalogue = libraries.catalogue
            named = [(each.name, catalogue.files(OWNER, each.id)) for each in catalogue.libraries(OWNER)]
            terminal.table([(name, [(f.name, f.medium, f.bytes, f.units) for f in files]) for name, files in named])
            return 0
        if not options.library:
            raise BadInput("Name the library: python app.py ingest PATH… --library NAME")
        _say("Loading the embedding model")
        assistant.library.get()
        models.picture_embedder.get()
        library, job = (
            libraries.begin(OWNER, options.library, files) if files else libraries.go_on(OWNER, options.library)
        )
        return terminal.watch(
            lambda: libraries.jobs.progress(OWNER, job.id),
            lambda: libraries.jobs.failures(OWNER, job.id),
            lambda: libraries.jobs.pause(OWNER, job.id),
            f"python app.py ingest --library {shlex.quote(library.name)}",
        )
    finally:
        libraries.close()
        assistant.close()


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
        library=library,
        load_document=load_document,
        settings=settings,
        models=models.names,
        originals=originals,
        shelved=shelved,
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

    return Libraries(settings.data / "library", library, assistant.read, busy)


def _status(models: "Models", assistant: "Assistant") -> tuple[str, ...]:
    """What is not ready yet, a line each; empty once everything is."""
    return tuple(part.describe() for part in _parts(models, assistant) if part.state != "ready")


def _parts(models: "Models", assistant: "Assistant") -> "list[Part[Any]]":
    """What loads at the start, in the order that lets a person ask soonest."""
    first = [models.selection, models.engine, models.embedder, assistant.library]
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
    one.add_argument("--library", action="append", default=argparse.SUPPRESS, metavar="NAME", help=searched)
    one.add_argument("--json", action="store_true", help="print one JSON object")
    one.set_defaults(run=ask)
    _add_settings(one, ask)
    many = commands.add_parser("ingest", help="files and folders into a named library, which is made if need be")
    what = "a file, a folder or the address of a web page; none: go on with what was paused"
    many.add_argument("paths", nargs="*", metavar="PATH", help=what)
    many.add_argument("--library", default=argparse.SUPPRESS, metavar="NAME", help="the library")
    many.add_argument("--list", action="store_true", help="show the libraries and their files")
    many.set_defaults(run=ingest)
    _add_settings(many, ingest)
    files = commands.add_parser("weights", help="the models' files")
    files.add_argument("action", nargs="?", choices=("list", "fetch", "verify"), default="list")
    files.add_argument("names", nargs="*", help="profiles; by default those that this machine would use")
    files.set_defaults(run=weights)
    _add_settings(files, weights)
    return parser


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
        if given[folder] is not None:
            given[folder] = given[folder].expanduser().absolute()
    return given


if __name__ == "__main__":
    sys.exit(main())

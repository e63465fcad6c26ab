"""`python app.py ingest`: files and folders into a named library, and what is in the libraries."""

import argparse
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings.settings import Settings
from assistant.values.errors import BadInput
from assistant.values.messages import as_message
from cli.wiring import OWNER, open_libraries, tell, wire

if TYPE_CHECKING:
    from retrieval.journal import Incoming


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
        tell("Loading the embedding model")
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
        raise BadInput(as_message("Name the library: python app.py ingest PATH… --library NAME"))
    addresses = [given for given in options.paths if gathering.is_address(given)]
    if addresses and not settings.web_pages:
        raise BadInput(
            as_message("I fetch web pages only when that is allowed, with --web-pages or MEDLEY_WEB_PAGES=yes.")
        )
    paths = [Path(given) for given in options.paths if not gathering.is_address(given)]
    files: list[Callable[[Path], Incoming]] = []
    if paths:
        files += [partial(_as_it_is, file) for file in gathering.from_paths(paths)]
    files += [partial(gathering.from_page, fetch(address), address) for address in addresses]
    if options.text is not None:
        if sys.stdin.isatty():
            tell("Type or paste the text, then Ctrl-D")
        text, _ = decode(sys.stdin.buffer.read(settings.limits.document_characters * 4))
        if not text.strip():
            raise BadInput(as_message("There is no text on standard input to add."))
        files.append(partial(gathering.from_text, text, options.text))
    return files


def _as_it_is(file: "Incoming", _: Path) -> "Incoming":
    """A file of the person's own, which needs no place for what was fetched or pasted."""
    return file


def _keep_house(options: argparse.Namespace, settings: Settings) -> int:
    """Shows, renames or removes libraries, for which no model is loaded."""
    from contextlib import ExitStack

    from assistant.models.lazy import Lazy
    from retrieval.libraries import Libraries, check_free, without_models
    from ui import ingest as terminal

    if options.paths or options.text is not None or options.password or options.library:
        raise BadInput(
            as_message("--list, --rename and --remove take no files, and no --text, --password or --library.")
        )
    folder = settings.data / "library"
    with ExitStack() as opened:
        library = Lazy(as_message("Library"), lambda _: opened.enter_context(without_models(folder)))
        libraries = Libraries(folder, library.get, wire(settings, folder)[1].files.read)
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

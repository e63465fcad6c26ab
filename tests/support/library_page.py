"""The libraries panel alone on a page, served by a process of its own over real libraries, for headless Chromium.

A file whose name begins with “slow” takes some seconds, page by page; one that begins with “crash” ends the reader.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from assistant.settings.settings import Settings
from assistant.values.events import Status
from assistant.values.evidence import Document
from assistant.values.messages import say
from retrieval.libraries import Libraries
from retrieval.library import ChromaLibrary
from retrieval.web_page import WebPage
from tests.support.browser_page import free_port
from tests.support.fakes import HashedWords, make_assistant, saying

PAGES = 12
PAUSE = 0.4  # seconds a page, of a slow file


def reader(assistant: Any) -> Any:
    def read(path: Path, name: str, password: str) -> Generator[Status, None, Document]:
        for page in range(1, PAGES + 1) if name.startswith("slow") else ():
            yield Status("reading", say("Reading page {page} of {pages} of {name}", page=page, pages=PAGES, name=name))
            time.sleep(PAUSE)
        if name.startswith("crash"):
            raise ValueError("the secret of the machine")
        return (yield from assistant.files.read(path, name, password))

    return read


def fetched(url: str) -> WebPage:
    return WebPage(url, "example.org/moat", "text/html", b"<h1>Moats</h1><p>The moat is deep.</p>")


def main(port: str, folder: str) -> None:
    import gradio as gr
    from starlette.middleware import Middleware

    from ui import theme
    from ui.chosen_language import ChosenLanguage
    from ui.library_panel import library_panel
    from ui.owner import COOKIE_SCRIPT, OwnerOf
    from ui.words import i18n, labels
    from ui.words.library import LibraryWords

    opened = ChromaLibrary(Path(folder), HashedWords())
    read = reader(make_assistant(saying({})))
    libraries = Libraries(Path(folder), lambda: opened, read, web_pages=True, fetch=fetched)
    libraries.open()
    with gr.Blocks(title="Libraries", fill_height=True) as page:
        library_panel(libraries, labels(i18n(), LibraryWords), OwnerOf(alone=False))
    _, address, _ = page.launch(
        server_port=int(port), theme=theme.theme(), css=theme.css(), head=theme.head(), i18n=i18n(),
        ssr_mode=False, quiet=True, prevent_thread_lock=True, footer_links=[],
        max_file_size=Settings().limits.file_bytes,
        app_kwargs={"middleware": [Middleware(ChosenLanguage, first=COOKIE_SCRIPT)]},
    )  # fmt: skip
    print(address, flush=True)  # noqa: T201 - the parent reads it
    page.block_thread()


def serve() -> Iterator[str]:
    """The address of the page, with folders of its own; to be used by a fixture."""
    with tempfile.TemporaryDirectory(prefix="medley-libraries-") as folder:
        environment = {**os.environ, "GRADIO_TEMP_DIR": str(Path(folder, "uploads"))}
        environment |= {"GRADIO_ANALYTICS_ENABLED": "False"}
        command = [sys.executable, "-m", "tests.support.library_page", str(free_port()), str(Path(folder, "library"))]
        root = Path(__file__).parents[2]
        with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                address = process.stdout.readline().strip().rstrip("/")
                assert address.startswith("http"), "the page could not be served; see the output above"
                yield address
            finally:
                process.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])

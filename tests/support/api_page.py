"""The page and the API on one port, in a process of their own: python -m tests.support.api_page PORT FOLDER"""

import sys
from pathlib import Path

from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.settings.settings import Settings
from tests.support.api_server import ServedApi
from tests.support.browser_page import LIMITS, made

SAYS = "Hello there, good to see you."


def main(port: str, folder: str) -> None:
    from ui import page

    engine = ScriptedEngine([ScriptedLine("", SAYS)])
    api = ServedApi(Path(folder, "api"), engine, agents=True)
    built = made(str(Path(folder, "page")))
    print(page.launch(built, Settings(port=int(port), limits=LIMITS), False, api.beside), flush=True)  # noqa: T201
    built.block_thread()


if __name__ == "__main__":
    main(*sys.argv[1:])

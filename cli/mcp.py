"""`python app.py mcp`: a server for agents, spoken to through standard input and output."""

import argparse

from assistant.settings.settings import Settings
from cli.wiring import OWNER, open_libraries, wire


def mcp(options: argparse.Namespace, settings: Settings) -> int:
    """Until the input ends. The libraries are those of whoever runs it; nothing that is asked is kept."""
    del options
    from assistant.conversations.fair_queue import FairQueue
    from assistant.conversations.passing import Passing
    from assistant.storage.api_keys import ApiKeys
    from ui.api.mcp_server import McpParts, server

    models, assistant = wire(settings, settings.data / "library")
    libraries = open_libraries(settings, assistant)
    keys = ApiKeys(settings.data / "api")
    try:
        passing = Passing(assistant, FairQueue(), settings.data / "api" / "passing", keys)
        parts = McpParts(passing, libraries, assistant.library, models.transcriber, lambda: settings, lambda _: OWNER)
        server(parts).run("stdio")
    finally:
        libraries.close()
        assistant.close()
        keys.close()
    return 0

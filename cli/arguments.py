"""The command line: what each command takes, and every setting as a flag.

`--help` answers at once: the commands import everything heavy where they need it.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

from assistant.settings.settings import Settings, given_by_hand
from cli.ask import ask
from cli.ingest import ingest
from cli.keys import keys
from cli.mcp import mcp
from cli.page import page
from cli.weights import weights


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py", description="Ask about what you say, show and hand over, and see the evidence."
    )
    parser.set_defaults(run=_page)
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
    saved = "put the files that the answer makes, such as subtitles, into this folder"
    one.add_argument("--save", type=Path, metavar="FOLDER", help=saved)
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
    keys_of = commands.add_parser("keys", help="keys of programs, for --api")
    keys_of.add_argument("action", nargs="?", choices=("list", "add", "revoke"), default="list")
    keys_of.add_argument("name", nargs="?", default="", help="what the key is called")
    keys_of.set_defaults(run=keys)
    _add_settings(keys_of, keys)
    agents = commands.add_parser("mcp", help="serve agents through standard input and output (Model Context Protocol)")
    agents.set_defaults(run=mcp)
    _add_settings(agents, mcp)
    return parser


def _page(options: argparse.Namespace, settings: Settings) -> int:
    """The page, told which settings were given by hand and so are not to be changed on it."""
    return page(options, settings, given_by_hand(os.environ, **flags(options)))


class _OneOrTwo(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, *_: Any) -> None:
        if len(values) > 2:
            parser.error("argument --remove: expected the name of a library, and at most one file of it")
        setattr(namespace, self.dest, values)


def _add_settings(parser: argparse.ArgumentParser, command: Callable[..., int]) -> None:
    """Every setting as a flag; what is not given comes from MEDLEY_* or the defaults."""
    group = parser.add_argument_group("settings (each also as MEDLEY_NAME in the environment)")

    def add(flag: str, help: str | None = None) -> None:
        how = _taken(flag.removeprefix("--").replace("-", "_"))
        group.add_argument(flag, default=argparse.SUPPRESS, help=help, **how)  # so a command's parser undoes nothing

    model = "auto, a profile, a folder, owner/name of a hub, openai:NAME or http://host/v1#NAME"
    add("--profile", "auto, gpu-40gb, gpu-16gb, zerogpu, cpu or cpu-offline")
    add("--llm", f"the chat model: {model}")
    add("--vision", "the vision-language model beside a chat model that does not see")
    add("--speech", "the speech model")
    add("--embedding", "the embedding model")
    add("--picture-embedding", "the model that finds pictures by what they show; none: by their text alone")
    add("--rerank", "a cross-encoder that orders the best hits: a folder or owner/name of a hub; none by default")
    if command is not ask:  # there --voice is a recording of the question
        add("--voice", "the voice that reads answers aloud")
    add("--data", "folder of what is kept")
    add("--cache", "folder of what can be fetched again")
    add("--offline", "fetch nothing")
    if command is ingest:
        add("--web-pages", "allow fetching web pages from the public internet")
    add("--speech-language", "what is spoken: a code such as en or zh; auto finds it")
    add("--speakers", "auto: tell apart by voice who speaks, or by a model in a folder or hub; none")
    add("--speech-translate", "write in English what is spoken in another language")
    add("--chinese-script", "in which Chinese speech is written")
    add("--picture-facts", "tell when and with what a photo was taken")
    add("--read-aloud", "which answers begin to be read by themselves")
    add("--voice-english", "the voice for English, such as af_heart")
    add("--voice-chinese", "the voice for Chinese, such as zf_xiaoxiao")
    add("--speaking-speed", "0.5 to 2")
    add("--fusion")
    add("--answer-tokens")
    add("--temperature")
    add("--timeout-seconds", "of remote models")
    if command is page:
        add("--memory-gb", "held above it, models that nobody used for a while go; 0: no limit")
        add("--host")
        add("--port")
        add("--proxies", "addresses or networks of proxies in front of the page, such as 10.0.0.0/8")
        add("--origins", "addresses of the page that its proxy hides, such as https://medley.example.org")
        add("--api", "answer programs at /v1, as OpenAI's API does; see `keys`")
        add("--metrics-token", "what is shown to read /metrics from another machine")
        add("--log-requests", "log each request as a line of JSON, without what was asked")


def _taken(name: str) -> dict[str, Any]:
    """How a flag takes this setting, by the type that the setting has."""
    kind = get_type_hints(Settings)[name]
    if kind is bool:
        return {"action": "store_true"}
    return {"choices": get_args(kind)} if get_args(kind) else {"type": None if kind is str else kind}


def flags(options: argparse.Namespace) -> dict[str, Any]:
    """The options that are settings. `ask --voice` is not one."""
    from dataclasses import fields

    given = {one.name: getattr(options, one.name, None) for one in fields(Settings) if one.name != "limits"}
    if options.run is ask:
        given["voice"] = None
    for folder in ("data", "cache"):
        if (path := given[folder]) is not None:
            given[folder] = path.expanduser().absolute()
    return given

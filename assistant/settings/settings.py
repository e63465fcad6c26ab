"""One frozen Settings from flags, environment and Space.

Flags win over MEDLEY_* variables, those over what was chosen in the page, and that over defaults.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from assistant.values.errors import SetupError
from assistant.values.limits import Limits
from assistant.values.messages import say

Fusion = Literal["concatenation", "weights", "attention"]
ChineseScript = Literal["auto", "simplified", "traditional"]
ReadAloud = Literal["never", "spoken", "always"]


@dataclass(frozen=True)
class Settings:
    """What can be chosen. Paths are absolute.

    A model is "auto", a profile, a folder, a hub id (owner/name, or owner/name@revision) or a remote model
    (provider:model, http://host/v1#model).
    """

    profile: str = "auto"
    """The machine that models are chosen for; "auto": it is looked at."""
    llm: str = field(default="auto", repr=False)
    """The language model."""
    vision: str = field(default="auto", repr=False)
    """The model that describes pictures."""
    speech: str = field(default="auto", repr=False)
    """The model that transcribes speech."""
    embedding: str = field(default="auto", repr=False)
    """The model that embeds texts."""
    voice: str = field(default="auto", repr=False)
    """The model that reads answers aloud."""
    rerank: str = ""
    """The folder or hub id of a cross-encoder; "" for none."""
    picture_embedding: str = "auto"
    """The model that embeds pictures; "none" for none."""
    host: str = "127.0.0.1"
    port: int = 7860
    origins: str = ""
    """Addresses (https://host) under which the page is known, separated by commas."""
    proxies: str = ""
    """Addresses or networks of what stands in front of the page, separated by commas."""
    api: bool = False
    """Whether programs are answered, at /v1."""
    metrics_token: str = field(default="", repr=False)
    """What is shown to read /metrics from another machine; "": it is read from this one alone."""
    log_requests: bool = False
    """Whether each request is logged, as a line of JSON without what was asked."""
    data: Path = field(default_factory=lambda: _home("XDG_DATA_HOME", ".local/share"))
    """The folder of what must not be lost."""
    cache: Path = field(default_factory=lambda: _home("XDG_CACHE_HOME", ".cache"))
    """The folder of what can be fetched or made again."""
    offline: bool = False
    """Whether nothing may be fetched."""
    web_pages: bool = False
    """Whether libraries may fetch web pages."""
    speech_language: str = "auto"
    """The language that is spoken: "auto" or ISO 639-1."""
    speech_translate: bool = False
    """Whether what is spoken is written in English."""
    speakers: str = "none"
    """By what those who speak in a recording are told apart: "auto", a folder or hub id; "none" for not at all."""
    chinese_script: ChineseScript = "auto"
    """ "auto": that of the conversation, else simplified."""
    picture_facts: bool = False
    """Whether it may be told when and with what camera a photo was taken."""
    read_aloud: ReadAloud = "spoken"
    """Which answers are read aloud without being asked for it; "spoken": those to spoken questions."""
    voice_english: str = "auto"
    """The name of a voice, or "auto"."""
    voice_chinese: str = "auto"
    """The name of a voice, or "auto"."""
    speaking_speed: float = 1.0
    """From 0.5 to 2."""
    fusion: Fusion = "weights"
    """How evidence of several media is weighed."""
    answer_tokens: int = 512
    """The longest answer, in tokens."""
    temperature: float = 0.0
    """0: the likeliest words, always the same."""
    timeout_seconds: float = 60.0
    """How long remote models may take to answer."""
    memory_gb: float = 4.0
    """How much memory the program may hold before models that nobody used for a while are let go of; 0: no limit."""
    limits: Limits = field(default_factory=Limits)


def _home(variable: str, fallback: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / fallback).absolute() / "medley"


def from_environment(
    environment: Mapping[str, str],
    chosen: Callable[[Path], Mapping[str, Any]] | None = None,
    kept: Path = Path("/data"),
    **flags: Any,
) -> Settings:
    """Settings from MEDLEY_NAME variables, then `flags` (None: not given).

    chosen: what was chosen in the page, by the data folder that keeps it. kept: where a Space's disk is mounted.
    Raises SetupError naming the variable whose value does not fit.
    """
    settings = _space(Settings(), environment, kept)
    values: dict[str, Any] = {}
    for one in fields(Settings):
        if one.name == "limits":
            continue
        variable = f"MEDLEY_{one.name.upper()}"
        if (text := environment.get(variable)) is not None:
            values[one.name] = _parse(variable, text, getattr(settings, one.name))
    if "port" not in values:
        for variable in ("PORT", "GRADIO_SERVER_PORT"):
            if text := environment.get(variable):
                values["port"] = _parse(variable, text, 0)
                break
    values.update({name: value for name, value in flags.items() if value is not None})
    values["limits"] = _limits(environment)
    if chosen is not None:
        values = {**chosen(values.get("data", settings.data)), **values}
    settings = replace(settings, **values)
    if settings.fusion not in ("concatenation", "weights", "attention"):
        raise SetupError(
            say(
                "There is no way of fusing called “{name}”. Choose concatenation, weights or attention.",
                name=settings.fusion,
            )
        )
    if settings.chinese_script not in get_args(ChineseScript):
        raise SetupError(
            say(
                "There is no Chinese script called “{value}”. Choose auto, simplified or traditional.",
                value=settings.chinese_script,
            )
        )
    if settings.read_aloud not in get_args(ReadAloud):
        raise SetupError(
            say("read_aloud knows no “{value}”. Choose never, spoken or always.", value=settings.read_aloud)
        )
    if not 0.5 <= settings.speaking_speed <= 2.0:
        raise SetupError(
            say("speaking_speed must be a number from 0.5 to 2, not “{value}”.", value=f"{settings.speaking_speed:g}")
        )
    if not 0.0 <= settings.memory_gb < float("inf"):
        raise SetupError(say("memory_gb must be a number from 0 on, not “{value}”.", value=f"{settings.memory_gb:g}"))
    if not is_language(settings.speech_language):
        raise SetupError(
            say(
                "“{value}” is no code of a language. Write auto, or two or three letters: en, zh, yue.",
                value=settings.speech_language,
            )
        )
    if unfit := [one for one in settings.origins.split(",") if not _is_origin(one.strip())]:
        raise SetupError(
            say(
                "“{text}” is no address of a page. Write origins as https://medley.example.org.",
                text=unfit[0].strip(),
            )
        )
    if unknown := [one for one in settings.proxies.split(",") if not _is_network(one.strip())]:
        raise SetupError(
            say("“{text}” is no address of a proxy. Write proxies as 10.0.0.7 or 10.0.0.0/8.", text=unknown[0].strip())
        )
    if not 0 < settings.port < 65536:
        raise SetupError(say("Port {number} does not exist. Choose one from 1 to 65535.", number=settings.port))
    return settings


def is_language(code: str) -> bool:
    """Whether it reads as speech_language does: "auto", or a code as in ISO 639."""
    return code == "auto" or (code.isascii() and code.isalpha() and code.islower() and 2 <= len(code) <= 3)


def _is_origin(text: str) -> bool:
    """Scheme, host and perhaps a port, and nothing else; none at all will do."""
    parts = urlsplit(text)
    return not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/"))


def _is_network(text: str) -> bool:
    """An address or a network of them; none at all will do."""
    try:
        return not text or bool(ip_network(text))
    except ValueError:
        return False


def given_by_hand(environment: Mapping[str, str], **flags: Any) -> frozenset[str]:
    """The settings that a flag or a variable fixes for this run, by name."""
    named = {one.name for one in fields(Settings) if f"MEDLEY_{one.name.upper()}" in environment}
    return frozenset(named | {name for name, value in flags.items() if value is not None})


def _space(settings: Settings, environment: Mapping[str, str], kept: Path) -> Settings:
    """On a Hugging Face Space the page must listen outside, and only its disk, if it has one, outlives a restart."""
    if "SPACE_ID" not in environment:
        return settings
    folder = kept / "medley" if kept.is_dir() and os.access(kept, os.W_OK) else settings.data
    return replace(settings, host="0.0.0.0", data=folder)  # noqa: S104 - a Space is reached through its own proxy alone


def _limits(environment: Mapping[str, str]) -> Limits:
    """MEDLEY_LIMIT_AUDIO_SECONDS and its kin."""
    limits = Limits()
    changed = {
        one.name: _parse(variable, environment[variable], getattr(limits, one.name))
        for one in fields(Limits)
        if (variable := f"MEDLEY_LIMIT_{one.name.upper()}") in environment
    }
    return replace(limits, **changed)


def _parse(variable: str, text: str, like: object) -> Any:
    """`text` as a value of the same type as `like`."""
    try:
        match like:
            case bool():
                return {
                    "1": True,
                    "true": True,
                    "yes": True,
                    "0": False,
                    "false": False,
                    "no": False,
                    "": False,
                }[text.lower()]
            case int():
                return int(text)
            case float():
                return float(text)
            case Path():
                return Path(text).expanduser().absolute()
            case _:
                return text
    except (KeyError, ValueError) as error:
        kind = {"bool": say("yes or no"), "int": say("a whole number"), "float": say("a number")}[type(like).__name__]
        raise SetupError(
            say("{variable} must be {what}, not “{text}”.", variable=variable, what=kind, text=text)
        ) from error

"""What was chosen in the settings, kept in settings.json in the data folder. Flags and environment win over it."""

import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from assistant.settings.settings import ChineseScript, Fusion, ReadAloud, Settings, is_language
from assistant.values.errors import SetupError
from assistant.values.messages import Message, say

log = logging.getLogger(__name__)

FILE = "settings.json"
MODELS = ("llm", "vision", "speech", "embedding", "picture_embedding", "voice", "rerank")
NUMBERS: dict[str, tuple[float, float]] = {  # lowest, highest
    "answer_tokens": (16, 8192),
    "temperature": (0.0, 2.0),
    "speaking_speed": (0.5, 2.0),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "fusion": get_args(Fusion),
    "chinese_script": get_args(ChineseScript),
    "read_aloud": get_args(ReadAloud),
}
HEARING = ("speech_language", "speech_translate", "chinese_script")
LOOKING = ("picture_facts",)
SPEAKING = ("read_aloud", "voice_english", "voice_chinese")
KEPT = (*MODELS, "fusion", *HEARING, *LOOKING, *SPEAKING, *NUMBERS)


class ChosenFile:
    """The file in one folder. Raises SetupError where it cannot be written; reading never fails."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def read(self, note: Callable[[Message], None] = lambda _: None) -> dict[str, Any]:
        """What is in it and makes sense. note: is told a sentence for whatever does not."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            kept = None
        if not isinstance(kept, dict):
            log.warning("%s cannot be read", self.path)
            note(say("{name} cannot be read, so the defaults are taken. The file is left as it is.", name=FILE))
            return {}
        strange = sorted(set(kept) - set(KEPT))
        if strange:
            note(
                say(
                    "{name} holds settings that I do not know, which are left aside: {names}.",
                    name=FILE,
                    names=", ".join(strange),
                )
            )
        chosen = {}
        for name in KEPT:
            if name in kept:
                try:
                    chosen[name] = checked(name, kept[name])
                except SetupError as error:
                    note(say("{name}: {reason}", name=FILE, reason=error))
        return chosen

    def write(self, changed: Mapping[str, Any]) -> None:
        """These settings anew, beside those that are in the file. None: the default again."""
        kept = {**self.read(), **changed}
        text = json.dumps({name: value for name, value in kept.items() if value is not None}, indent=2)
        making = self.path.with_name(f".{FILE}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._keep_broken()
            making.write_text(text + "\n", encoding="utf-8")
            os.replace(making, self.path)
        except OSError as error:
            log.error("What was chosen could not be kept in %s: %s", self.path, error)
            raise SetupError(say("What you chose cannot be kept on this machine: {trouble}.", trouble=error)) from error

    def _keep_broken(self) -> None:
        """A file that cannot be read may be somebody's work: it is moved aside, not overwritten."""
        told: list[Message] = []
        if not self.read(told.append) and told:
            os.replace(self.path, self.path.with_name(f"{FILE}.broken"))


def checked(name: str, value: Any) -> Any:
    """The value as a setting of this name takes it. Raises SetupError with what it takes."""
    if name in NUMBERS:
        lowest, highest = NUMBERS[name]
        kind = type(getattr(Settings, name))
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            raise SetupError(
                say(
                    "{setting} must be a number from {first} to {last}, not “{text}”.",
                    setting=name,
                    first=f"{lowest:g}",
                    last=f"{highest:g}",
                    text=value,
                )
            )
        return kind(value)
    if name in ("speech_translate", "picture_facts"):
        if not isinstance(value, bool):
            raise SetupError(say("{name} must be yes or no, not “{value}”.", name=name, value=str(value)[:40]))
        return value
    if not isinstance(value, str) or len(value) > 500:
        raise SetupError(say("{setting} must be a text, not “{text}”.", setting=name, text=str(value)[:40]))
    if name == "fusion" and value not in CHOICES[name]:
        raise SetupError(
            say(
                "There is no way of fusing called “{name}”. Choose {names}.", name=value, names=", ".join(CHOICES[name])
            )
        )
    if name == "chinese_script" and value not in CHOICES[name]:
        raise SetupError(
            say("There is no Chinese script called “{value}”. Choose auto, simplified or traditional.", value=value)
        )
    if name == "read_aloud" and value not in CHOICES[name]:
        raise SetupError(say("read_aloud knows no “{value}”. Choose never, spoken or always.", value=value[:40]))
    if name in ("voice_english", "voice_chinese"):
        return value.strip() or "auto"
    if name == "speech_language" and not is_language(value := value or "auto"):
        raise SetupError(
            say("“{value}” is no code of a language. Write auto, or two or three letters: en, zh, yue.", value=value)
        )
    return value

"""Messages of a program as a turn: their words, and their files laid into a folder of the call. Nothing is fetched."""

import base64
import binascii
import mimetypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from assistant.citing.citations import drop_made_up_numbers
from assistant.conversations.passing import PassingTurn
from assistant.values.conversation import Exchange
from assistant.values.parts import Attachment, Text, Turn
from ui.api.refusals import Refusal
from ui.api.shapes import ChatMessage, FilePart, ImagePart, Part, RefusalPart, SoundPart, TextPart

_DATA = re.compile(r"data:([\w.+/-]*)((?:;[\w.=+-]+)*),", re.IGNORECASE)
_LONGEST_HEAD = 300  # characters of a data URI before its bytes
_ODD = re.compile(r"[/\\\x00-\x1f\x7f]")


@dataclass
class LaidFiles:
    """Where the files of one call lie. make_folder: makes it, where there are any."""

    make_folder: Callable[[], Path]
    password: str = ""
    _count: int = field(default=0)

    @cached_property
    def folder(self) -> Path:
        return self.make_folder()

    def lay(self, data: str, name: str, ending: str, param: str, spoken: bool = False) -> Attachment:
        """data: base64. name: as it is called; "" for a number."""
        self._count += 1
        try:
            decoded = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refusal(400, f"{param}: this is no base64.", "invalid_base64", param) from error
        name = _ODD.sub("_", PurePath(name).name)[:200] or f"file {self._count}{ending}"
        path = self.folder / f"{self._count}{_ending(name) or ending}"
        path.write_bytes(decoded)
        return Attachment(path, name, spoken=spoken, password=self.password)


def single_turn(messages: Sequence[ChatMessage], files: LaidFiles) -> Turn:
    """For a conversation that is kept: the one message that goes on with it."""
    if len(messages) != 1 or messages[0].role != "user":
        raise Refusal(
            400,
            "A kept conversation knows what was said before: send the new message of the user alone.",
            "not_one_message",
            "messages",
        )
    return _turn(messages[0], files, "messages.0", last=True)


def passing_turn(messages: Sequence[ChatMessage], files: LaidFiles) -> PassingTurn:
    """The last message is what is asked; those before it are the conversation so far."""
    if messages[-1].role != "user":
        raise Refusal(400, "The last message must be one of the user.", "last_message", "messages")
    instructions, exchanges, earlier, asked = [], [], [], ""
    for number, message in enumerate(messages[:-1]):
        if message.role in ("system", "developer"):
            instructions.append(_words(message, f"messages.{number}"))
        elif message.role == "assistant":
            exchanges.append(Exchange(asked, drop_made_up_numbers(_words(message, f"messages.{number}"))))
            asked = ""
        else:
            turn = _turn(message, files, f"messages.{number}", last=False)
            asked = "\n".join(filter(None, (asked, turn.text)))
            earlier += turn.attachments
    turn = _turn(messages[-1], files, f"messages.{len(messages) - 1}", last=True)
    if asked:  # and never answered
        turn = Turn((Text(asked), *turn.parts))
    told = [one for one in exchanges if one.question and one.answer]
    return PassingTurn(turn, told, earlier, "\n\n".join(filter(None, instructions)))


def _turn(message: ChatMessage, files: LaidFiles, param: str, last: bool) -> Turn:
    parts = _parts(message)
    worded = any(isinstance(part, TextPart) and part.text.strip() for part in parts)
    made: list[Text | Attachment] = []
    for number, part in enumerate(parts):
        where = f"{param}.content.{number}"
        match part:
            case TextPart(text=text):
                if text.strip():
                    made.append(Text(text))
            case RefusalPart(refusal=text):
                made.append(Text(text))
            case ImagePart(image_url=address):
                made.append(_from_uri(address.url, "", files, f"{where}.image_url.url"))
            case SoundPart(input_audio=sound):
                spoken = last and not worded
                made.append(files.lay(sound.data, "", f".{sound.format}", f"{where}.input_audio.data", spoken))
            case FilePart(file=file):
                if file.file_data is None:
                    raise Refusal(
                        400, "Files are taken by what is in them, as file_data.", "no_file_data", f"{where}.file"
                    )
                made.append(_from_uri(file.file_data, file.filename, files, f"{where}.file.file_data", bare=True))
    return Turn(tuple(made))


def _words(message: ChatMessage, param: str) -> str:
    """Of whoever may only speak."""
    texts = []
    for number, part in enumerate(_parts(message)):
        match part:
            case TextPart(text=text) | RefusalPart(refusal=text):
                texts.append(text)
            case _:
                where = f"{param}.content.{number}"
                raise Refusal(400, f"{where}: only the user hands over files.", "invalid_value", where)
    return "\n".join(texts)


def _parts(message: ChatMessage) -> Sequence[Part]:
    if message.content is None:
        return ()
    if isinstance(message.content, str):
        return (TextPart(type="text", text=message.content),)
    return message.content


def _from_uri(address: str, name: str, files: LaidFiles, param: str, bare: bool = False) -> Attachment:
    """bare: base64 without anything before it will do."""
    found = _DATA.match(address[:_LONGEST_HEAD])
    if found is None and (not bare or ":" in address[:100]):
        raise Refusal(
            400, f"{param}: send the bytes as a data URI with base64; no address is fetched.", "no_data_uri", param
        )
    if found is None:
        return files.lay(address, name, "", param)
    if not found[2].lower().endswith(";base64"):
        raise Refusal(400, f"{param}: a data URI must be in base64.", "no_data_uri", param)
    return files.lay(address[found.end() :], name, mimetypes.guess_extension(found[1] or "") or "", param)


def _ending(name: str) -> str:
    """What a file is its bytes tell; the ending helps where they are plain text."""
    ending = PurePath(name).suffix
    return ending if re.fullmatch(r"\.\w{1,10}", ending, re.ASCII) else ""

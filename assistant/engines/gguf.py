"""A GGUF file into what an engine loads in seconds, once: safetensors, for transformers, or another engine's own form.
transformers unpacks a GGUF anew at every start, which takes half a minute or more.
"""

import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.engines.failures import first_line
from assistant.ports.modality import Report
from assistant.values.errors import AssistantError, DiskFull, EngineError
from assistant.values.events import Progress
from assistant.values.messages import say

_STAMP = "source.json"
# Two quantisations of one matrix differ by 0.04 to 0.07 of its norm, two different matrices by 1.4.
_SAME_MATRIX = 0.15


@dataclass(frozen=True)
class Conversion:
    """One form that a GGUF is converted into."""

    folder: str
    """Where the result lies under the cache."""
    version: int
    """The version of what is written. A higher one converts again."""
    grows: float
    """How many times as large as the GGUF the result is."""
    make: Callable[[Path, Path, Report], None]
    """Takes the file, the folder to be made, and a function that reports progress."""


def find_gguf(folder: Path) -> Path | None:
    """The folder's GGUF, where it is what the folder holds. Raises EngineError where there are several."""
    if (folder / "config.json").is_file():
        return None
    found = sorted(folder.glob("*.gguf"))
    if len(found) > 1:
        raise EngineError(
            say(
                "{folder} holds {count} GGUF files. Give me a folder with one of them.",
                folder=folder.name,
                count=len(found),
            )
        )
    return found[0] if found else None


def converted(source: Path, cache: Path, report: Report, into: Conversion | None = None) -> Path:
    """A folder under `cache` with the same model in another form (None: as safetensors), converted now if need be.

    Only whole folders ever stand under their final name, and one process converts at a time, so
    neither a kill midway nor two starts at once can leave a broken one. One whose files were cut off later is made
    anew. Raises DiskFull, EngineError.
    """
    from filelock import FileLock

    into = into or Conversion("converted", 1, 4, _convert)
    target = cache / into.folder / source.parent.name
    stamp = {"file": source.name, "bytes": source.stat().st_size, "version": into.version}
    if _is_whole(target, stamp):
        return target
    partial = target.with_name(f"{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock")):
            if _is_whole(target, stamp):  # another process was faster
                return target
            shutil.rmtree(partial, ignore_errors=True)
            shutil.rmtree(target, ignore_errors=True)
            needed = into.grows * source.stat().st_size
            if shutil.disk_usage(target.parent).free < needed:
                raise _no_room(source, needed)
            into.make(source, partial, report)
            made = {file.name: file.stat().st_size for file in partial.iterdir() if file.is_file()}
            (partial / _STAMP).write_text(json.dumps({**stamp, "made": made}))
            partial.replace(target)
    except AssistantError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    except Exception as error:
        shutil.rmtree(partial, ignore_errors=True)
        if _is_disk_full(error):
            raise _no_room(source, into.grows * source.stat().st_size) from error
        raise EngineError(
            say(
                "{name} cannot be unpacked: {trouble}. Use the model's safetensors version.",
                name=source.name,
                trouble=first_line(error),
            )
        ) from error
    return target


def _convert(source: Path, folder: Path, report: Report) -> None:
    """Writes model and tokenizer. In bfloat16: a quantised GGUF holds less than that."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    size = source.stat().st_size
    what = say("Unpacking {file} for the first time", file=source.name)
    report(Progress(what, 0, size))
    tokenizer: Any = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    report(Progress(what, size // 5, size))
    model: Any = AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    report(Progress(what, 4 * size // 5, size))
    # otherwise saving refuses: "quantized with gguf"
    model.hf_quantizer, model.is_quantized = None, False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    tie_if_same(model)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    report(Progress(what, size, size))


def tie_if_same(model: Any) -> bool:
    """Makes embedding and output head one tensor where they are two quantisations of the same one.

    A GGUF may hold both at different precision, although the model was trained with one. The head is
    kept: it is the one quantised more finely. Saves its size on disk and in memory.
    """
    import torch

    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    if head is None or embedding.weight is head.weight or embedding.weight.shape != head.weight.shape:
        return False
    rows = torch.linspace(0, head.weight.shape[0] - 1, min(4096, head.weight.shape[0])).long()
    ours, theirs = embedding.weight[rows].float(), head.weight[rows].float()
    if (ours - theirs).norm() > _SAME_MATRIX * theirs.norm():
        return False
    embedding.weight = head.weight
    model.config.get_text_config().tie_word_embeddings = True
    model.config.tie_word_embeddings = True
    model.tie_weights()
    return True


def header(source: Path) -> dict[str, object]:
    """The numbers and texts at the head of a GGUF, up to the tokenizer: architecture, lengths, name.

    The gguf library reads whole vocabularies first, which takes seconds; this takes none.
    Raises EngineError where the file is no GGUF.
    """
    values: dict[str, object] = {}
    with source.open("rb") as file:
        try:
            magic, _version, _tensors, count = struct.unpack("<4sIQQ", file.read(24))
            if magic != b"GGUF":
                raise EngineError(say("{name} is not a GGUF file.", name=source.name))
            for _ in range(count):
                key = _read_text(file)
                if key.startswith("tokenizer."):
                    break
                values[key] = _read_value(file, *struct.unpack("<I", file.read(4)))
        except struct.error as error:
            raise EngineError(say("{name} ends in the middle: fetch it again.", name=source.name)) from error
    return values


# GGUF value types, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9


def _read_value(file: BinaryIO, kind: int) -> object:
    if kind == _TEXT:
        return _read_text(file)
    if kind == _ARRAY:
        inner, count = struct.unpack("<IQ", file.read(12))
        return [_read_value(file, inner) for _ in range(count)]
    if kind not in _NUMBERS:
        raise EngineError(say("This GGUF holds a value of the unknown kind {code}.", code=kind))
    code = f"<{_NUMBERS[kind]}"
    return struct.unpack(code, file.read(struct.calcsize(code)))[0]


def _read_text(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    return file.read(length).decode("utf-8", "replace")


def _is_whole(folder: Path, stamp: dict[str, object]) -> bool:
    """Whether it was made of that file, and every file in it has the size that it was written with."""
    try:
        kept = json.loads((folder / _STAMP).read_text())
        made = kept.pop("made", {})
        return bool(kept == stamp) and all((folder / name).stat().st_size == size for name, size in made.items())
    except (OSError, ValueError, AttributeError):
        return False


def _no_room(source: Path, needed: float) -> DiskFull:
    size = f"{needed / 1e9:.1f} GB"
    return DiskFull(
        say(
            "No room to unpack {name}: about {needs} are needed. Free some, or choose another --cache.",
            name=source.name,
            needs=size,
        )
    )


def _is_disk_full(error: BaseException) -> bool:
    """The safetensors library raises an error of its own, with the system's words."""
    return "No space left on device" in str(error)

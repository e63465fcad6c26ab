"""A GGUF file into OpenVINO's own form (IR), once: its weights stay in four bits, and load in seconds.

openvino-genai reads the GGUF, and nothing else is asked of it. It holds the interpreter's lock meanwhile and takes the
memory of several models, so it works in a process of its own.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from assistant.engines.failures import first_line
from assistant.engines.gguf import Conversion
from assistant.ports.modality import Report
from assistant.settings.telemetry import silence_openvino
from assistant.values.errors import EngineError
from assistant.values.events import Progress
from assistant.values.messages import say

MODEL = "openvino_model.xml"
_ROOT = Path(__file__).parent.parent.parent
_CODE = "import sys; from assistant.engines.openvino_ir import main; main(*sys.argv[1:])"
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")


def is_installed() -> bool:
    return find_spec("openvino_genai") is not None


def into_ir() -> Conversion:
    # as large as the GGUF and a seventh more, and what is written in between
    return Conversion("openvino", 1, 1.5, _convert)


def _convert(source: Path, folder: Path, report: Report) -> None:
    size = source.stat().st_size
    report(Progress(say("Unpacking {file} for the first time", file=source.name), 0, size))
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CODE, str(source), str(folder)],
        capture_output=True,
        check=False,
        env={key: os.environ[key] for key in _INHERITED if key in os.environ} | {"PYTHONPATH": str(_ROOT)},
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise EngineError(
            say(
                "OpenVINO cannot read {name}: {trouble}.",
                name=source.name,
                trouble=told[-1][:200] if told else say("it broke off"),
            )
        )
    report(Progress(say("Unpacking {file} for the first time", file=source.name), size, size))


def main(source: str, folder: str) -> None:
    """In the process of its own: model and tokenizer into the folder, which is made."""
    try:
        _write(Path(source), Path(folder))
    except Exception as error:  # noqa: BLE001 - whatever it is, its one line is read by who started this
        sys.exit(first_line(error))


def _write(source: Path, folder: Path) -> None:
    silence_openvino()
    import openvino
    import openvino_genai
    from transformers import AutoTokenizer

    folder.mkdir(parents=True)
    here = folder / source.name  # it writes beside the file that it reads
    try:
        here.symlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, here)
    openvino_genai.LLMPipeline(here, "CPU", enable_save_ov_model=True)
    here.unlink()
    for other in folder.glob("openvino_*tokenizer.*"):
        with suppress(OSError):
            other.unlink()
    openvino.Core().read_model(folder / MODEL)
    AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(folder)

"""A model file as a function over arrays, run by OpenVINO where that is installed, else by onnxruntime.

Measured on the reader's models: OpenVINO takes a third to a half of the time, and less where the processor knows
bfloat16. Knows nothing of what the arrays mean.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.settings.telemetry import silence_onnxruntime, silence_openvino

Floats = numpy.typing.NDArray[numpy.float32]

_PREPARED = 24  # shapes of input that OpenVINO keeps ready; each takes a few megabytes


@dataclass(frozen=True)
class InferenceModel:
    """A model that was opened for inference."""

    run: Callable[[Floats], Floats]
    """One array to one array, valid until the same thread runs it again. Any thread may call it."""
    about: Callable[[str], str]
    """What the file says of itself, by name."""


def processors() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_model(file: Path, at_once: int = 1) -> InferenceModel:
    """at_once: how many threads will run it side by side, with a share of the processors each."""
    opened = with_openvino if find_spec("openvino") is not None else with_onnxruntime
    return opened(file, at_once)


def with_openvino(file: Path, at_once: int) -> InferenceModel:
    silence_openvino()
    import openvino

    core = openvino.Core()
    read = core.read_model(file)
    compiled = core.compile_model(read, "CPU", openvino_options(at_once))
    mine = threading.local()

    def run(values: Floats) -> Floats:
        if not hasattr(mine, "request"):
            mine.request = compiled.create_infer_request()
        mine.request.infer([values])
        made: Floats = mine.request.get_output_tensor().data
        return made

    return InferenceModel(run, lambda name: str(read.get_rt_info(["framework", name]).value))


def openvino_options(at_once: int = 1) -> dict[str, str]:
    return {
        "NUM_STREAMS": str(at_once),
        "INFERENCE_NUM_THREADS": str(processors()),
        "ENABLE_CPU_PINNING": "NO",  # others use the processor too
        "CPU_RUNTIME_CACHE_CAPACITY": str(_PREPARED),
    }


def with_onnxruntime(file: Path, at_once: int) -> InferenceModel:
    silence_onnxruntime()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = max(1, processors() // at_once)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # who waits must not take the processor
    session: Any = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(values: Floats) -> Floats:
        made: Floats = session.run(None, {name: values})[0]
        return made

    return InferenceModel(run, lambda name: str(session.get_modelmeta().custom_metadata_map[name]))

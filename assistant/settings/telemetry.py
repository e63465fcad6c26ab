"""What libraries would tell their makers, and does not leave this machine. To be called before they are imported."""

import os
import sys


def silence_onnxruntime() -> None:
    """From 1.31 on it writes down how it is used, under the home folder, and sends that to its makers; it asks for this
    variable when it is first imported."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def silence_openvino() -> None:
    """Importing it would tell its makers so, unless the package that does it is not to be had."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

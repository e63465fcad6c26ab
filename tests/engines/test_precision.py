"""In what a model computes, by what the processor can do and how much memory is free."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.engines.pretrained import precision
from assistant.models.device import Device

CPU = Device("cpu", "CPU", 0, 1000, "float32")
BYTES = 300  # of the weights as published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.safetensors").write_bytes(bytes(BYTES))
    return tmp_path


def test_a_processor_without_bfloat16_computes_in_float32_where_that_fits(folder: Path) -> None:
    assert precision(folder, CPU) == "float32"
    assert precision(folder, replace(CPU, free_bytes=2 * BYTES)) == "bfloat16"


@pytest.mark.parametrize("kind", ["cpu", "cuda", "mps"])
def test_a_device_that_knows_bfloat16_computes_in_it(folder: Path, kind: str) -> None:
    assert precision(folder, replace(CPU, kind=kind, dtype="bfloat16")) == "bfloat16"

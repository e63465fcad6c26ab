"""In which precision a model is held."""

from pathlib import Path

import pytest

from assistant.device import Device
from assistant.engines.pretrained import precision

CPU = Device("cpu", "CPU", 16_000, 8_000, "bfloat16")
GPU = Device("cuda", "A card", 16_000, 8_000, "bfloat16")


@pytest.mark.parametrize(
    ("weights_bytes", "device", "multiplies_bfloat16", "held"),
    [
        (2_000, CPU, True, "bfloat16"),
        (2_000, CPU, False, "float32"),
        (2_001, CPU, False, "bfloat16"),  # would take more than half of what is free
        (0, CPU, False, "bfloat16"),  # nothing is known of its size
        (2_000, GPU, False, "bfloat16"),
    ],
)
def test_a_processor_without_bfloat16_computes_in_float32_what_fits(
    tmp_path: Path, weights_bytes: int, device: Device, multiplies_bfloat16: bool, held: str
) -> None:
    (tmp_path / "model.safetensors").write_bytes(bytes(weights_bytes))
    assert precision(tmp_path, device, multiplies_bfloat16) == held

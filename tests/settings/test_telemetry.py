"""What runs below us tells its makers nothing, though nobody has set anything in the environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

USES = {
    "voice activity": "from assistant.speech.recognition.voice_activity import speech_spans\n"
    "import numpy\nspeech_spans(numpy.zeros(16000, numpy.float32))",
    "calls": "from assistant.call.activity import SileroActivity\nSileroActivity()",
    "the reader": "from assistant.models.profiles import profile_named\nfrom assistant.vision.ocr import OcrReader\n"
    "OcrReader.load(profile_named('reader'))",
    "a language model by OpenVINO": "from pathlib import Path\nfrom assistant.engines.openvino import OpenVinoEngine\n"
    "from assistant.engines.folder_profile import profile_of_folder\nfrom assistant.models.device import Device\n"
    "from tests.support.tiny_checkpoints import save_gguf\nfolder = save_gguf(Path.home() / 'cache' / 'tiny')\n"
    "OpenVinoEngine.load(profile_of_folder(folder), folder, Device('cpu', 'CPU', 2**33, 2**32, 'float32'))",
    "onnxruntime": "from pathlib import Path\nimport rapidocr\n"
    "from assistant.vision.inference import with_onnxruntime\n"
    "with_onnxruntime(next((Path(rapidocr.__file__).parent / 'models').glob('*_det_*.onnx')), 1)",
}


@pytest.mark.parametrize("use", USES)
def test_nothing_is_written_down_for_the_makers_of_a_library(use: str, tmp_path: Path) -> None:
    named = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "CI")
    environment = {name: value for name, value in os.environ.items() if name not in named}
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": os.getcwd()}
    subprocess.run([sys.executable, "-c", USES[use]], check=True, env=environment, capture_output=True)
    written = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [name for name in written if "onnxruntime" in name or "deviceid" in name], written
    assert not [name for name in written if "intel" in name.lower() or "openvino" in Path(name).parts[0]], written

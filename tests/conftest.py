"""Fixtures for every test: no request leaves this machine, and real weights come from the user's cache."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.engines.folder_profile import profile_of_folder
from assistant.engines.local import LocalEngine
from assistant.models.device import Device
from assistant.models.profiles import profile_named
from assistant.settings.settings import from_environment
from assistant.values.errors import Unreachable
from assistant.weights import Weights
from cli.main import QUIET
from tests.support import tiny_checkpoints, tiny_families

# full precision, so that an answer computed in two ways is the same to the last token
CPU = Device("cpu", "CPU", 8 * 1024**3, 4 * 1024**3, "float32")

for _variable, _value in QUIET.items():
    os.environ.setdefault(_variable, _value)


@pytest.fixture(autouse=True)
def _no_request_leaves_this_machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("weights"):
        return  # its weights may have to be fetched first
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: object) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if host and host not in ("127.0.0.1", "localhost", "::1"):
            raise ConnectionRefusedError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(scope="session", autouse=True)
def _temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The temporary folder of this run and of every process that it starts. Its path is short: sockets lie in it."""
    tmp_path_factory.getbasetemp()  # pytest's own lies beside it
    folder = Path(tempfile.mkdtemp(prefix="tests-"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(folder))
        patched.setenv("TMPDIR", str(folder))
        yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left(_temporary: Path) -> Iterator[None]:
    """Whatever Medley puts into the temporary folder is gone after the tests of a file."""
    yield
    if list(_temporary.glob("medley*")):
        gc.collect()  # a library that nobody closed goes with whoever knew it
    assert not [path.name for path in _temporary.glob("medley*")]


@pytest.fixture(scope="session")
def weights_folder() -> Callable[[str], Path]:
    """profile name → the folder with its files, fetched once into the cache. Skips where nothing answers."""
    weights = Weights(from_environment(os.environ).cache)

    def fetched(name: str) -> Path:
        profile = profile_named(name)
        assert profile is not None
        assert profile.checkpoint is not None
        try:
            return weights.fetch(profile.checkpoint)
        except Unreachable as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"weights of {name} are not to be had here: {error}")

    return fetched


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """name of a family → a folder with a tiny checkpoint of it, built once."""
    folders: dict[str, Path] = {}
    families = {"text": tiny_checkpoints.text, **tiny_checkpoints.SEEING, **tiny_families.MORE}

    def built(name: str) -> Path:
        if name == "smolvlm":
            pytest.importorskip("num2words", reason="SmolVLM's processor needs num2words")
        if name not in folders:
            folders[name] = tiny_checkpoints.save(families[name], tmp_path_factory.mktemp("tiny") / name)
        return folders[name]

    return built


@pytest.fixture(scope="session")
def engine(checkpoint: Callable[[str], Path]) -> Callable[[str], LocalEngine]:
    """name of a family → a local engine with its tiny checkpoint, loaded once."""
    engines: dict[str, LocalEngine] = {}

    def loaded(name: str) -> LocalEngine:
        if name not in engines:
            folder = checkpoint(name)
            engines[name] = LocalEngine.load(profile_of_folder(folder), folder, CPU)
        return engines[name]

    return loaded

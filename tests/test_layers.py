"""The house stands: imports point down, heavy libraries stay in their rooms, --help is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("prompts", "assistant", "retrieval", "ui", "app")
MAY_IMPORT = {
    "prompts": set(),
    "assistant": {"prompts"},
    "retrieval": {"assistant", "prompts"},
    "ui": {"assistant", "prompts"},
    "app": {"assistant", "prompts", "retrieval", "ui"},
}
ONLY_IN = {
    "gradio": {"ui", "app"},
    "chromadb": {"retrieval"},
    "langchain_text_splitters": {"retrieval"},
    "langchain": {"assistant"},  # engines/remote.py
    "torch": {"assistant"},
    "transformers": {"assistant"},
}
HEAVY = ("torch", "transformers", "gradio", "chromadb", "langchain", "langchain_core", "numpy", "PIL", "av")


def files():
    found = [ROOT / "app.py"]
    for room in ROOMS[:-1]:
        found += sorted((ROOT / room).rglob("*.py"))
    return found


def imports(path):
    """Top-level names of everything a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


def room_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    room = room_of(path)
    up = {name for name in imports(path) if name in ROOMS and name != room} - MAY_IMPORT[room]
    assert not up, f"{path.name} in {room}/ imports {up}, which stands above it"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_stay_in_their_rooms(path):
    room = room_of(path)
    strayed = {name for name in imports(path) if name in ONLY_IN and room not in ONLY_IN[name]}
    assert not strayed


def test_there_are_files_in_every_room():
    assert {room_of(path) for path in files()} == set(ROOMS)


def test_values_know_nobody_above_them():
    """parts, evidence, events and errors import no other room's idea than values."""
    values = {"parts", "evidence", "events", "errors", "limits", "checkpoint"}
    for name in values:
        tree = ast.parse((ROOT / "assistant" / f"{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assistant."):
                assert node.module.split(".")[1] in values, f"{name} imports {node.module}"


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["weights", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys, app\n"
        "try:\n    app.main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "usage:" in done.stdout
    assert done.stdout.splitlines()[-1] == "HEAVY []"

"""The house stands: imports point down, heavy libraries stay in their rooms, --help is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("prompts", "assistant", "retrieval", "ui", "cli", "app")
MAY_IMPORT = {
    "prompts": set(),
    "assistant": {"prompts"},
    "retrieval": {"assistant", "prompts"},
    "ui": {"assistant", "prompts"},
    "cli": {"assistant", "prompts", "retrieval", "ui"},
    "app": {"cli"},
}
ONLY_IN = {
    "gradio": {"ui", "cli"},
    "chromadb": {"retrieval"},
    "langchain_text_splitters": {"retrieval"},
    "langchain": {"assistant"},  # engines/remote.py
    "torch": {"assistant"},
    "transformers": {"assistant"},
}
FLOORS = (  # of the core, from the lowest; a room imports from those below its own
    ("values",),
    ("settings", "media", "storage", "text"),
    ("models",),
    ("ports",),
    ("citing", "intake", "vision", "weights", "engines"),
    ("answering", "speech", "embeddings"),
    ("conversations", "setup"),
    ("call",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
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


@pytest.mark.parametrize(
    "path", sorted((ROOT / "assistant").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_rooms_of_the_core_import_from_lower_floors_only(path):
    inside = path.relative_to(ROOT / "assistant").parts
    if len(inside) == 1:
        assert path.name == "__init__.py", f"{path.name} lies outside every room"
        return
    here = FLOOR[inside[0]]
    up = {name for name in core_imports(path) if name != inside[0] and FLOOR[name] >= here}
    assert not up, f"{'/'.join(inside)} imports {up}, which does not stand below it"


def core_imports(path):
    """The rooms of the core from which a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "assistant":
            inside = node.module.split(".")[1:]
            yield from inside[:1] or [alias.name for alias in node.names]


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

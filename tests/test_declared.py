"""What is imported is declared: of the program in requirements.txt, of tests and benchmarks in requirements-dev.txt."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = ("app.py", "assistant", "cli", "prompts", "retrieval", "ui")
BESIDE = ("tests", "benchmarks", "docs")
OURS = {name.removesuffix(".py") for name in (*PROGRAM, *BESIDE)}
NAMES = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)$", re.MULTILINE)
NOT_HERE = {  # imported where they are installed, and done without elsewhere
    "spaces": "a Space's own",
    "bitsandbytes": "for four bits on NVIDIA GPUs",
    "mcp": "an extra, for agents",
    "sherpa_onnx": "an extra, for models of voices of one's own",
    **dict.fromkeys(
        ("docling", "docling_core", "docling_parse", "markitdown"), "peers, in an environment of their own"
    ),
}


def files(rooms: tuple[str, ...]) -> list[Path]:
    paths = [ROOT / room for room in rooms]
    return [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]


def imports(file: Path) -> Iterator[str]:
    """Modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "importlib.import_module"):
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def declared(name: str) -> dict[str, str]:
    """Distribution → its version."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {normal(one): version for one, version in NAMES.findall(text)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def distributions() -> dict[str, list[str]]:
    return {package: list(map(normal, names)) for package, names in packages_distributions().items()}


def undeclared(rooms: tuple[str, ...], known: set[str]) -> set[str]:
    """Each as "package in file"."""
    found = set()
    for file in files(rooms):
        for package in {name.split(".")[0] for name in imports(file)} - OURS - set(NOT_HERE):
            if package not in sys.stdlib_module_names and known.isdisjoint(distributions().get(package, [package])):
                found.add(f"{package} in {file.relative_to(ROOT)}")
    return found


def test_what_the_program_imports_is_declared() -> None:
    assert not undeclared(PROGRAM, set(declared("requirements.txt")))


def test_what_tests_and_benchmarks_import_is_declared() -> None:
    assert not undeclared(BESIDE, {*declared("requirements.txt"), *declared("requirements-dev.txt")})


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_is_pinned_and_stands_once(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    assert not [line for line in lines if not NAMES.fullmatch(line)]
    assert len(lines) == len(declared(name))


def test_an_import_that_is_not_declared_is_told() -> None:
    assert any(one.startswith("numpy in ") for one in undeclared(("assistant",), set()))


@pytest.mark.parametrize("name", ["requirements-cpu.lock", "requirements-cuda.lock"])
def test_a_lock_file_holds_what_is_declared_at_its_version_and_a_digest_of_each_file(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    locked = dict(one.split()[0].partition("+")[0].split("==") for one in packages)
    wanted = declared("requirements.txt")
    assert {one: version for one, version in wanted.items() if locked.get(one) != version} == {}
    assert len(locked) > 2 * len(wanted)
    assert [one.split()[0] for one in packages if "--hash=sha256:" not in one] == []

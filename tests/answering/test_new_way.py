"""A newcomer adds a way of answering: one file, and one with what people say for it. Nothing else is told of it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import ways
from assistant.answering.kinds.examples import examples
from assistant.answering.kinds.linear import LinearClassifier
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.parts import Attachment, Text, Turn
from assistant.values.request import Request
from prompts import REQUESTS
from tests.support.fakes import make_assistant, saying
from ui.understood import understood

WAY = '''
"""Spelling: a word, letter by letter."""

from assistant.answering.context import plain
from assistant.answering.ways import Kind
from assistant.values.events import Delta
from assistant.values.messages import say


class Spelling:
    kinds = {
        "spell": Kind(
            about="nothing",
            name=say("spelling"),
            facets={"slowly": say("slow spelling")},
        )
    }

    def answer(self, request, context):
        text = "-".join(request.words.strip("?!. ").split()[-1].upper())
        yield Delta(text)
        return plain(text)
'''
SAID = (
    "spell hippopotamus", "how do you spell rhythm?", "can you spell my name", "spell it out for me: bureau",
    "what is the spelling of separate", "letter by letter please: diarrhoea", "spell this word for me: yacht",
    "how is necessary spelled", "how do I spell accommodation", "spell out the word queue",
)  # fmt: skip
SAID_SLOWLY = (
    "spell it slowly: rhubarb",
    "slowly, letter after letter: pneumonia",
    "slower please, how is xylophone spelled",
)

BEGINNINGS = (  # language, what is said, how often with another number
    ("en", "how do the first {} lines of the file begin", 60),
    ("zh", "文件开头的{}行是怎么写的", 45),
    ("de", "wie fangen die ersten {} Zeilen an", 10),
    ("fr", "comment commencent les {} premières lignes", 10),
    ("es", "cómo empiezan las primeras {} líneas", 10),
    ("pt", "como começam as primeiras {} linhas", 10),
    ("ja", "最初の{}行の書き出しは", 10),
    ("ko", "처음 {}줄은 어떻게 시작해", 10),
    ("ru", "как начинаются первые {} строк", 10),
)
TEST_OF_BEGINNING = """
from assistant.values.conversation import Conversation
from assistant.values.events import Done
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import KindsByWord, make_assistant, saying
from ui.understood import understood


def test_a_file_s_beginning_is_quoted(tmp_path):
    (tmp_path / "pump.txt").write_text("The pump was serviced by Dana Ortiz.")
    assistant = make_assistant(saying({}), classifier=KindsByWord({"begin": "beginning"}))
    turn = Turn((Text("How does it begin?"), Attachment(tmp_path / "pump.txt", "pump.txt")))
    done = list(assistant.answer(turn, Conversation()))[-1]
    assert isinstance(done, Done), done
    assert done.answer.text == "The pump was serviced by Dana Ortiz.[1]"
    assert understood(done.answer.received, "en") == ("Understood as: how it begins · pump.txt (handed over now)",)
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of examples, as it is once the two files are there: beside the new kind some of the others."""
    (tmp_path / "ways").mkdir()
    (tmp_path / "ways" / "spelling.py").write_text(WAY)
    requests = tmp_path / "requests"
    requests.mkdir()
    lines = [json.dumps({"language": "en", "wording": wording, "facet": "plain"}) for wording in SAID]
    lines += [json.dumps({"language": "en", "wording": wording, "facet": "slowly"}) for wording in SAID_SLOWLY]
    (requests / "spell.jsonl").write_text("\n".join(lines) + "\n")
    for kind in ("fact", "small_talk", "knowledge"):
        known = (REQUESTS / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
        (requests / f"{kind}.jsonl").write_text("\n".join(known[:40]), encoding="utf-8")
    monkeypatch.setattr(ways, "__path__", [*ways.__path__, str(tmp_path / "ways")])
    ways.all_ways.cache_clear()
    yield requests
    ways.all_ways.cache_clear()
    sys.modules.pop(f"{ways.__name__}.spelling", None)


def test_one_file_and_its_examples_are_a_way(added: Path, tmp_path: Path) -> None:
    classifier = LinearClassifier.load(None, examples(added))
    engine = saying({"": "Dana Ortiz serviced the pump."})
    assistant, conversation = make_assistant(engine, classifier=classifier), Conversation()
    (tmp_path / "pump.txt").write_text("The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.")

    def ask(words: str, *files: Attachment) -> tuple[Answer, Request]:
        done = list(assistant.answer(Turn((Text(words), *files)), conversation))[-1]
        assert isinstance(done, Done), done
        assert done.answer.received.request is not None
        return done.answer, done.answer.received.request

    spelled, request = ask("How do you spell chrysanthemum?")
    assert (request.kind, spelled.text) == ("spell", "C-H-R-Y-S-A-N-T-H-E-M-U-M")
    assert not engine.received
    assert ask("Who serviced the pump?", Attachment(tmp_path / "pump.txt", "pump.txt"))[1].kind == "fact"
    _, beside = ask("How do you spell rhododendron?")
    assert (beside.kind, beside.meant, beside.files) == ("spell", "none", ())  # it is about nothing, as declared

    assert understood(spelled.received, "en") == ("Understood as: spelling",)
    assert understood(spelled.received, "zh") == ("理解为：spelling",)  # no catalogue knows it yet
    slowly, _ = ask("Slowly please, how is bureaucracy spelled")
    assert understood(slowly.received, "en") == ("Understood as: slow spelling",)


def test_the_readme_s_way_passes_the_tests_of_all_ways_and_answers(tmp_path: Path) -> None:
    """In a copy of the program to which two files were added, as the README says, and nothing was changed."""
    for folder in ("assistant", "cli", "locale", "prompts", "retrieval", "tests", "ui"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (code,) = re.findall(
        r"```python\n(\"\"\"Beginning: .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "assistant" / "answering" / "ways" / "beginning.py").write_text(code, encoding="utf-8")
    said = [
        json.dumps({"language": language, "wording": wording.format(number)}, ensure_ascii=False)
        for language, wording, count in BEGINNINGS
        for number in range(2, 2 + count)
    ]
    (tmp_path / "prompts" / "requests" / "beginning.jsonl").write_text("\n".join(said), encoding="utf-8")
    (tmp_path / "tests" / "test_beginning.py").write_text(TEST_OF_BEGINNING, encoding="utf-8")
    tests = ("tests/test_request_examples.py", "tests/ui/test_understood.py", "tests/test_beginning.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_a_line_that_is_no_example_is_named(tmp_path: Path) -> None:
    (tmp_path / "spell.jsonl").write_text('{"language": "en", "wording": "spell it"}\n{"language": "en"}\n')
    with pytest.raises(ValueError, match=r"spell\.jsonl, line 2, is no example"):
        examples(tmp_path)

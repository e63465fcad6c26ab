"""A newcomer adds a way of answering: one file, and one with what people say for it. Nothing else is told of it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import ways
from assistant.answering.kinds.examples import examples
from assistant.answering.kinds.linear import LinearClassifier
from assistant.values.conversation import Conversation
from assistant.values.events import Done
from assistant.values.parts import Attachment, Text, Turn
from prompts import REQUESTS
from tests.support.fakes import make_assistant, saying

WAY = '''
"""Spelling: a word, letter by letter."""

from assistant.answering.context import plain
from assistant.values.events import Delta


class Spelling:
    kinds = {"spell": ()}

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


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of examples, as it is once the two files are there: beside the new kind some of the others."""
    (tmp_path / "ways").mkdir()
    (tmp_path / "ways" / "spelling.py").write_text(WAY)
    requests = tmp_path / "requests"
    requests.mkdir()
    lines = [json.dumps({"language": "en", "wording": wording}) for wording in SAID]
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

    def ask(words: str, *files: Attachment) -> tuple[str, str]:
        done = list(assistant.answer(Turn((Text(words), *files)), conversation))[-1]
        assert isinstance(done, Done), done
        assert done.answer.received.request is not None
        return done.answer.received.request.kind, done.answer.text

    assert ask("How do you spell chrysanthemum?") == ("spell", "C-H-R-Y-S-A-N-T-H-E-M-U-M")
    assert not engine.received
    assert ask("Who serviced the pump?", Attachment(tmp_path / "pump.txt", "pump.txt"))[0] == "fact"


def test_a_line_that_is_no_example_is_named(tmp_path: Path) -> None:
    (tmp_path / "spell.jsonl").write_text('{"language": "en", "wording": "spell it"}\n{"language": "en"}\n')
    with pytest.raises(ValueError, match=r"spell\.jsonl, line 2, is no example"):
        examples(tmp_path)

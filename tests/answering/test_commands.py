"""Prompts behind commands: found as files, filled in, and asked as ordinary turns."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.commands import Presets
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Answer, Done, Failed
from assistant.values.evidence import Page
from assistant.values.parts import Attachment, ChatMessage, Text, Turn
from cli.wiring import wire
from tests.support.fakes import KindsByWord, make_assistant, saying

NAMES = ("lease.pdf", "annual report 2024.pdf", "租约.pdf")
MENU = (
    "Soup of the day with bread, then trout from the lake with potatoes and a salad, and a cake with pears; "
    "on Sundays roast duck with red cabbage and dumplings for two or four persons."
)
PUMP = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz."


def question(text: str, names: tuple[str, ...] = NAMES) -> str:
    expanded = Presets().expand(text, names)
    assert expanded is not None
    return expanded.question


def note(folder: Path, name: str, text: str) -> Attachment:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Attachment(path, name)


def ask(assistant: Assistant, *parts: Text | Attachment, conversation: Conversation | None = None) -> Answer | Failed:
    ended = list(assistant.answer(Turn(parts), conversation or Conversation()))[-1]
    return ended.answer if isinstance(ended, Done) else ended  # type: ignore[return-value]


class Remembers(ScriptedEngine):
    """Says one thing, and remembers what it was asked."""

    def __init__(self, says: str = "It is about a pump.") -> None:
        self.prompts: list[str] = []
        super().__init__([ScriptedLine(self._remember, says)])

    def _remember(self, messages: object) -> bool:
        self.prompts.append("\n".join(one.text for one in messages if isinstance(one, ChatMessage)))  # type: ignore[attr-defined]
        return True


@pytest.fixture
def engine() -> Remembers:
    return Remembers()


@pytest.fixture
def assistant(engine: Remembers, tmp_path: Path) -> Assistant:
    return replace(make_assistant(engine), presets=Presets(tmp_path / "presets"))


def test_six_presets_come_with_medley_in_two_languages() -> None:
    presets = Presets().all()
    assert [one.name for one in presets] == [
        "compare",
        "describe",
        "explain-like-i-am-five",
        "extract-table",
        "summarise",
        "translate",
    ]
    assert Presets().troubles() == []
    for one in presets:
        assert one.english
        assert one.chinese
        assert one.command("zh") != one.command("en")
        assert Presets().expand(one.command("zh"), NAMES) != Presets().expand(one.command("en"), NAMES)


def test_what_each_command_stands_for_is_known_without_asking_a_classifier(tmp_path: Path) -> None:
    kinds = KindsByWord({}, default="small_talk")
    assistant = replace(make_assistant(Remembers(), classifier=kinds), presets=Presets())
    one, two = note(tmp_path, "one.txt", PUMP), note(tmp_path, "two.txt", "The cellar is dry.")

    def understood(words: str) -> tuple[str, str]:
        answer = ask(assistant, Text(words), one, two)
        assert isinstance(answer, Answer), answer
        assert answer.received.request is not None
        return answer.received.request.kind, answer.received.request.facet

    for english, chinese, meant in (
        ("/summarise", "/总结", ("whole", "summary")),
        ("/eli5", "/简单解释", ("whole", "explain")),
        ("/compare", "/比较", ("compare", "command")),
        ("/translate de", "/翻译 英文", ("translate", "command")),
        ("/extract-table", "/表格", ("table", "command")),
    ):
        assert understood(english) == understood(chinese) == meant
    assert kinds.asked == []


def test_a_command_of_ones_own_without_a_kind_reads_as_it_says(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    for name, reads in (("minutes", "whole"), ("dates", "what its words search for"), ("rhyme", "its own words")):
        (tmp_path / "presets" / f"{name}.md.j2").write_text(f"{{# reads: {reads} #}}\nWrite {name}.", encoding="utf-8")

    def kind(words: str) -> str:
        answer = ask(assistant, Text(words), note(tmp_path, "pump.txt", PUMP))
        assert isinstance(answer, Answer), answer
        assert answer.received.request is not None
        return answer.received.request.kind

    assert [kind("/minutes"), kind("/dates"), kind("/rhyme")] == ["whole", "fact", "knowledge"]


def test_what_stands_behind_a_command_is_told_apart() -> None:
    assert question("/summarise lease.pdf").startswith("Summarise lease.pdf in three")
    assert question("/summarise LEASE").startswith("Summarise lease.pdf in three")
    assert question("/总结 租约").startswith("请用三四句话概括租约.pdf：")
    assert question("/translate zh lease.pdf") == "Translate lease.pdf into Chinese. Write only the translation."
    assert question("/translate into German lease.pdf").startswith("Translate lease.pdf into German.")
    assert question("/translate To be or not to be").endswith("\n\nTo be or not to be")
    assert question("/翻译 英文 早上好") == "请把下面的文字翻译成英文，只写译文。\n\n早上好"
    assert question("/compare annual report 2024.pdf and lease.pdf").startswith(
        "Compare annual report 2024.pdf and lease.pdf: first"
    )
    assert "Extract monthly rents of lease.pdf as one Markdown table" in question("/table monthly rents of lease.pdf")


def test_the_language_of_the_page_may_decide_over_the_name() -> None:
    expanded = Presets().expand("/summarise", NAMES, "zh")
    assert expanded is not None
    assert expanded.question.startswith("请用")


def test_each_command_reads_what_it_needs() -> None:
    def reads(text: str) -> str:
        expanded = Presets().expand(text, NAMES)
        assert expanded is not None
        return expanded.reads

    assert reads("/summarise") == reads("/translate zh") == reads("/compare") == "whole"
    assert reads("/translate zh lease.pdf the second part") == "whole"
    assert reads("/translate zh Good morning") == "nothing"
    assert reads("/extract-table monthly rents") == "search"
    assert reads("/eli5 inflation") == ""
    assert reads("/summarise " + "A long text that was pasted. " * 20) == "nothing"


@pytest.mark.parametrize("text", ["/etc/hosts", "// a comment", "/", "/8 of it", "What is /summarise?", "", "a/b"])
def test_what_only_looks_like_a_command_is_none(text: str) -> None:
    assert Presets().expand(text) is None


def test_an_unknown_command_and_an_unknown_file_are_told_with_those_that_there_are() -> None:
    with pytest.raises(BadInput, match=r"no command /sumarise\. There are: /compare, .*/summarise, /translate"):
        Presets().expand("/sumarise lease.pdf")
    with pytest.raises(BadInput, match=r"no file leas\.pdf in this conversation. There are: lease.pdf"):
        Presets().expand("/summarise leas.pdf", NAMES)


def test_a_beginning_is_completed_in_the_language_of_the_page() -> None:
    presets = Presets()
    assert len(presets.complete("/")) == 6
    assert [one.command for one in presets.complete("/su")] == ["/summarise"]
    assert [one.command for one in presets.complete("/eli")] == ["/explain-like-i-am-five"]
    assert [one.command for one in presets.complete("/总", "zh")] == ["/总结"]
    assert presets.complete("/summarise ") == presets.complete("//") == presets.complete("su") == []


def test_a_file_that_is_put_there_is_a_command_at_once_and_one_of_the_same_name_wins(tmp_path: Path) -> None:
    presets = Presets(tmp_path)
    assert presets.expand("/summarise") != Presets().expand("nothing")
    (tmp_path / "minutes.md.j2").write_text("Write minutes{{ ' of ' ~ words if words }}.", encoding="utf-8")
    (tmp_path / "summarise.md.j2").write_text("{# reads: whole #}\nIn one word.", encoding="utf-8")
    assert [one.name for one in presets.all() if one.own] == ["minutes", "summarise"]
    expanded = presets.expand("/minutes the meeting")
    assert expanded is not None
    assert (expanded.question, expanded.reads) == ("Write minutes of the meeting.", "")
    expanded = presets.expand("/summarise")
    assert expanded is not None
    assert expanded.question == "In one word."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{% if %}", "cannot be filled in: Expected an expression"),
        ("{{ nobody }}", "cannot be filled in: 'nobody' is undefined"),
        ("{{ 1 / 0 }}", "cannot be filled in: division by zero"),
        ("{# reads: everything #}x", "says that it reads “everything”. It can say: whole"),
        ("{# only a comment #}", "is empty"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "cannot be filled in: access to attribute '__class__'"),
    ],
)
def test_a_broken_file_is_named_and_nothing_else_breaks(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "bad.md.j2").write_text(text, encoding="utf-8")
    presets = Presets(tmp_path)
    [trouble] = presets.troubles()
    assert "bad.md.j2" in trouble
    assert why in trouble
    assert len(presets.all()) == 6
    with pytest.raises(BadInput, match=r"bad\.md\.j2"):
        presets.expand("/bad")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.md.j2").write_bytes(b"\xff\xfe\x00")
    assert Presets(tmp_path).troubles() == ["The preset bad.md.j2 cannot be read as text."]


def test_a_preset_is_kept_and_removed_from_the_page(tmp_path: Path) -> None:
    presets = Presets(tmp_path / "presets")
    assert presets.write("/Minutes", "Write minutes.").name == "minutes"
    assert (tmp_path / "presets" / "minutes.md.j2").read_text(encoding="utf-8") == "Write minutes.\n"
    with pytest.raises(BadInput, match="cannot be filled in"):
        presets.write("minutes", "{{ nobody }}")
    assert presets.expand("/minutes") is not None
    for name in ("../minutes", "a/b", "", "x" * 50):
        with pytest.raises(BadInput, match="name of letters"):
            presets.write(name, "x")
    presets.remove("minutes")
    assert presets.complete("/minutes") == []
    with pytest.raises(BadInput, match="no command /summarise of your own"):
        presets.remove("summarise")


def test_a_summary_reads_the_file_that_was_named_from_its_beginning(
    assistant: Assistant, engine: Remembers, tmp_path: Path
) -> None:
    conversation = Conversation()
    pump, menu = note(tmp_path, "pump.txt", PUMP), note(tmp_path, "menu.txt", MENU)
    ask(assistant, Text("/summarise"), pump, menu, conversation=conversation)
    assert "Kestrel" in engine.prompts[-1]
    assert "Soup" in engine.prompts[-1]
    answer = ask(assistant, Text("/summarise menu"), conversation=conversation)
    assert isinstance(answer, Answer)
    assert answer.received.question.startswith("Summarise menu.txt")
    assert [piece.source for piece in answer.received.evidence] == ["menu.txt"]
    assert "Kestrel" not in engine.prompts[-1].split("Request:")[0].rsplit("Passages:")[-1]
    assert conversation.exchanges[-1].question.startswith("Summarise menu.txt")


def test_a_comparison_gives_both_files_their_share(tmp_path: Path) -> None:
    small = replace(make_assistant(saying({"Compare": "They differ."})), presets=Presets())
    long = "\n\n".join(f"Rule {n}. Helmets are worn in hall {n} at all times, by everybody. " * 8 for n in range(40))
    files = note(tmp_path, "old.txt", long), note(tmp_path, "new.txt", long.replace("Helmets", "Gloves"))
    answer = ask(small, Text("/compare old.txt new.txt"), *files)
    assert isinstance(answer, Answer)
    sources = [piece.source for piece in answer.received.evidence]
    assert sources == sorted(sources, reverse=True)  # file after file, as they were named
    old, new = sources.count("old.txt"), sources.count("new.txt")
    assert min(old, new) > 3
    assert abs(old - new) <= 1


def test_a_text_behind_the_command_is_not_mixed_with_the_files(
    assistant: Assistant, engine: Remembers, tmp_path: Path
) -> None:
    answer = ask(assistant, Text("/translate zh Good morning to you"), note(tmp_path, "pump.txt", PUMP))
    assert isinstance(answer, Answer)
    assert answer.received.evidence == ()
    assert "Kestrel" not in engine.prompts[-1]
    assert "Good morning to you" in engine.prompts[-1]


def test_a_table_of_something_is_made_of_what_is_found(assistant: Assistant, engine: Remembers, tmp_path: Path) -> None:
    text = "\n\n".join([f"Chapter {n}. Nothing of note happened in this part. " * 12 for n in range(20)] + [PUMP])
    answer = ask(assistant, Text("/extract-table Kestrel pump service"), note(tmp_path, "long.txt", text))
    assert isinstance(answer, Answer)
    assert "Kestrel" in engine.prompts[-1].rsplit("Passages:")[-1].rsplit("\n", 1)[0]


def test_a_command_with_nothing_to_read_says_what_it_needs(assistant: Assistant, tmp_path: Path) -> None:
    nothing = ask(assistant, Text("/summarise"))
    assert isinstance(nothing, Failed)
    assert nothing.message.startswith("That needs something to read, and there is nothing here.")
    assert nothing.bad_input
    one = ask(assistant, Text("/compare"), note(tmp_path, "pump.txt", PUMP))
    assert isinstance(one, Failed)
    assert one.message.startswith("That needs 2 files, and there is 1 here.")


def test_an_unknown_command_ends_the_turn_in_a_sentence(assistant: Assistant, engine: Remembers) -> None:
    failed = ask(assistant, Text("/nonsense please"))
    assert isinstance(failed, Failed)
    assert "There is no command /nonsense." in failed.message
    assert engine.prompts == []


def test_a_path_is_asked_as_it_was_typed(assistant: Assistant, engine: Remembers) -> None:
    ask(assistant, Text("/etc/hosts holds what?"))
    assert "/etc/hosts holds what?" in engine.prompts[-1]


@pytest.fixture(scope="module")
def real(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    for profile in ("qwen2.5-coder-0.5b", "minilm"):
        weights_folder(profile)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-0.5b", answer_tokens=160)
    _, assistant = wire(settings, None)
    yield replace(assistant, presets=Presets())
    assistant.close()


@pytest.mark.weights
def test_a_small_pdf_is_summed_up_with_citations(real: Assistant, tmp_path: Path) -> None:
    from tests.test_main_job import report_pdf

    report_pdf(tmp_path / "report.pdf")
    answer = ask(real, Text("/summarise report.pdf"), Attachment(tmp_path / "report.pdf", "report.pdf"))
    assert isinstance(answer, Answer)
    assert {one.source for one in answer.citations} == {"report.pdf"}  # what supports it, or comes nearest to it
    assert all(isinstance(one.location, Page) for one in answer.citations)
    assert {piece.location.number for piece in answer.received.evidence if isinstance(piece.location, Page)} == {
        1,
        2,
        3,
    }

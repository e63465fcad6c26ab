"""A whole turn beside a bare model.generate on the same prompt, model and threads, in one alternating run.

    python benchmarks/turn.py [--rounds 5] [--llm PROFILE] [--json]

Every round hands a report over in a conversation of its own and asks for a long answer; the prompt that the
engine then received goes through a bare model.generate as well. Ratios are turn over bare: tokens a second
(above 1: the turn is faster) and seconds to the first token once the engine was asked. Beside them the seconds
of the turn's own steps before and after, and the most memory the process took.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from cli.main import QUIET

os.environ.update(QUIET)

from assistant.engines import gguf
from assistant.engines.pretrained import load_model, load_processor_of
from assistant.models import device
from assistant.models.lazy import Lazy
from assistant.ports.engine import Engine, Generation
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.events import Done
from assistant.values.parts import Attachment, ChatMessage, Text, Turn
from benchmarks.engine_overhead import GenerationRun, run_bare
from cli.wiring import wire

QUESTION = "What was done to the pump, by whom, and what comes next? Tell everything, one thing after the other."
REPORT = (
    "Maintenance report. The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz. The seal was replaced and "
    "the impeller cleaned. The bearings were greased and the coupling was aligned with a dial gauge. The next service "
    "is due in September 2025. The relief valve opens at 6.5 bar and must be tested every 400 hours. "
)


class TimedEngine:
    """Stands before the engine; remembers the last prompt, and when its words came."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.profile, self.count_tokens = engine, engine.profile, engine.count_tokens
        self.likelihood = engine.likelihood
        self.messages: Sequence[ChatMessage] = ()
        self.run = GenerationRun("", 0.0, 0.0)

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        self.messages = messages
        began, first, text = time.perf_counter(), 0.0, ""
        for piece in self.engine.generate(messages, options, stop, conversation):
            first = first or time.perf_counter() - began
            text += piece
            yield piece
        self.run = GenerationRun(text, first, time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=48, help="of each answer")
    parser.add_argument("--llm", default="qwen2.5-coder-0.5b")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = replace(from_environment(os.environ), llm=options.llm, answer_tokens=options.tokens)
    table = compare(settings, options.rounds, options.tokens)
    if options.json:
        print(json.dumps(table, indent=2))
    else:
        for name, value in table.items():
            print(f"{name}: {value}")


def compare(settings, rounds: int, tokens: int) -> dict[str, object]:
    import torch

    models, assistant = wire(settings, None)
    engine = TimedEngine(models.engine.get())
    assistant = replace(assistant, engine=Lazy("Language model", lambda _: engine))
    folder = models.weights.fetch(engine.profile.checkpoint)
    if (source := gguf.find_gguf(folder)) is not None:
        folder = gguf.converted(source, settings.cache, lambda _: None)
    bare, processor = load_model(engine.profile, folder, device.look()), load_processor_of(engine.profile, folder)
    runs: dict[str, list[GenerationRun]] = {"bare": [], "turn": []}
    steps: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        timings = one_turn(assistant)
        prompt = engine.messages
        one = run_bare(bare, processor, prompt, tokens)
        if not number:
            continue  # the first round warms up
        runs["turn"].append(engine.run)
        runs["bare"].append(one)
        for step, seconds in timings.items():
            steps.setdefault(step, []).append(seconds)
    assistant.close()
    made = {name: statistics.median(count(processor, run.text) for run in some) for name, some in runs.items()}
    rate = {
        name: (made[name] - 1) / statistics.median(run.all_seconds - run.first_seconds for run in some)
        for name, some in runs.items()
    }
    first = {name: statistics.median(run.first_seconds for run in some) for name, some in runs.items()}
    return {
        "model": engine.profile.name,
        "threads": torch.get_num_threads(),
        "prompt tokens": engine.count_tokens(engine.messages),
        "answer tokens (turn, bare)": [made["turn"], made["bare"]],
        "same answer": len({run.text.strip() for some in runs.values() for run in some}) == 1,
        "ratio of tokens a second": round(rate["turn"] / rate["bare"], 3),
        "ratio of seconds to first token": round(first["turn"] / first["bare"], 3),
        "tokens a second of the turn": round(rate["turn"], 2),
        "steps of the turn, median seconds": {step: round(statistics.median(some), 3) for step, some in steps.items()},
        "highest memory GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }


def one_turn(assistant) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.txt"
        path.write_text(REPORT)
        conversation = Conversation()
        last = list(assistant.answer(Turn((Text(QUESTION), Attachment(path, path.name))), conversation))[-1]
        assistant.files.forget(conversation.id)
    assert isinstance(last, Done), last
    return dict(last.answer.timings)


def count(processor, text: str) -> int:
    return len(getattr(processor, "tokenizer", processor)(text)["input_ids"])


if __name__ == "__main__":
    main()

"""What LocalEngine.generate costs beside a bare model.generate.

    python benchmarks/engine_overhead.py FOLDER [--rounds 5] [--tokens 48] [--words 150] [--json]

FOLDER holds a model as safetensors. The same prompt, weights, precision and number of threads for both,
greedy, one after the other in every round; medians of all rounds. Ratios are engine over bare: tokens a
second (above 1: the engine is faster) and seconds to the first token (below 1: the engine is faster).
"""

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# else waiting threads spin, and on a busy machine that is all one measures
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.engines.local import LocalEngine, profile_of_folder
from assistant.engines.pretrained import load_model, load_processor_of
from assistant.models import device
from assistant.ports.engine import Generation
from assistant.values.parts import ChatMessage, Text


@dataclass(frozen=True)
class GenerationRun:
    text: str
    first_seconds: float
    all_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--words", type=int, default=150, help="of the prompt")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    table = compare(options.folder, options.rounds, options.tokens, options.words)
    if options.json:
        print(json.dumps(table, indent=2))
    else:
        for name, value in table.items():
            print(f"{name}: {value}")


def compare(folder: Path, rounds: int, tokens: int, words: int) -> dict[str, object]:
    import torch

    profile, here = profile_of_folder(folder), device.look()
    engine = LocalEngine.load(profile, folder, here)
    bare = load_model(profile, folder, here)  # one of its own: the engine puts hooks on its model
    processor = load_processor_of(profile, folder)
    question = "The pump was serviced in March by Dana Ortiz. " * (words // 9) + "Tell me a long story about it."
    messages = [ChatMessage("user", (Text(question),))]
    runs: dict[str, list[GenerationRun]] = {"bare": [], "engine": []}
    ways: dict[str, Callable[[], GenerationRun]] = {
        "bare": lambda: run_bare(bare, processor, messages, tokens),
        "engine": lambda: run_engine(engine, messages, tokens),
    }
    for number in range(rounds + 1):
        for name in ("bare", "engine") if number % 2 else ("engine", "bare"):
            run = ways[name]()
            if number:  # the first round warms up
                runs[name].append(run)
    made = len(getattr(processor, "tokenizer", processor)(runs["bare"][0].text)["input_ids"])
    rate = {
        name: (made - 1) / middle(some, lambda run: run.all_seconds - run.first_seconds) for name, some in runs.items()
    }
    first = {name: middle(some, lambda run: run.first_seconds) for name, some in runs.items()}
    return {
        "model": profile.name,
        "device": here.name,
        "threads": torch.get_num_threads(),
        "prompt tokens": engine.count_tokens(messages),
        "answer tokens": made,
        "same answer": len({run.text for some in runs.values() for run in some}) == 1,
        "bare tokens a second": round(rate["bare"], 2),
        "engine tokens a second": round(rate["engine"], 2),
        "ratio of tokens a second": round(rate["engine"] / rate["bare"], 3),
        "bare seconds to first token": round(first["bare"], 3),
        "engine seconds to first token": round(first["engine"], 3),
        "ratio of seconds to first token": round(first["engine"] / first["bare"], 3),
    }


def middle(runs: list[GenerationRun], of: Callable[[GenerationRun], float]) -> float:
    return statistics.median(of(run) for run in runs)


def run_engine(engine: LocalEngine, messages: list[ChatMessage], tokens: int) -> GenerationRun:
    began, first, pieces = time.perf_counter(), 0.0, []
    for piece in engine.generate(messages, Generation(tokens), threading.Event()):
        first = first or time.perf_counter() - began
        pieces.append(piece)
    return GenerationRun("".join(pieces), first, time.perf_counter() - began)


class FirstToken:
    """A streamer that only notes when the first token came."""

    def __init__(self) -> None:
        self.puts = 0
        self.at = 0.0

    def put(self, _tokens: object) -> None:
        self.puts += 1
        if self.puts == 2:  # the prompt comes first
            self.at = time.perf_counter()

    def end(self) -> None: ...


def run_bare(model: Any, processor: Any, messages: Sequence[ChatMessage], tokens: int) -> GenerationRun:
    tokenizer, streamer = getattr(processor, "tokenizer", processor), FirstToken()
    plain = tokenizer is processor
    told = [
        {"role": message.role, "content": message.text if plain else [{"type": "text", "text": message.text}]}
        for message in messages
    ]
    began = time.perf_counter()
    inputs = processor.apply_chat_template(
        told, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    ).to(model.device)
    output = model.generate(**inputs, max_new_tokens=tokens, do_sample=False, streamer=streamer)
    ended = time.perf_counter()
    text = tokenizer.decode(output[0][inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    return GenerationRun(text, streamer.at - began, ended - began)


if __name__ == "__main__":
    main()

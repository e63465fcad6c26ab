"""OpenVINO against transformers: the same GGUF, the same prompt, on this processor.

    python benchmarks/engines.py [PROFILE] [--words 1100] [--tokens 100] [--rounds 2] [--json]

Each engine lives in a process of its own, so that its memory is its own; both stay, and take turns round by round, so
that what else the machine does falls on both. Greedy. "later turn": a question more in the same conversation.
Seconds are as a person waits for them; those of the processor (all its cores together) say more on a busy machine.
"""

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.engines.local import LocalEngine
from assistant.engines.openvino import OpenVinoEngine
from assistant.models import device
from assistant.models.profiles import ModelProfile, profile_named
from assistant.ports.engine import Engine, Generation
from assistant.settings.settings import from_environment
from assistant.values.parts import ChatMessage, Text
from assistant.weights import Weights
from benchmarks.pieces import Piece, SettingUp, Way

ENGINES = {"OpenVINO": OpenVinoEngine, "transformers": LocalEngine}
_FACT = "The pump number {} was serviced in March by Dana Ortiz, and its next service is due in September. "
_ASKED = "Retell all of this as a long story."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profile", nargs="?", default="qwen2.5-coder-1.5b")
    parser.add_argument("--words", type=int, default=1100, help="of the prompt; 1100 are about 1500 tokens")
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    profile = profile_named(options.profile)
    assert profile is not None, f"There is no profile {options.profile}."
    told = compare(profile, options.words, options.tokens, options.rounds)
    if options.json:
        print(json.dumps(told, indent=2))
        return
    columns = list(next(iter(told.values())))
    print(f"| {' | '.join(['engine', *columns])} |\n|{'---|' * (len(columns) + 1)}")
    for name, values in told.items():
        print(f"| {' | '.join([name, *(str(values[column]) for column in columns)])} |")


def pieces() -> list[Piece]:
    bare, peer = "the same network in a bare loop", "transformers, the same weights"
    return [
        Piece(
            "a turn of the language model, 1,500 tokens in, 100 out",
            partial(one_turn, words=1100, tokens=100),
            bare=bare,
            peer=peer,
            quick_rounds=0,
            rounds=3,
        ),
        Piece(
            "a turn of the language model, 300 tokens in, 24 out",
            partial(one_turn, words=200, tokens=24, peer=False),
            bare=bare,
            quick_rounds=2,
        ),
    ]


@contextmanager
def one_turn(_: Path, words: int, tokens: int, peer: bool = True) -> SettingUp:
    """Nothing of a prompt is known before: no conversation is named, and each prompt has a number of its own."""
    settings, profile = from_environment(os.environ), profile_named("qwen2.5-coder-1.5b")
    assert profile is not None
    assert profile.checkpoint is not None
    folder = Weights(settings.cache).fetch(profile.checkpoint)
    engine = OpenVinoEngine.load(profile, folder, device.look(), cache=settings.cache)
    rounds = iter(range(1000))

    def talk() -> list[ChatMessage]:
        number = next(rounds)
        prompt = "".join(_FACT.format(f"{number}{one}") for one in range(words // 18))
        return [ChatMessage("user", (Text(prompt + _ASKED),))]

    def by(engine: Engine) -> float:
        messages = talk()
        began = time.perf_counter()
        for _ in engine.generate(messages, Generation(tokens), threading.Event()):
            pass
        return time.perf_counter() - began

    def bare() -> float:
        ids = engine._ids(talk())
        began = time.perf_counter()
        reading = engine._prefilled_texts._network.begin()
        logits = reading.read(ids, lambda: False)
        for _ in range(tokens - 1):
            assert logits is not None
            logits = reading.read([int(logits.argmax())], lambda: False)
        return time.perf_counter() - began

    ways: dict[Way, Callable[[], float]] = {"ours": partial(by, engine), "bare": bare}
    if peer:
        other = LocalEngine.load(profile, folder, device.look(), cache=settings.cache)
        ways["peer"] = partial(by, other)
    yield ways


def compare(profile: ModelProfile, words: int, tokens: int, rounds: int) -> dict[str, dict[str, float]]:
    """Medians of the rounds, by engine."""
    context = get_context("spawn")
    lines: dict[str, Connection] = {}
    loaded: dict[str, dict[str, float]] = {}
    for name in ENGINES:
        lines[name], theirs = context.Pipe()
        context.Process(target=serve, args=(name, profile, words, tokens, theirs), daemon=True).start()
        loaded[name] = lines[name].recv()
    runs: dict[str, list[Mapping[str, float]]] = {name: [] for name in ENGINES}
    for number in range(rounds):
        for name in list(ENGINES)[:: 1 if number % 2 else -1]:
            lines[name].send(number)
            runs[name].append(lines[name].recv())
            print(name, runs[name][-1], file=sys.stderr, flush=True)
    for line in lines.values():
        line.send(None)
    return {
        name: loaded[name] | {what: round(statistics.median(run[what] for run in some), 2) for what in some[0]}
        for name, some in runs.items()
    }


def serve(name: str, profile: ModelProfile, words: int, tokens: int, line: Connection) -> None:
    """In a process of its own: loads one engine, and runs it when asked to."""
    import psutil

    settings = from_environment(os.environ)
    assert profile.checkpoint is not None
    folder = Weights(settings.cache).fetch(profile.checkpoint)
    began = time.perf_counter()
    engine: Engine = ENGINES[name].load(profile, folder, device.look(), cache=settings.cache)  # type: ignore[attr-defined]
    # the first time ever it is converted, too
    line.send({"seconds to load": round(time.perf_counter() - began, 1)})
    while (number := line.recv()) is not None:
        prompt = "".join(_FACT.format(f"{number}{one}") for one in range(words // 18))
        talk = [ChatMessage("user", (Text(prompt + _ASKED),))]
        told = turn(engine, talk, tokens, f"round {number}")
        later = [
            *talk,
            ChatMessage("assistant", (Text("So it was."),)),
            ChatMessage("user", (Text("Who serviced pump 3?"),)),
        ]
        again = turn(engine, later, 8, f"round {number}")
        line.send(
            {
                "prompt tokens": engine.count_tokens(talk),
                "seconds to first token": told["first"],
                "tokens a second": told["rate"],
                "processor seconds to first token": told["first of processor"],
                "processor seconds a token": told["token of processor"],
                "later turn, seconds to first token": again["first"],
                "private memory, GB": round(psutil.Process().memory_full_info().uss / 1e9, 2),
            }
        )


def turn(engine: Engine, talk: list[ChatMessage], tokens: int, conversation: str) -> dict[str, float]:
    began, work = time.perf_counter(), time.process_time()
    first = first_work = 0.0
    pieces = 0
    for _ in engine.generate(talk, Generation(tokens), threading.Event(), conversation):
        pieces += 1
        if pieces == 1:
            first, first_work = time.perf_counter() - began, time.process_time() - work
    rest, rest_work = time.perf_counter() - began - first, time.process_time() - work - first_work
    return {
        "first": round(first, 2),
        "first of processor": round(first_work, 2),
        "rate": round((pieces - 1) / rest, 2),
        "token of processor": round(rest_work / max(pieces - 1, 1), 3),
    }


if __name__ == "__main__":
    main()

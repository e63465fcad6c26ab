"""How often the kind of a request is understood: several classifiers over wordings that stand in no example.

    python benchmarks/kinds.py [--only NAME,NAME] [--limit N] [--llm NAME] [--confusions] [--json]

Classifiers: nearest (examples by their meaning), characters, meaning (linear, over either alone), default (linear, over
both), and with --llm the model's likelihood of each kind's line, and its reply. Measured is the whole understanding:
which kinds are possible, how sure it must be, and that one request is not taken for two. Prints for each the accuracy
in English, Chinese and the other languages of each set of wordings, the macro F1 over all, milliseconds a request, and
with --confusions which kinds were taken for which. --limit: the first N wordings of each set, dealt evenly.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.answering.kinds.by_engine import LikelihoodClassifier, ReplyClassifier
from assistant.answering.kinds.examples import examples
from assistant.answering.kinds.linear import MEANING, LinearClassifier, encoder
from assistant.answering.kinds.nearest import NearestClassifier
from assistant.answering.tuning import SMALL
from assistant.answering.understanding import understand
from assistant.ports.classifier import KindClassifier
from assistant.ports.engine import Engine
from assistant.settings.settings import from_environment
from benchmarks.pieces import Piece, SettingUp
from benchmarks.wordings import SETS, Wording, unseen

GROUPS = ("en", "zh", "others")
CONFUSIONS = 20  # printed
Understood = Sequence[tuple[Wording, str]]  # what each was understood as


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="NAME,NAME", help="these classifiers alone")
    parser.add_argument("--limit", type=int, metavar="N", help="so many wordings of each set")
    parser.add_argument("--llm", metavar="NAME", help="also ask this chat model, as app.py takes its name")
    parser.add_argument("--confusions", action="store_true", help="which kinds were taken for which")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    sets = {file.stem: dealt(unseen(file), options.limit) for file in SETS}
    makers = classifiers(options.llm)
    names = [name for name in options.only.split(",") if name] or list(makers)
    if strange := set(names) - set(makers):
        parser.error(f"there is no classifier {', '.join(sorted(strange))} among {', '.join(makers)}")
    if not options.json:
        print(head({name: len(asked) for name, asked in sets.items()}))
    rows = []
    for name in names:
        rows.append(row(name, makers[name](), sets))
        if not options.json:
            print(line(rows[-1]), flush=True)
            if options.confusions:
                print("\n".join(f"    {taken}: {count}" for taken, count in rows[-1]["confusions"].items()))  # type: ignore[attr-defined]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    return 0


def pieces() -> list[Piece]:
    return [
        Piece("understanding a request", understanding, bare="the encoder alone", unit="ms", quick_rounds=20, rounds=60)
    ]


@contextmanager
def understanding(_: Path) -> SettingUp:
    """Each wording is new, so that nothing is remembered."""
    settings = from_environment(os.environ)
    classifier, encode = LinearClassifier.load(settings.cache), encoder()
    asked = cycle(wording for file in SETS for wording in unseen(file))

    def ours() -> float:
        began = time.perf_counter()
        list(understood([next(asked)], classifier))
        return (time.perf_counter() - began) * 1000

    def bare() -> float:
        began = time.perf_counter()
        encode([next(asked).words])
        return (time.perf_counter() - began) * 1000

    yield {"ours": ours, "bare": bare}


def classifiers(llm: str | None) -> Mapping[str, Callable[[], KindClassifier]]:
    """By name, each made when it is called for."""
    cache = from_environment(os.environ).cache

    def nearest() -> KindClassifier:
        these, encode = examples(), encoder()
        return NearestClassifier(these, encode, encode([one.wording for one in these]))

    made: dict[str, Callable[[], KindClassifier]] = {
        "nearest": nearest,
        "characters": lambda: LinearClassifier.load(cache, meaning=0.0),
        "meaning": lambda: LinearClassifier.load(cache, meaning=MEANING, writing=0.0),
        "default": lambda: LinearClassifier.load(cache),
    }
    if llm is not None:
        made["likelihood"] = lambda: LikelihoodClassifier(engine(llm), LinearClassifier.load(cache))
        made["reply"] = lambda: ReplyClassifier(engine(llm), LinearClassifier.load(cache))
    return made


def engine(llm: str) -> Engine:
    from cli.main import QUIET
    from cli.wiring import wire

    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    return wire(from_environment(os.environ, llm=llm), None)[1].engine.get()


def dealt(asked: Sequence[Wording], limit: int | None) -> Sequence[Wording]:
    """So many of them, from all over the file, which is sorted by language and kind."""
    return asked if limit is None or limit >= len(asked) else [asked[n * len(asked) // limit] for n in range(limit)]


def row(name: str, classifier: KindClassifier, sets: Mapping[str, Sequence[Wording]]) -> dict[str, object]:
    understand("hello", next(iter(sets.values()))[0].there, classifier, SMALL)  # whatever is loaded late is loaded
    began = time.perf_counter()
    told = {each: list(understood(asked, classifier)) for each, asked in sets.items()}
    seconds = time.perf_counter() - began
    every = [one for each in told.values() for one in each]
    return {
        "classifier": name,
        "accuracy": {each: accuracy(these) for each, these in told.items()},
        "macro_f1": round(macro_f1(every), 3),
        "milliseconds": round(1000 * seconds / max(len(every), 1), 1),
        "confusions": confusions(every),
    }


def understood(asked: Sequence[Wording], classifier: KindClassifier) -> Iterator[tuple[Wording, str]]:
    """Each with the kind it was taken for; what was taken for several is all of these."""
    for one in asked:
        yield one, " and ".join(part.kind for part in understand(one.words, one.there, classifier, SMALL).every_part)


def accuracy(told: Understood) -> dict[str, float]:
    right = Counter(one.group for one, kind in told if kind in one.kinds)
    asked = Counter(one.group for one, _ in told)
    return {group: round(right[group] / asked[group], 3) for group in GROUPS if asked[group]}


def macro_f1(told: Understood) -> float:
    """The mean over the kinds of F1; of a wording that may be several, the one it was taken for, or any."""
    right, wanted, taken = Counter[str](), Counter[str](), Counter[str]()
    for one, kind in told:
        truth = kind if kind in one.kinds else min(one.kinds)
        wanted[truth] += 1
        taken[kind] += 1
        right[kind] += kind == truth
    return sum(2 * right[kind] / (wanted[kind] + taken[kind]) for kind in wanted) / max(len(wanted), 1)


def confusions(told: Understood) -> dict[str, int]:
    wrong = Counter(f"{'/'.join(sorted(one.kinds))} as {kind}" for one, kind in told if kind not in one.kinds)
    return dict(wrong.most_common(CONFUSIONS))


def head(sizes: Mapping[str, int]) -> str:
    columns = [f"{each} ({size}): {', '.join(GROUPS)}" for each, size in sizes.items()]
    columns = ["classifier", *columns, "macro F1", "ms"]
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


def line(of: Mapping[str, object]) -> str:
    accuracies = of["accuracy"]
    assert isinstance(accuracies, dict)
    columns = [" · ".join(f"{100 * share:.1f}" for share in each.values()) for each in accuracies.values()]
    return f"| {' | '.join([str(of['classifier']), *columns, str(of['macro_f1']), str(of['milliseconds'])])} |"


if __name__ == "__main__":
    sys.exit(main())

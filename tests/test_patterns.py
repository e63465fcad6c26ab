"""No pattern takes longer than its text is long: what strangers write is matched against all of them.

Every compiled pattern of every module is run, as its module uses it, over texts of 50,000 characters made to hurt
(`tests.support.pumped`), in processes that may be ended. A pattern that grows with the square of its text takes seconds
there, a good one milliseconds. Patterns made of tables of words are compiled when a request is read; they see no more
of it than is parsed, so they are run over texts as long as that. A place that makes patterns and that no request meets
has examples here of what it makes.
"""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assistant.answering import speaker_words, table_questions
from assistant.answering.calculation_words import NUMBER, SIGNS
from assistant.speech.text_normalization import english, romance_and_japanese
from assistant.text import number_words
from assistant.values.request import PARSED
from assistant.vision.grounding import MARK
from tests.support.pumped import LENGTH

ROOT = Path(__file__).parent.parent
PACKAGES = ("assistant", "retrieval", "ui", "prompts", "cli", "app")
SECONDS = 0.8  # of the processor, for one pattern over one text
PROCESSES = 2
ANCHORED = ("match", "fullmatch")
SEARCHING = ("search", "sub", "subn", "findall", "finditer", "split")
ALL = frozenset((*ANCHORED, *SEARCHING))
MAKES_AT_ITS_IMPORT = ("assistant.speech.text_normalization.chinese",)  # so its patterns are found there
MADE = {  # places that no request meets → what they make, of names and quotes that hurt
    "assistant/answering/by_time.py:with_times": (r"(?<!\))\s?\[1\]",),
    "assistant/answering/calculations.py:_by_pattern": (NUMBER,),
    "assistant/answering/calculations.py:_operates": tuple(words for words, _ in SIGNS),
    "assistant/answering/speaker_words.py:_places": (speaker_words._with_known(("a", "a a")).pattern,),
    "assistant/answering/speaker_words.py:_with_known": (speaker_words._with_known(("1", "a.a")).pattern,),
    "assistant/answering/speaker_words.py:_reference": (speaker_words._CHANNELS, speaker_words._TRACKS),
    "assistant/answering/table_questions.py:_TableRequest": (
        table_questions._COUNTS,
        rf"\b(?:{table_questions._MONTHS})\b|\d月",
    ),
    "assistant/answering/commands.py:_named": (r"(?<![A-Za-z0-9_-])a\ a\ a\.txt(?![A-Za-z0-9_-])",),
    "assistant/conversations/history_search.py:find": (r"a|aa|\ |1",),
    "assistant/media/evidence_images.py:excerpt": (r"a\s+a\s+a\s+a\s+b", r"\[a\]\(\s+\*\s+\*\s+b"),
    "assistant/speech/text_normalization/english.py:_product": (english._NUMBER,),
    "assistant/speech/text_normalization/romance_and_japanese.py:_rules": tuple(
        pattern.pattern for language in romance_and_japanese._OF for pattern, _ in romance_and_japanese._rules(language)
    ),
    "assistant/text/number_words.py:spelled_as_digits": tuple(
        number_words._any_of(number_words._known(language)[0]) for language in number_words._JOINS
    ),
    "assistant/vision/grounding.py:read": (rf"{MARK}(\d+){MARK}",),
    "ui/rendering.py:_linked": (r"\[(1|2|10)\](?!\()",),
    "ui/untrusted.py:_code_block": (r"^[ \t]*`{3,}[ \t]*$", r"^[ \t]*\~{9,}[ \t]*$"),
}
RUNS = """
import json, re, resource, sys
from tests.support.pumped import texts

def used():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])

def seconds_of(pattern, verbs, text):
    began = used()
    resource.setrlimit(resource.RLIMIT_CPU, (int(began + 2 * seconds) + 1, resource.RLIM_INFINITY))
    for verb in verbs:
        pattern.sub(text[:0], text) if verb == "search" else getattr(pattern, verb)(text)
    return used() - began

seconds, patterns = json.load(sys.stdin)
for number, written, is_bytes, flags, verbs, length in patterns:
    pattern = re.compile(written.encode("latin-1") if is_bytes else written, flags)
    for name, text in texts(pattern, length).items():
        print(json.dumps([number, name, False]), flush=True)
        if seconds_of(pattern, verbs, text) > seconds and seconds_of(pattern, verbs, text) > seconds:
            print(json.dumps([number, name, True]), flush=True)
            break
"""


@dataclass
class Named:
    """where: the module and how the pattern is called there, or the line where it stands. verbs: what it is asked.

    length: characters of the texts that it is run over.
    """

    where: str
    pattern: re.Pattern[Any]
    verbs: set[str]
    length: int = LENGTH

    def for_process(self, number: int) -> list[Any]:
        written, flags = self.pattern.pattern, self.pattern.flags
        asked = [verb for verb in ANCHORED if verb in self.verbs]
        if self.verbs.intersection(SEARCHING):
            asked.append("search")
        is_bytes = isinstance(written, bytes)
        return [number, written.decode("latin-1") if is_bytes else written, is_bytes, flags, asked, self.length]


def modules() -> Iterator[ModuleType]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for inner in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
            yield importlib.import_module(inner.name)


@cache
def patterns() -> tuple[Named, ...]:
    """Each pattern once, with all that any module asks of it."""
    found: dict[tuple[Any, int], Named] = {}
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        asked = verbs(tree)
        for name, value in sorted(vars(module).items()):
            for pattern in within(value):
                named = Named(f"{module.__name__}.{name}", pattern, set())
                named = found.setdefault((pattern.pattern, pattern.flags), named)
                named.verbs |= asked.get(name, ALL) if isinstance(value, re.Pattern) else ALL
        for verb, line, pattern in on_the_spot(tree):
            named = Named(f"{module.__name__}, line {line}", pattern, set())
            found.setdefault((pattern.pattern, pattern.flags), named).verbs.update(verb)
    for place, written in MADE.items():
        for pattern in map(re.compile, written):
            found.setdefault((pattern.pattern, pattern.flags), Named(place, pattern, set(ALL)))
    return tuple(found.values())


def verbs(tree: ast.AST) -> dict[str, set[str]]:
    """Each name → what is asked of it; everything, where it is also handed on."""
    asked: dict[str, set[str]] = {}
    called = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name(name) as value, verb) if verb in ALL:
                asked.setdefault(name, set()).add(verb)
                called.add(id(value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            asked.setdefault(node.id, set()).update(ALL)
    return asked


def within(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """What a global holds, also inside of containers and values."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 5:
        return
    elif isinstance(value, dict):
        yield from (one for each in (*value.keys(), *value.values()) for one in within(each, depth + 1))
    elif isinstance(value, tuple | list | set | frozenset):
        yield from (one for each in value for one in within(each, depth + 1))
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (one for field in fields(value) for one in within(getattr(value, field.name), depth + 1))


def on_the_spot(tree: ast.AST) -> Iterator[tuple[set[str], int, re.Pattern[str]]]:
    """Patterns that stand where they are used: re.sub(r"…", …), or are compiled in a function. Those that are compiled
    for a module have names in it."""
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    inside = {id(call) for function in functions for call, _ in asking(function)}
    for call, verb in asking(tree):
        if verb == "compile" and id(call) not in inside:
            continue
        match call.args[0]:
            case ast.Constant(str(pattern)):
                given = " ".join(map(ast.unparse, [*call.args[1:], *(word.value for word in call.keywords)]))
                flag = sum({getattr(re, name) for name in re.findall(r"\bre\.([A-Z]+)\b", given)})
                yield set(ALL) if verb == "compile" else {verb}, call.lineno, re.compile(pattern, flag)


def asking(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Calls of `re` with a pattern, and the verb of each."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), verb), [_, *_]) if verb in (*ALL, "compile"):
                yield node, verb


def makers() -> Iterator[tuple[str, Path, ast.Call]]:
    """Each "file:function" where a pattern is made of something else than what stands there, with the call."""
    for module in modules():
        path = Path(str(module.__file__))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if module.__name__ in MAKES_AT_ITS_IMPORT:
            continue
        for function in [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]:
            for call, _ in asking(function):
                if not isinstance(call.args[0], ast.Constant):
                    yield f"{path.relative_to(ROOT)}:{function.name}", path, call


def slow_ones(share: list[list[Any]]) -> Iterator[tuple[int, str]]:
    """Numbers of patterns that take too long, and over what. The process that is at one is ended by the system."""
    while share:
        done = subprocess.run(
            [sys.executable, "-c", RUNS], cwd=ROOT, input=json.dumps([SECONDS, share]),
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        said = [json.loads(line) for line in done.stdout.splitlines()]
        yield from ((number, name) for number, name, slow in said if slow)
        if done.returncode == 0:
            return
        assert said, done.stderr
        number, name, _ = said[-1]
        yield number, name
        share = [each for each in share if each[0] > number]


def too_slow(found: list[Named]) -> list[str]:
    shares: list[list[list[Any]]] = [[] for _ in range(PROCESSES)]
    for number, each in enumerate(found):
        shares[number % PROCESSES].append(each.for_process(number))
    with ThreadPoolExecutor(PROCESSES) as pool:
        slow = [one for share in pool.map(lambda share: list(slow_ones(share)), shares) for one in share]
    return [f"{found[number].where} over {name!r}" for number, name in slow]


def test_the_patterns_are_found() -> None:
    where = {each.where: each for each in patterns()}
    assert len(where) > 150
    assert where["assistant.text.tokens._BOUNDARY"].verbs == {"finditer"}
    assert where["assistant.answering.commands._HEAD"].verbs == {"match"}
    assert where["assistant.media.evidence_images._PPM"].pattern.match(b"P6 1 1 255\n")
    assert any(name.startswith("ui.untrusted, line") for name in where)
    for inside in ("assistant.speech.text_normalization.english._RULES", "retrieval.loaders.markdown._STYLE"):
        assert where[inside].verbs == ALL


@pytest.mark.skipif(sys.platform == "win32", reason="processes are limited as on Unix")
def test_a_pattern_that_tries_too_many_ways_is_told() -> None:
    bad = (r"\s+x", r"(a+)+b", r"\d[\d,]*(?:\.\d+)?[\s-]+million", r"<ref>(.*?)</ref>", r"!+(?=\[)")
    good = (r"(?<!\s)\s++x", r"(?<!a)a+b", r"<ref>([^<]*)</ref>")
    told = too_slow([Named(pattern, re.compile(pattern), {"search"}) for pattern in (*bad, *good)])
    assert sorted(one.partition(" over ")[0] for one in told) == sorted(bad)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are limited as on Unix")
def test_no_pattern_takes_longer_than_its_text_is_long() -> None:
    told = too_slow(list(patterns()))
    assert not told, f"over {LENGTH:,} characters more than {SECONDS} s: " + "; ".join(told)


@cache
def met() -> dict[str, Any]:
    """What is asked of `re` while requests of all kinds are read: the patterns, and the lines that ask."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.requests_read"], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def test_each_place_that_makes_patterns_is_met_by_a_request_or_has_examples() -> None:
    lines: dict[str, set[int]] = {}
    for file, line in met()["places"]:
        lines.setdefault(file, set()).add(line)
    assert set(MADE) <= {place for place, _, _ in makers()}
    missed = {
        place
        for place, path, call in makers()
        if lines.get(str(path), set()).isdisjoint(range(call.lineno, (call.end_lineno or call.lineno) + 1))
    }
    assert not missed - set(MADE)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are limited as on Unix")
def test_no_pattern_made_of_a_table_of_words_tries_too_many_ways() -> None:
    in_modules = {(each.pattern.pattern, each.pattern.flags) for each in patterns()}
    made = [re.compile(written, flags) for written, flags in met()["patterns"]]
    made = [pattern for pattern in made if (pattern.pattern, pattern.flags) not in in_modules]
    assert len(made) > 500
    assert any("compound interest" in pattern.pattern for pattern in made)
    told = too_slow([Named(pattern.pattern, pattern, set(SEARCHING), PARSED) for pattern in made])
    assert not told, f"over {PARSED:,} characters more than {SECONDS} s: " + "; ".join(told)


READERS = """
import sys
from assistant.answering import request_times
from assistant.text.numerals import plain_numbers
from assistant.speech.recognition.digits import in_digits
from assistant.speech.text_normalization.normalize import normalize_text
from assistant.speech.synthesis.sentences import Sentences
from assistant.vision import grounding
from assistant.text.tokens import sentences, tokens
from tests.support import requests_read
from ui.untrusted import as_markdown

def spoken(text):
    read = Sentences("en")
    return read.feed(text) + read.end()

room = requests_read.beside_files()
for one in sys.argv[1:]:
    text = one * (20_000 // len(one))
    for reads in (sentences, tokens, plain_numbers, in_digits, request_times.asked, grounding.read, as_markdown):
        reads(text)
    spoken(text), requests_read.read(text, "en", room)
    normalize_text(text, "zh"), normalize_text(text, "en")
    print("read", flush=True)
"""


def test_whoever_reads_with_the_patterns_does_not_begin_anew_at_every_sentence() -> None:
    pumped = ("A. ", "Mr. ", ".", " ", " \n", "1", "1:00 ", "5 minutes ", "一亿", "one ", "e.g. ", "\\(")
    read = subprocess.run(
        [sys.executable, "-c", READERS, *pumped], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert read.stdout.split() == ["read"] * len(pumped)

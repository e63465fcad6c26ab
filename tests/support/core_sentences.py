"""Sentences in the sources of the core that nobody could translate: those that are not given to `say`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SENTENCE = re.compile(r"[A-Z“{].*[a-z”}][^ ]* [^ ]+.*[.!?]", re.DOTALL)
_SQL = re.compile(r"^(SELECT|INSERT|UPDATE|DELETE|CREATE|WITH)\b| = \?")
NO_SPEECH = {
    *("calibration.py", "confidence.py", "similarity.py", "english_question.py"),  # said to models alone
    *("terminal.py", "ingest.py"),  # the terminal speaks English
    "speakable.py",  # what a voice says instead of code, in the language of the answer
}


@dataclass(frozen=True)
class Sentence:
    """text: with {} for every value. where: file and line."""

    text: str
    where: str


def plain_sentences() -> Iterator[Sentence]:
    """Arguments of statuses and errors, whatever they look like; else what begins and ends like a sentence."""
    tree_of_errors = ast.parse((ROOT / "assistant/values/errors.py").read_text(encoding="utf-8"))
    errors = {one.name for one in tree_of_errors.body if isinstance(one, ast.ClassDef)}
    for folder in ("assistant", "retrieval", "ui"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file.name in NO_SPEECH or "words" in file.parts or "api" in file.parts:  # programs are told in English
                continue
            tree = ast.parse(file.read_text(encoding="utf-8"))
            told = {
                id(part)
                for call in ast.walk(tree)
                if isinstance(call, ast.Call) and _name(call) in errors | {"Status", "Progress"}
                for argument in call.args
                for part in _whole_strings(argument)
            }
            translated = {
                id(argument)
                for call in ast.walk(tree)
                if isinstance(call, ast.Call) and _name(call) in ("say", "say_n")
                for argument in call.args
            }
            for node in _strings(tree):
                text = template(node)
                if id(node) in translated:
                    continue
                if (id(node) in told and " " in text) or (_SENTENCE.fullmatch(text) and not _SQL.search(text)):
                    yield Sentence(text, f"{file.relative_to(ROOT)}:{node.lineno}")


def template(node: ast.expr) -> str:
    match node:
        case ast.Constant(str(text)):
            return re.sub(r"\{\w+\}", "{}", text)  # filled with str.format later
        case ast.JoinedStr(values):
            return "".join(template(one) if isinstance(one, ast.Constant) else "{}" for one in values)
    return ""


def _strings(tree: ast.AST) -> Iterator[ast.expr]:
    """Whole strings: no docstrings, and no pieces of f-strings but the strings within their braces."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.JoinedStr() | ast.Constant(str()) if not isinstance(node, ast.JoinedStr | ast.Expr):
                    yield child


def _whole_strings(argument: ast.expr) -> Iterator[ast.expr]:
    match argument:
        case ast.JoinedStr() | ast.Constant():
            yield argument
        case ast.IfExp(_, body, orelse) | ast.BoolOp(_, [body, orelse]):
            yield from (*_whole_strings(body), *_whole_strings(orelse))


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
    return ""

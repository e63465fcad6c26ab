"""Translating: files, pictures, recordings or the previous answer, whole, stretch by stretch, whatever their length."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answering import evidence as subjects
from assistant.answering import material
from assistant.answering.context import ANSWERING, Context, Reply
from assistant.answering.generation import count, stream
from assistant.answering.prompt import NOTHING, PromptInput
from assistant.answering.slots import language_name
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited
from assistant.ports.engine import Engine
from assistant.text.languages import language_of
from assistant.text.tokens import is_cjk
from assistant.values.events import Delta, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.messages import say
from assistant.values.request import Request
from prompts import render

STRETCH = 400  # tokens translated at once: longer ones lose sentences
LONGER = 3  # times the tokens of a stretch that its translation may take


class Translating:
    kinds: Mapping[str, Kind] = {
        "translate": Kind(
            about="files or answer",
            wanted="a translation into another language",
            name=say("translation"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        if request.meant == "answer":
            texts = [context.conversation.exchanges[-1].answer]
            found: list[Evidence] = []
        elif request.files:
            found = subjects.within(context.pieces(request.files), request)
            texts = _stretches(found, engine)
            if not texts:
                return material.nothing_to_read(request, context)
        else:
            said = yield from material.do(request, context, engine, "write.md.j2", (), material=False, parties=None)
            return Reply(Cited(said.text, (), ()), said.prompt, written=said.text, cut=said.cut)
        target = request.form.language or _other(texts[0], request)
        done: list[str] = []
        prompt, cut = NOTHING, False
        for number, text in enumerate(texts):
            if context.record.stop.is_set():
                break
            if number:
                yield Delta("\n\n")
            yield Status("answering", ANSWERING)
            said = yield from stream(context, engine, _asked(text, target), most_tokens=LONGER * STRETCH)
            done.append(said.text)
            prompt, cut = said.prompt, cut or said.cut
        text = "\n\n".join(done)
        evidence = replace(prompt, evidence=tuple(found[:1]))
        return Reply(Cited(text, (), ()), evidence if found else prompt, written=text, cut=cut)


def _other(text: str, request: Request) -> str:
    """The language of the request, where the text is in another; else English, or from English Chinese."""
    own = language_of(text)
    if request.language != own:
        return request.language
    return "zh" if own == "en" else "en"


def _asked(text: str, target: str) -> PromptInput:
    chinese = is_cjk(text) and target == "zh"
    named = language_name(target, "zh" if chinese else "en")

    def instructions(_: Sequence[str]) -> str:
        return render("ways/translate.md.j2", into=named, language="zh" if chinese else "")

    return PromptInput(text, instructions, is_request=True)


def _stretches(pieces: Sequence[Evidence], engine: Engine) -> list[str]:
    """The text in stretches that a model translates whole, one piece or more each."""
    stretches: list[str] = []
    room = 0
    for piece in pieces:
        needed = count(engine, piece.content)
        if stretches and needed <= room:
            stretches[-1] += f"\n\n{piece.content}"
            room -= needed
        else:
            stretches.append(piece.content)
            room = STRETCH - needed
    return stretches

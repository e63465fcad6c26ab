"""About Medley: its name, its makers, what it can do; told from the facts in prompts/medley. No model is asked.

"When are you open?" may be asked of whoever wrote a file: where the file speaks of it, and no known question about
Medley is much like it, it is looked up there.
"""

import json
import re
from collections.abc import Generator, Mapping
from functools import cache

from assistant.answering.context import Context, Reply, plain
from assistant.answering.nearest import nearest
from assistant.answering.ways import Kind
from assistant.citing.citations import coverage
from assistant.models.selection import is_remote
from assistant.settings.settings import Settings
from assistant.text.chinese_scripts import in_script, script_of
from assistant.values.address import Address
from assistant.values.events import Delta, Event
from assistant.values.messages import NOTHING, say
from assistant.values.request import Request, to_parse
from prompts import MEDLEY, render_text

MOST_QUESTIONS = 3
_ASKING = (  # how a question begins
    r"(?:who|what|which|where|when|why|how|can|could|do|does|are|is|am|will|would|may|should|must|have|has"
    r"|wer|was|wie|wo|wann|warum|welche[rsnm]?|wozu|kannst|kann|bist|hast|sprichst|machst|darf|ist|brauch(?:e|st)|gibt|muss"
    r"|qui|que|quoi|quels?|quelles?|où|quand|pourquoi|comment|combien|est-ce|peux|tu|c'est"
    r"|quién|qué|cuál(?:es)?|dónde|cuándo|cómo|cuánt[oa]s?|por|puedes|eres|tienes|hablas|sabes"
    r"|quem|o que|qual|quais|onde|quando|como|quant[oa]s?|você"
    r"|кто|что|как|где|когда|почему|зачем|как(?:ие|ой|ая|ое)|можно|можешь|умеешь|ты|сколько)\b"
    r"|(?=[^?？]{0,60}[\u3040-\u30ff\uac00-\ud7af])|[你我您怎什哪能会可为為要是支多有谁誰]"
)
_ASKS = re.compile(_ASKING, re.IGNORECASE)
_BETWEEN = re.compile(
    r"[?？!！。;；\n]++\s*|\.\s+"
    rf"|(?:[,，、]?\s?(?:\b(?:and|und|et|y|e|и)\s|还有|以及|并且|而且|和)|[,，、])\s?(?=(?:also\s)?(?:{_ASKING}))"
    r"|(?<=[가-힣]고)\s+",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[^\S\n]++")
_ROLES = ("llm", "vision", "speech", "embedding", "voice")  # settings that name a model


@cache
def facts(language: str) -> Mapping[str, str]:
    """Topic → what is told of it, with places for what depends on the settings. English where a language has none."""
    file = MEDLEY / f"{language}.jsonl"
    if not language.isalpha() or not file.is_file():
        file = MEDLEY / "en.jsonl"
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {line["topic"]: line["text"] for line in lines}


class AboutMedley:
    kinds: Mapping[str, Kind] = {
        "about_medley": Kind(
            about="files if any",
            wanted="something about this assistant itself: who made it, what it can do, what becomes of files",
            name=say("question about Medley"),
            facets=dict.fromkeys(facts("en"), NOTHING),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        if _is_said(request, context):
            return None  # the lookup tells it
        known = facts(request.form.language or request.language)
        now = _now(context)
        text = "\n\n".join(render_text(known[topic], **now) for topic in _topics(request, context, known))
        if request.language == "zh" and script_of([request.words]) == "traditional":
            text = in_script(text, "traditional")
        yield Delta(text)
        return plain(text)


def _is_said(request: Request, context: Context) -> bool:
    """Whether the files speak of it, and nearly as much as any question about Medley that is known does."""
    if not request.files or context.exampled is None:
        return False
    near = nearest(request.words, context.pieces(request.files), context.likeness, 1)
    tuning = context.tuning
    lead = context.exampled(request.words, request.kind) - (near[0].meant if near else 0.0)
    return bool(near) and near[0].meant >= tuning.spoken_of and lead < tuning.not_of_medley


def _topics(request: Request, context: Context, known: Mapping[str, str]) -> list[str]:
    """What is asked about, each once: "who are you and what can you do?" is two topics."""
    pieces = [piece.strip() for piece in _BETWEEN.split(_BLANKS.sub(" ", to_parse(request.words)))]
    asked = [piece for piece in pieces if len(piece) > 1 and _ASKS.match(piece)]
    topics = [request.facet]
    if context.facet_of is not None and 1 < len(asked) <= MOST_QUESTIONS:
        topics = [context.facet_of(piece, request.kind) for piece in asked]
    return list(dict.fromkeys(topic if topic in known else _nearest(request.words, context, known) for topic in topics))


def _nearest(words: str, context: Context, known: Mapping[str, str]) -> str:
    """The topic whose fact is nearest: by meaning where that can be told, else by its words."""
    topics = list(known)
    if context.likeness is not None:
        return topics[int(context.likeness(words, list(known.values())).argmax())]
    return max(topics, key=lambda topic: coverage(words, known[topic], otherwise=0.0))


def _now(context: Context) -> dict[str, object]:
    """What the facts leave open: as the settings and the language model are now.

    sees: whether a model looks at pictures, "yes" or "no"; "" where that is not known without loading it. model: of
    those that answer, "" likewise.
    """
    settings, limits = context.settings, context.settings.limits
    profile = context.lazy_engine.get().profile if context.lazy_engine.state == "ready" else None
    chosen = str(Address(settings.llm)) if settings.llm != "auto" else ""
    return {
        "file_megabytes": _number(limits.file_bytes / 1e6),
        "recording_gigabytes": _number(limits.recording_bytes / 1e9),
        "recording_hours": _number(limits.audio_seconds / 3600),
        "film_hours": _number(limits.film_seconds / 3600),
        "document_pages": limits.document_pages,
        "web_pages": settings.web_pages,
        "remote": any(is_remote(getattr(settings, role)) for role in _ROLES),
        "model": profile.name if profile is not None else chosen,
        "sees": _sees(settings, None if profile is None else profile.sees_images),
    }


def _sees(settings: Settings, itself: bool | None) -> str:
    """itself: whether the language model sees; None where it is not loaded."""
    if itself or settings.vision not in ("auto", "reader"):
        return "yes"
    blind = settings.vision == "reader" or settings.llm == "auto"  # by itself only a reader is put beside a blind model
    return "no" if itself is False and blind else ""


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

"""Something done with the material: the evidence, one prompt, one model; for the ways that do more than look up."""

from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.answering import evidence as subjects
from assistant.answering import judging
from assistant.answering.context import ANSWERING, Context, Reply
from assistant.answering.generation import GeneratedText, count, stream
from assistant.answering.prompt import MOST_HISTORY, NOTHING, PromptInput
from assistant.answering.slots import language_name
from assistant.citing.citations import Cited
from assistant.ports.engine import Engine
from assistant.text.answer_language import in_language
from assistant.text.tokens import is_cjk, sentences
from assistant.values.events import Citation, Event, Status
from assistant.values.evidence import Evidence
from assistant.values.request import Request
from prompts import render

MATERIAL = 4  # times the evidence that pays on this model: all of it is wanted here
OWN_SENTENCES = 3  # own sentences shown in the place of a summary that nothing supports


def gathered(request: Request, context: Context, engine: Engine, looks: bool = False) -> list[Evidence]:
    """All of what is meant, or as much of all its length as the model takes."""
    budget = MATERIAL * engine.profile.evidence_tokens

    def counted(text: str) -> int:
        return count(engine, text)

    if request.meant == "libraries":
        return context.search(request.words, (), subjects.FOUND)[:6]
    if looks:
        return subjects.subject(context, request, budget, counted, looks=True)
    return subjects.everything(context, request, budget, counted)


def into(request: Request) -> str:
    """The name of the language to write in, where it is another than the request's own or it was asked for."""
    wanted = request.form.language or request.language
    if not request.form.language and wanted in ("en", "zh"):
        return ""
    return language_name(wanted, "zh" if request.language == "zh" else "en")


def do(
    request: Request,
    context: Context,
    engine: Engine,
    prompt: str,
    evidence: Sequence[Evidence],
    answer: str = "",
    silently: bool = False,
    hints: Sequence[str] = (),
    **values: object,
) -> Generator[Event, None, GeneratedText]:
    """The model's words for prompts/ways/`prompt`. answer: an earlier one that this is about. hints: sentences of the
    evidence that a small model is pointed to."""
    language = "zh" if request.language == "zh" else ""
    sees = engine.profile.sees_images
    values.setdefault("into", into(request))
    yield Status("answering", ANSWERING)

    def instructions(pictures: Sequence[str]) -> str:
        return render(f"ways/{prompt}", language=language, **_rendered_values(values, pictures))

    asked = PromptInput(
        request.words,
        instructions,
        evidence,
        answer=answer,
        hints=hints,
        is_request=True,
        history=MOST_HISTORY[engine.profile.small] if request.points_back and not answer else 0,
        images=context.conversation.images if sees and not answer else [],
        new=context.record.new_images,
        meant=context.record.meant,
    )
    return (yield from stream(context, engine, asked, silently))


def nothing_to_read(request: Request, context: Context) -> Reply:
    """Where there is no word in what is meant: why, as far as that is known."""
    facts = context.facts(request)
    silent = [one for one in facts if one.medium in ("audio", "video")]
    if facts and len(silent) == len(facts):
        text = in_language(request.answer_language).render("no_words.md.j2", names=[one.name for one in facts])
        return Reply(Cited(text, (), ()), NOTHING, found=False)
    return judging.not_there(request, context, (), NOTHING)


def own_sentences(evidence: Sequence[Evidence], most: int = OWN_SENTENCES) -> Cited:
    """The first sentences of the material itself, each cited: for where a model's summary is supported by nothing."""
    lines: list[str] = []
    citations: list[Citation] = []
    for piece in evidence:
        for start, end in _own(piece.content):
            if len(citations) < most:
                number = len(citations) + 1
                place, quote = piece.locate(start, end), piece.content[start:end]
                citations.append(
                    Citation(number, piece.source_id, piece.source, piece.medium, place, quote, piece.content)
                )
                lines.append(f"{' '.join(quote.split()) if not is_cjk(quote) else ''.join(quote.split())}[{number}]")
        if len(citations) >= most:
            break
    return Cited("\n\n".join(lines), tuple(citations), ())


def _own(content: str) -> list[tuple[int, int]]:
    """Where each sentence stands that ends as one does, lines that go on in the next one together; else each line."""
    spans = sentences(content)
    ended = [at for at, (_, end) in enumerate(spans) if content[end - 1] in ".!?。！？"]
    if not ended:
        return [span for span in spans if span[1] - span[0] > 1]
    firsts = [0, *(at + 1 for at in ended[:-1])]
    return [(spans[first][0], spans[last][1]) for first, last in zip(firsts, ended, strict=True)]


def own_lines(evidence: Sequence[Evidence]) -> Cited:
    """The lines of the material itself as a list, each cited."""
    lines: list[str] = []
    citations: list[Citation] = []
    for piece in evidence:
        start = 0
        for line in piece.content.split("\n"):
            if text := line.strip().lstrip("-*•[]☐ ").strip():
                place = piece.locate(start, start + len(line))
                number = len(citations) + 1
                citations.append(
                    Citation(number, piece.source_id, piece.source, piece.medium, place, line.strip(), piece.content)
                )
                lines.append(f"- {text}[{number}]")
            start += len(line) + 1
    return Cited("\n".join(lines), tuple(citations), ())


def unmarked(reply: Reply) -> Reply:
    """Of a text that claims nothing by itself, such as a letter, no sentence is marked as unsupported."""
    return replace(reply, cited=replace(reply.cited, unsupported=()))


def _rendered_values(values: dict[str, object], pictures: Sequence[str]) -> dict[str, object]:
    """`pictures` and `sees` for those prompts that take them."""
    told = dict(values)
    for name in ("pictures", "sees"):
        if name in told:
            told[name] = bool(pictures)
    return told

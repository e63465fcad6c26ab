"""Chat: small talk and general knowledge, with or without files in the conversation; none of them is asked."""

from collections.abc import Generator, Mapping, Sequence

from assistant.answering.context import ANSWERING, Context, Reply
from assistant.answering.generation import stream
from assistant.answering.prompt import MOST_HISTORY, PromptInput
from assistant.answering.slots import language_name
from assistant.answering.ways import Kind
from assistant.citing.citations import Cited, drop_made_up_numbers
from assistant.values.events import Event, Status
from assistant.values.messages import say
from assistant.values.request import Request
from prompts import render


class Chat:
    kinds: Mapping[str, Kind] = {
        "small_talk": Kind(
            about="nothing",
            wanted="nothing but talk: a greeting, thanks, a joke, a feeling",
            name=say("small talk"),
        ),
    }

    def answer(self, request: Request, context: Context) -> Generator[Event, None, Reply | None]:
        engine = yield from context.engine()
        yield Status("answering", ANSWERING)
        chinese = request.language == "zh"
        wanted = request.form.language or request.language

        def instructions(pictures: Sequence[str]) -> str:
            return render(
                "ways/chat.md.j2",
                now=context.now().strftime("%Y-%m-%d %H:%M" if chinese else "%A, %d %B %Y, %H:%M"),
                language="zh" if chinese else "",
                into="" if wanted in ("en", "zh") and not request.form.language else language_name(wanted),
                pictures=pictures,
            )

        images = context.conversation.images if engine.profile.sees_images and request.kind == "fact" else []
        asked = PromptInput(
            request.words, instructions, history=MOST_HISTORY[engine.profile.small], images=images,
            new=context.record.new_images, meant=context.record.meant,
        )  # fmt: skip
        said = yield from stream(context, engine, asked)
        text = drop_made_up_numbers(said.text)
        return Reply(Cited(text, (), ()), said.prompt, written=said.text, cut=said.cut)

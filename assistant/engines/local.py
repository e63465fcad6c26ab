"""A language model on this machine, by transformers. One answer at a time; the others wait their turn.

On ZeroGPU the GPU lives in another process, lent for one call: there `generate` runs the module's own
`answer_on_gpu`, whose arguments are plain data; it finds the engine by its number, and knows neither
`stop` (the lent call is closed instead) nor the cache of earlier turns; `likelihood` runs `weigh_on_gpu`
in the same way. The tests run these functions in this process; the crossing itself cannot be tried off
ZeroGPU.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.engines import gguf, threads
from assistant.engines.chat_template import ChatTemplate
from assistant.engines.failures import first_line, is_out_of_memory
from assistant.engines.folder_profile import profile_of_folder
from assistant.engines.generation import fitting, generation_settings, plain_generation
from assistant.engines.interrupt import Interrupt, PrefillCancelled
from assistant.engines.likelihood import log_likelihoods
from assistant.engines.pieces import Detokenizer, Thoughts
from assistant.engines.prefix_cache import PrefixCache
from assistant.engines.pretrained import load_model, load_processor_of
from assistant.engines.streaming import Put, Stopped, Work, read_from_thread
from assistant.models.cpu_priority import CpuPriority
from assistant.models.device import Device, is_zerogpu, on_gpu
from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Generation, Likelihoods, Sent
from assistant.ports.modality import Report
from assistant.values.errors import EngineError
from assistant.values.events import Progress
from assistant.values.messages import say
from assistant.values.parts import ChatMessage

__all__ = ["LocalEngine", "answer_on_gpu", "profile_of_folder", "weigh_on_gpu"]

_engines: "list[LocalEngine]" = []  # where answer_on_gpu and weigh_on_gpu find an engine, by its number


class LocalEngine:
    """Implements Engine. Made by `load`.

    A conversation's prefix is used again from turn to turn for prompts of text; a prompt with
    pictures is computed whole each time.
    """

    def __init__(self, profile: ModelProfile, model: Any, processor: Any) -> None:
        self._profile = profile
        self._model = model
        self._template = ChatTemplate(processor, profile)
        self._profile = replace(profile, sees_video=self._template.takes_video)  # it depends on what is installed
        self._interrupt = Interrupt(model)
        # two conversations; and of a small model, whose answers are doubted, the two kinds of examples for that
        self._prefixes = PrefixCache(model, self._new_cache, 4 if profile.small else 2)
        self._answering = threading.Lock()
        self._threads = 0  # 0: as torch has it
        self._priority: CpuPriority | None = None
        self._lent: Callable[[tuple[ChatMessage, ...], Generation], Iterator[str]] | None = None
        self._lent_weighing: Callable[[tuple[ChatMessage, ...], tuple[str, ...]], Likelihoods | None] | None = None
        model.generation_config = plain_generation(model.generation_config, self._template.tokenizer)

    @classmethod
    def load(
        cls,
        profile: ModelProfile,
        folder: Path,
        device: Device,
        report: Report | None = None,
        cache: Path | None = None,
        priority: CpuPriority | None = None,
    ) -> "LocalEngine":
        """Loads the model in `folder`: safetensors, or one GGUF, which is unpacked once under `cache`
        (None: beside the folder). priority: given to others between two words where the processor does all the work.
        Takes seconds to a minute. Raises EngineError, DiskFull.
        """
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # we report ourselves
        report = report or _silently
        if (source := gguf.find_gguf(folder)) is not None:
            folder = gguf.converted(source, cache or folder.parent, report)
        size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        report(Progress(say("Loading {model}", model=profile.name), 0, size))
        engine = cls(profile, load_model(profile, folder, device), load_processor_of(profile, folder))
        if device.kind == "cpu":
            engine._threads = threads.fastest(engine._step)
            engine._priority = priority
        if is_zerogpu():
            _engines.append(engine)
            engine._lent = partial(on_gpu(answer_on_gpu), len(_engines) - 1)
            engine._lent_weighing = partial(on_gpu(weigh_on_gpu), len(_engines) - 1)
        report(Progress(say("Loading {model}", model=profile.name), size, size))
        return engine

    @property
    def profile(self) -> ModelProfile:
        return self._profile

    @property
    def prompt_cache(self) -> tuple[int, int]:
        """Tokens of prompts that were in the cache, and that were computed, since the start."""
        return self._prefixes.tokens_reused, self._prefixes.tokens_computed

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        return self._template.count(messages)

    def sent(self, messages: Sequence[ChatMessage]) -> tuple[Sent, ...]:
        return self._template.sent(messages)

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        """As Engine says. Where prompt and answer together exceed the context, the answer is shortened,
        down to 32 tokens; a longer prompt raises BadInput.
        """
        if self._lent is None:
            yield from self.answer(messages, options, stop, conversation)
            return
        for piece in self._lent(tuple(messages), options):
            if stop.is_set():
                return
            yield piece

    def answer(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str
    ) -> Iterator[str]:
        """`generate` where the model is in this process."""
        inputs, conversation = self._inputs(messages, conversation)
        options = fitting(options, inputs["input_ids"].shape[1], self._profile)
        yield from read_from_thread(self._in_turn(partial(self._compute, inputs, options, conversation)), stop)

    def likelihood(
        self, messages: Sequence[ChatMessage], beginnings: Sequence[str], stop: threading.Event, conversation: str = ""
    ) -> Likelihoods | None:
        """As Engine says. None also for a model whose answers open with thoughts that the prompt began."""
        if self._lent_weighing is None:
            return self.weigh(messages, beginnings, stop, conversation)
        return None if stop.is_set() else self._lent_weighing(tuple(messages), tuple(beginnings))

    def weigh(
        self, messages: Sequence[ChatMessage], beginnings: Sequence[str], stop: threading.Event, conversation: str
    ) -> Likelihoods | None:
        """`likelihood` where the model is in this process."""
        inputs, conversation = self._inputs(messages, conversation)
        ids = inputs["input_ids"][0].tolist()
        if self._opens_thoughts(ids):
            return None
        tokens = [self._template.tokens(text) for text in beginnings]
        fitting(Generation(max(map(len, tokens), default=0)), len(ids), self._profile)
        found: list[Likelihoods | None] = []

        def work(_put: Put, stopped: Stopped) -> None:
            found.append(self._follow(inputs, tokens, conversation, stopped))

        for _ in read_from_thread(self._in_turn(work), stop):
            pass  # nothing is written
        return found[0] if found else None

    def _inputs(self, messages: Sequence[ChatMessage], conversation: str) -> tuple[dict[str, Any], str]:
        """The model's inputs, and the conversation whose prefix may be used: none with pictures."""
        inputs = self._template.inputs(messages)
        if any(message.images for message in messages):
            return dict(inputs), ""
        return {name: inputs[name] for name in ("input_ids", "attention_mask")}, conversation

    def _in_turn(self, work: Work) -> Work:
        """`work`, once everything asked before is done, with the number of threads that is fastest."""

        def waited(put: Put, stopped: Stopped) -> None:
            if not _wait_for(self._answering, stopped):
                return
            try:
                if self._threads:
                    import torch

                    torch.set_num_threads(self._threads)  # each thread has a setting of its own
                work(put, stopped)
            finally:
                self._answering.release()

        return waited

    def _follow(
        self, inputs: dict[str, Any], beginnings: list[list[int]], conversation: str, stopped: Stopped
    ) -> Likelihoods | None:
        """In the thread that holds the lock. None where it was stopped: then no prefix is kept."""
        ids: list[int] = inputs["input_ids"][0].tolist()
        placed = {name: self._placed(value) for name, value in inputs.items()}
        cache = self._prefixes.take(conversation, ids) if conversation else self._new_cache()
        self._interrupt.stopped = stopped
        try:
            found = log_likelihoods(self._model, placed, cache, beginnings)
        except PrefillCancelled:
            return None
        except Exception as error:
            raise self._explained(error) from error
        finally:
            self._interrupt.stopped = None
        if conversation:
            self._prefixes.keep(conversation, cache, ids)
        return found

    def _compute(self, inputs: Any, options: Generation, conversation: str, put: Put, stopped: Stopped) -> None:
        """One answer, in the thread that holds the lock. Its prefix is kept only where nothing went wrong."""
        import torch

        ids: list[int] = inputs["input_ids"][0].tolist()
        arguments: dict[str, Any] = {name: self._placed(value) for name, value in inputs.items()}
        if conversation:
            arguments["past_key_values"] = self._prefixes.take(conversation, ids)
        writer = _TokenStreamer(self._decode, put, self._opens_thoughts(ids), self._interrupt, self._priority)
        self._interrupt.stopped = stopped
        try:
            output = self._model.generate(
                **arguments,
                **generation_settings(options),
                streamer=writer,
                stopping_criteria=[lambda seen, _scores, **_: torch.full((len(seen),), stopped(), device=seen.device)],
            )
        except PrefillCancelled:
            return
        except Exception as error:
            raise self._explained(error) from error
        finally:
            self._interrupt.stopped = None
        if conversation:
            self._prefixes.keep(conversation, arguments["past_key_values"], output[0].tolist())

    def _placed(self, value: Any) -> Any:
        """On the model's device, and in its precision where it is a picture and not token ids."""
        return value.to(self._model.device, self._model.dtype if value.is_floating_point() else None)

    def _new_cache(self) -> Any:
        from transformers import DynamicCache

        return DynamicCache(config=self._model.config.get_text_config(decoder=True))

    def _decode(self, ids: Sequence[int]) -> str:
        text: str = self._template.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _opens_thoughts(self, ids: list[int]) -> bool:
        return self._decode(ids[-8:]).rstrip().endswith("<think>")

    def _step(self) -> None:
        """A short piece of the work of answering, to time threads with."""
        import torch

        with torch.inference_mode():
            self._model(input_ids=torch.ones((1, 16), dtype=torch.long), use_cache=False)

    def _explained(self, error: Exception) -> EngineError:
        import torch

        name = self._profile.name
        if is_out_of_memory(error):
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            return EngineError(
                say(
                    "{model} ran out of memory on this question. Ask about less at once, or choose a "
                    "smaller model (--llm).",
                    model=name,
                )
            )
        return EngineError(say("{model} failed while answering: {trouble}", model=name, trouble=first_line(error)))


def answer_on_gpu(number: int, messages: tuple[ChatMessage, ...], options: Generation) -> Iterator[str]:
    """The whole answer of one engine, where everything that crosses is plain data."""
    yield from _engines[number].answer(messages, options, threading.Event(), "")


def weigh_on_gpu(number: int, messages: tuple[ChatMessage, ...], beginnings: tuple[str, ...]) -> Likelihoods | None:
    """The likelihoods of one engine, where everything that crosses is plain data."""
    return _engines[number].weigh(messages, beginnings, threading.Event(), "")


class _TokenStreamer:
    """The streamer that generate() feeds: first the prompt, then token after token."""

    def __init__(
        self,
        decode: Callable[[Sequence[int]], str],
        put: Put,
        inside_thoughts: bool,
        interrupt: Interrupt,
        priority: CpuPriority | None,
    ) -> None:
        self._put = put
        self._text = Detokenizer(decode)
        self._thoughts = Thoughts(inside_thoughts)
        self._interrupt = interrupt
        self._priority = priority
        self._prompt_came = False

    def put(self, tokens: Any) -> None:
        if not self._prompt_came:
            self._prompt_came = True
            return
        self._interrupt.stopped = None  # from the first token on it ends between tokens, and the cache stays whole
        for token in tokens.flatten().tolist():
            self._write(self._thoughts.filter(self._text.add(token)))
        if self._priority is not None:
            self._priority.yield_cpu()

    def end(self) -> None:
        self._write(self._thoughts.filter(self._text.rest()) + self._thoughts.rest())

    def _write(self, text: str) -> None:
        if text:
            self._put(text)


def _wait_for(lock: threading.Lock, stopped: Stopped) -> bool:
    """Whether we got the lock before being stopped."""
    while not stopped():
        if lock.acquire(timeout=0.05):
            return True
    return False


def _silently(_progress: Progress) -> None:
    """Where nobody wants to know."""

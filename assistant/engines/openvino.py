"""A small language model on a processor, by OpenVINO. Several answers at once: each has a token in its turn.

Made for a GGUF in four bits, which is computed as it is: a third of the work of a token with transformers, which
unpacks it to sixteen.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy

from assistant.engines import gguf, threads
from assistant.engines.chat_template import ChatTemplate
from assistant.engines.failures import first_line, is_out_of_memory
from assistant.engines.generation import fitting
from assistant.engines.openvino_ir import into_ir
from assistant.engines.openvino_model import Floats, Network, PrefilledText
from assistant.engines.pieces import Detokenizer, Thoughts
from assistant.engines.streaming import Put, Stopped, Work, read_from_thread
from assistant.models import freed_memory
from assistant.models.cpu_priority import CpuPriority
from assistant.models.device import Device, has_matrix_units
from assistant.models.profiles import ModelProfile
from assistant.ports.engine import ASIDE, Generation, Likelihoods, Sent
from assistant.ports.modality import Report
from assistant.values.errors import AssistantError, EngineError
from assistant.values.events import Progress
from assistant.values.messages import say
from assistant.values.parts import ChatMessage

_ROOM_FOR_TWO = 6  # times the size of the GGUF that has to be free, for its weights to be held in two ways


class OpenVinoEngine:
    """Implements Engine, for text. Made by `load`."""

    def __init__(
        self, profile: ModelProfile, network: Network, tokenizer: Any, priority: CpuPriority | None = None
    ) -> None:
        self._profile = profile
        self._template = ChatTemplate(tokenizer, profile)
        self._prefilled_texts = PrefilledTexts(network)
        self._aside = PrefilledTexts(network, conversations=2, tokens=4096)  # what is no conversation pushes none out
        self._priority = priority
        # none of these is ever part of an answer
        ends = (tokenizer.eos_token_id, tokenizer.pad_token_id, tokenizer.bos_token_id)
        self._ends = {end for end in ends if end is not None}

    @classmethod
    def load(
        cls,
        profile: ModelProfile,
        folder: Path,
        device: Device,
        report: Report | None = None,
        cache: Path | None = None,
        priority: CpuPriority | None = None,
    ) -> "OpenVinoEngine":
        """Loads the GGUF in `folder`, which is converted once under `cache` (None: beside the folder).

        priority: given to others between two words. Takes seconds. Raises EngineError, DiskFull.
        """
        from transformers import AutoTokenizer

        report = report or (lambda _: None)
        if (source := gguf.find_gguf(folder)) is None:
            raise EngineError(
                say("{name} is not a GGUF file, and I can run nothing else with OpenVINO.", name=profile.name)
            )
        made = gguf.converted(source, cache or folder.parent, report, into_ir())
        size = source.stat().st_size
        report(Progress(say("Loading {model}", model=profile.name), 0, size))
        try:
            has_room = device.free_bytes >= _ROOM_FOR_TWO * size
            matrix_units = device.dtype == "bfloat16" and has_room and has_matrix_units()
            network = Network.load(made, threads.cores(), matrix_units)
            prefilled = network.begin()
            for tokens in ([1] * 64, [1]):  # what the first prompt and the first word would wait for
                prefilled.read(tokens, lambda: False)
            tokenizer: Any = AutoTokenizer.from_pretrained(made, local_files_only=True)
        except Exception as error:  # what a broken folder raises depends on what is broken
            raise EngineError(
                say("{model} cannot be loaded: {trouble}", model=profile.name, trouble=first_line(error))
            ) from error
        report(Progress(say("Loading {model}", model=profile.name), size, size))
        return cls(profile, network, tokenizer, priority)

    @property
    def profile(self) -> ModelProfile:
        return self._profile

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        return len(self._ids(messages))

    def sent(self, messages: Sequence[ChatMessage]) -> tuple[Sent, ...]:  # noqa: ARG002 - it takes no pictures
        return ()

    def generate(
        self, messages: Sequence[ChatMessage], options: Generation, stop: threading.Event, conversation: str = ""
    ) -> Iterator[str]:
        """As Engine says. Where prompt and answer together exceed the context, the answer is shortened,
        down to 32 tokens; a longer prompt raises BadInput.
        """
        ids = self._ids(messages)
        options = fitting(options, len(ids), self._profile)
        yield from read_from_thread(self._explaining(partial(self._answer, ids, options, conversation)), stop)

    def likelihood(
        self, messages: Sequence[ChatMessage], beginnings: Sequence[str], stop: threading.Event, conversation: str = ""
    ) -> Likelihoods | None:
        """As Engine says. None also for a model whose answers open with thoughts that the prompt began."""
        ids = self._ids(messages)
        if self._opens_thoughts(ids):
            return None
        tokens = [self._template.tokens(text) for text in beginnings]
        fitting(Generation(max(map(len, tokens), default=0)), len(ids), self._profile)
        found: list[Likelihoods] = []

        def work(_put: Put, stopped: Stopped) -> None:
            if (weighed := self._weigh(ids, tokens, conversation, stopped)) is not None:
                found.append(weighed)

        for _ in read_from_thread(self._explaining(work), stop):
            pass  # nothing is written
        return found[0] if found else None

    def _answer(self, ids: list[int], options: Generation, conversation: str, put: Put, stopped: Stopped) -> None:
        prefilled = self._prefilled_texts.take(conversation, ids)
        logits = prefilled.read(ids[len(prefilled.ids) :], stopped)
        if logits is None:
            return
        text, thoughts = Detokenizer(self._decode), Thoughts(self._opens_thoughts(ids))
        random = numpy.random.default_rng()
        for left in range(options.max_tokens, 0, -1):
            token = chosen(logits, options, random)
            if token in self._ends or stopped():
                break
            if piece := thoughts.filter(text.add(token)):
                put(piece)
            if self._priority is not None:
                self._priority.yield_cpu()
            if left == 1 or stopped() or (logits := prefilled.read([token], stopped)) is None:
                break
        if piece := thoughts.filter(text.rest()) + thoughts.rest():
            put(piece)
        self._prefilled_texts.keep(conversation, prefilled)

    def _weigh(
        self, ids: list[int], beginnings: list[list[int]], conversation: str, stopped: Stopped
    ) -> Likelihoods | None:
        """None where it was stopped."""
        prefilled_texts = self._aside if conversation.startswith(ASIDE) else self._prefilled_texts
        prefilled = prefilled_texts.take(conversation, ids)
        logits = prefilled.read(ids[len(prefilled.ids) :], stopped)
        if logits is None:
            return None
        first = log_softmax(logits)
        found: list[tuple[float, ...]] = []
        for beginning in beginnings:
            chances, told = first, []
            for place, token in enumerate(beginning):
                told.append(float(chances[token]))
                if place + 1 < len(beginning):
                    if stopped() or (logits := prefilled.read([token], stopped)) is None:
                        return None
                    chances = log_softmax(logits)
            prefilled.shorten(len(ids))
            found.append(tuple(told))
        prefilled_texts.keep(conversation, prefilled)
        return tuple(found)

    def _ids(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Raises BadInput for pictures."""
        ids: list[int] = self._template.inputs(messages)["input_ids"][0].tolist()
        return ids

    def _decode(self, ids: Sequence[int]) -> str:
        text: str = self._template.tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _opens_thoughts(self, ids: list[int]) -> bool:
        return self._decode(ids[-8:]).rstrip().endswith("<think>")

    def _explaining(self, work: Work) -> Work:
        """`work`, whose foreign errors become a sentence."""

        def explained(put: Put, stopped: Stopped) -> None:
            try:
                work(put, stopped)
            except AssistantError:
                raise
            except Exception as error:
                name = self._profile.name
                if is_out_of_memory(error):
                    raise EngineError(
                        say("{model} ran out of memory on this question. Ask about less at once.", model=name)
                    ) from error
                raise EngineError(
                    say("{model} failed while answering: {trouble}", model=name, trouble=first_line(error))
                ) from error
            finally:
                freed_memory.give_back()

        return explained


class PrefilledTexts:
    """The last few conversations as they were read, so that only what is new is read again.

    `take` hands one out and forgets it; `keep` gives it back. So one that failed leaves nothing behind.
    """

    def __init__(self, network: Network, conversations: int = 4, tokens: int = 8192) -> None:
        """tokens: of all that are kept together; some 30 KB each, 60 in float32. The last one kept may be longer."""
        self._network = network
        self._conversations, self._tokens = conversations, tokens
        self._kept: OrderedDict[str, PrefilledText] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, conversation: str, ids: Sequence[int]) -> PrefilledText:
        """A reading of the longest known beginning of `ids`: this conversation's, else a copy of another's.

        At least one token is left to be read, to have something to go on from.
        """
        with self._lock:
            own = self._kept.pop(conversation, None) if conversation else None
            known = _common(own.ids, ids) if own is not None else 0
            other = max(self._kept.values(), key=lambda kept: _common(kept.ids, ids), default=None)
            if other is not None and (shared := _common(other.ids, ids)) > known:
                return other.copy(shared)
        if own is None or not known:
            return self._network.begin()
        own.shorten(known)
        return own

    def keep(self, conversation: str, prefilled: PrefilledText) -> None:
        if not conversation:
            return
        with self._lock:
            self._kept[conversation] = prefilled
            self._kept.move_to_end(conversation)
            while len(self._kept) > 1 and (len(self._kept) > self._conversations or self._held() > self._tokens):
                self._kept.popitem(last=False)

    def _held(self) -> int:
        return sum(len(prefilled.ids) for prefilled in self._kept.values())


def _common(known: Sequence[int], ids: Sequence[int]) -> int:
    """How many tokens both begin with, but not all of `ids`."""
    length = min(len(known), len(ids) - 1)
    return next((place for place in range(length) if known[place] != ids[place]), length)


def chosen(logits: Floats, options: Generation, random: numpy.random.Generator) -> int:
    """The next token: the likeliest, or at a temperature one of the fewest that make up `top_p` together."""
    if options.temperature <= 0:
        return int(logits.argmax())
    chances = numpy.exp(log_softmax(logits / options.temperature))
    likeliest = numpy.argsort(-chances)
    before = numpy.cumsum(chances[likeliest]) - chances[likeliest]
    likeliest = likeliest[before < options.top_p] if options.top_p < 1 else likeliest
    shares = chances[likeliest]
    return int(random.choice(likeliest, p=shares / shares.sum()))


def log_softmax(logits: Floats) -> numpy.typing.NDArray[numpy.float64]:
    """The natural logarithm of each token's chance."""
    exact = logits.astype(numpy.float64)
    exact -= exact.max()
    exact -= numpy.log(numpy.exp(exact).sum())
    return exact

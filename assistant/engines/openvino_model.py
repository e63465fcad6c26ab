"""A language model as OpenVINO computes it: token ids in, the logits of the next token out.

Each text that is read has a request of its own, which holds its keys and values; several are read side by side, a
stretch or a token of each in turn. Knows nothing of words. The interpreter's lock is free while it computes, which
openvino-genai's own pipeline of many requests does not do: a page would stand still while a prompt is read.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy
import numpy.typing

from assistant.engines.openvino_ir import MODEL
from assistant.engines.streaming import Stopped
from assistant.settings.telemetry import silence_openvino

Floats = numpy.typing.NDArray[numpy.float32]

_AT_ONCE = 256  # tokens of a prompt; then another text has its turn
_LOOK_MILLISECONDS = 50  # how late a stop is noticed while a prompt is read
_MANY = 48  # tokens from which it pays to carry what is known over to where many are read fast


class Network:
    """The weights, ready to compute. Any thread may use it.

    few, many: where a token and where a prompt is read. Where the processor has matrix units (AMX) they are two: in
    bfloat16 a prompt takes 0.6 of the time, and a single token nearly twice as long. Then `many` tells no logits: the
    output head would take half a gigabyte a second time. Elsewhere they are one.
    """

    def __init__(self, few: Any, many: Any) -> None:
        self.few, self.many = few, many

    @classmethod
    def load(cls, folder: Path, threads: int, matrix_units: bool) -> "Network":
        """Raises RuntimeError where the folder holds no such model."""
        silence_openvino()
        import openvino

        core = openvino.Core()
        model = core.read_model(folder / MODEL)
        _last_token_alone(model)
        options = {
            "NUM_STREAMS": "1",
            "INFERENCE_NUM_THREADS": str(threads),
            "ENABLE_CPU_PINNING": "NO",  # others use the processor too
            # by itself it would keep keys and values in eight bits, and small models err more with those
            "KV_CACHE_PRECISION": "bf16" if matrix_units else "f32",
        }
        few = core.compile_model(model, "CPU", {**options, "INFERENCE_PRECISION_HINT": "f32"})
        if not matrix_units:
            return cls(few, few)
        _without_head(model)
        return cls(few, core.compile_model(model, "CPU", {**options, "INFERENCE_PRECISION_HINT": "bf16"}))

    def begin(self) -> "PrefilledText":
        return PrefilledText(self)


class PrefilledText:
    """The tokens of one text that the model has read so far (prefill). One thread at a time.

    ids: its tokens. After a read that was stopped or failed it is of no use any more.
    """

    def __init__(self, network: Network) -> None:
        self.ids: list[int] = []
        self._network = network
        self._place: Any = None
        self._request: Any = None

    def read(self, tokens: Sequence[int], stopped: Stopped) -> Floats | None:
        """Reads on; the logits of the token after these, shape (vocabulary,), valid until the next read.

        None where it was stopped. A single token is never given up.
        """
        for stretch in self._stretches(tokens):
            if len(tokens) > 1 and stopped():
                return None
            if not self._read(stretch, stopped):
                return None
        logits: Floats = self._request.get_output_tensor(0).data[0, -1]
        return logits

    def _stretches(self, tokens: Sequence[int]) -> Iterator[Sequence[int]]:
        """The last one is read where logits are told."""
        for start in range(0, len(tokens), _AT_ONCE):
            stretch = tokens[start : start + _AT_ONCE]
            is_last = start + _AT_ONCE >= len(tokens)
            if is_last and len(stretch) >= _MANY and self._network.many is not self._network.few:
                yield stretch[:-1]
                yield stretch[-1:]
            else:
                yield stretch

    def _read(self, tokens: Sequence[int], stopped: Stopped) -> bool:
        known, count = len(self.ids), len(tokens)
        self._go_to(self._network.many if count >= _MANY else self._network.few)
        self._request.start_async(
            {
                "input_ids": numpy.array([tokens], numpy.int64),
                "attention_mask": numpy.ones((1, known + count), numpy.int64),
                "position_ids": numpy.arange(known, known + count, dtype=numpy.int64)[None],
                "beam_idx": numpy.zeros(1, numpy.int32),
            }
        )
        while not self._request.wait_for(_LOOK_MILLISECONDS):
            if count > 1 and stopped():
                self._give_up()
                return False
        self.ids += tokens
        return True

    def _give_up(self) -> None:
        self._request.cancel()
        try:
            self._request.wait()
        except RuntimeError as error:
            if "canceled" not in str(error):
                raise

    def shorten(self, length: int) -> None:
        """Forgets everything but the first `length` tokens."""
        if length < len(self.ids):
            _carry(self._request, self._request, length)
            self.ids = self.ids[:length]

    def copy(self, length: int) -> "PrefilledText":
        """A reading of its own that knows the first `length` tokens."""
        other = PrefilledText(self._network)
        other._go_to(self._place)
        _carry(self._request, other._request, length)
        other.ids = self.ids[:length]
        return other

    def _go_to(self, place: Any) -> None:
        """With all that is known."""
        if place is self._place:
            return
        request = place.create_infer_request()
        if self.ids:
            _carry(self._request, request, len(self.ids))
        self._place, self._request = place, request


def _carry(source: Any, target: Any, length: int) -> None:
    """Keys and values of the first tokens from one request to another, which may be the same."""
    states = {state.name: state for state in target.query_state()}
    for state in source.query_state():
        states[state.name].state = _beginning(state.state, length)


def _beginning(values: Any, length: int) -> Any:
    """Of keys or values in the shape (1, heads, tokens, size)."""
    import openvino

    shape = list(values.shape)
    shape[2] = length
    part = openvino.Tensor(values, openvino.Coordinate([0] * 4), openvino.Coordinate(shape))
    whole = openvino.Tensor(values.element_type, openvino.Shape(shape))  # a part of another is not taken as a state
    part.copy_to(whole)
    return whole


def _last_token_alone(model: Any) -> None:
    """Cuts the work of the output head, a row of the whole vocabulary for every token, down to the one row needed."""
    import numpy
    from openvino import opset13

    head = model.get_results()[0].input_value(0).get_node()
    if head.get_type_name() != "MatMul":
        return
    one = [opset13.constant(numpy.array([number], numpy.int64)) for number in (-1, numpy.iinfo(numpy.int64).max, 1, 1)]
    hidden = head.input(0)
    hidden.replace_source_output(opset13.slice(hidden.get_source_output(), *one).output(0))
    model.validate_nodes_and_infer_types()


def _without_head(model: Any) -> None:
    """Leaves what the head would have read as the result."""
    result = model.get_results()[0]
    head = result.input_value(0).get_node()
    if head.get_type_name() != "MatMul":
        return
    result.input(0).replace_source_output(head.input_value(0))
    model.validate_nodes_and_infer_types()

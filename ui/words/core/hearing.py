"""What the core says about hearing: languages, translation, speech models."""

HEARING: tuple[tuple[str, str], ...] = (
    (
        "{model} cannot translate what is said. Choose a multilingual Whisper model, or transcribe.",
        "{model} 不能翻译语音。请选择多语言的 Whisper 模型，或改为转写。",
    ),
)

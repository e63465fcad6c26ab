"""What the core says about hearing: languages, translation, speech models."""

HEARING: tuple[tuple[str, str], ...] = (
    ("{name} must be yes or no, not “{value}”.", "{name} 只能是“是”或“否”，不能是“{value}”。"),
    (
        "There is no Chinese script called “{value}”. Choose auto, simplified or traditional.",
        "没有名为“{value}”的中文字体。请选择 auto、simplified 或 traditional。",
    ),
    (
        "“{value}” is no code of a language. Write auto, or two or three letters: en, zh, yue.",
        "“{value}”不是语言代码。请写 auto，或两三个字母：en、zh、yue。",
    ),
    (
        "{model} hears English alone. Choose a multilingual Whisper model, or English.",
        "{model} 只能听英文。请选择多语言的 Whisper 模型，或选择英文。",
    ),
    (
        "{model} cannot translate what is said. Choose a model that can, such as whisper-base.",
        "{model} 不能翻译语音。请选择能翻译的模型，例如 whisper-base。",
    ),
)

"""The words of the settings panel: models, how answers are made, language, commands, keys, and what is kept where."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SettingsWords:
    """Strings with {names} are filled with `str.format`. roles, what_for: by role of a model. languages: as the table
    of models says them. kept: by kind of place. keys: what a key does."""

    heading: str = "## Settings"
    title: str = "Settings"
    shared: str = (
        "This Medley is shared: what concerns the whole machine can be seen here, and is changed by its owner."
    )
    fixed: str = "Fixed for this run by an option of the command or by a variable of the environment."
    saved: str = "Kept. It counts from the next answer on."
    saved_for_next_start: str = "Kept. It counts from the next start on."

    models: str = "Models"
    looking: str = "Looking at this machine…"
    chosen_for: str = "This is {machine} ({device}, {free} free at the start). Models are chosen for that."
    asked_for: str = "Models are chosen for {machine}, as the setting says. This machine: {device}, {free} free."
    machines: dict[str, str] = field(
        default_factory=lambda: {
            "gpu-40gb": "a GPU with 40 GB or more",
            "gpu-16gb": "a GPU with 16 to 40 GB",
            "zerogpu": "ZeroGPU",
            "cpu": "a CPU with a model hub in reach",
            "cpu-offline": "a CPU without a model hub",
        }
    )
    roles: dict[str, str] = field(
        default_factory=lambda: {
            "chat": "Answers",
            "vision": "Looks at pictures",
            "speech": "Hears speech",
            "embedding": "Finds text",
            "picture-embedding": "Finds pictures",
            "voice": "Speaks",
        }
    )
    what_for: dict[str, str] = field(
        default_factory=lambda: {
            "chat": "The language model that writes the answers.",
            "vision": "Describes or reads pictures where the language model does not see them itself.",
            "speech": "Turns recordings and your voice into words.",
            "embedding": "Finds passages by what they mean. With another one, the libraries are read in anew.",
            "picture-embedding": "Finds pictures by what they show.",
            "voice": "Reads answers aloud.",
        }
    )
    in_use: str = "in use"
    automatic: str = "chosen for this machine"
    by_name: str = "chosen by name"
    none: str = "none"
    states: dict[str, str] = field(
        default_factory=lambda: {
            "waiting": "loaded when it is needed",
            "loading": "loading",
            "ready": "ready",
            "failed": "could not be loaded",
        }
    )
    next_start: str = "From the next start on: {name}"
    needs: str = "{memory} of memory"
    size: str = "{size} to fetch"
    size_unknown: str = "size known by the hub alone"
    built_in: str = "comes along"
    here: str = "here"
    not_here: str = "not here"
    too_large: str = "more than the memory of this machine"
    languages: dict[str, str] = field(
        default_factory=lambda: {
            "201 languages": "201 languages",
            "English, Chinese and 27 more": "English, Chinese and 27 more",
            "English": "English",
            "text in Latin and Chinese script": "text in Latin and Chinese script",
            "a thousand things by name": "a thousand things by name",
            "99 languages": "99 languages",
            "100 languages and more": "100 languages and more",
            "94 languages": "94 languages",
            "109 languages": "109 languages",
            "English and Chinese voices": "English and Chinese voices",
        }
    )
    choices_one: str = "The only model"
    choices: str = "All {count} models"
    use: str = "Use"
    use_name: str = "Use {name}"
    use_automatic: str = "Let Medley choose"
    fetch: str = "Fetch"
    fetch_name: str = "Fetch {name}"
    cancel: str = "Cancel"
    cancel_name: str = "Cancel fetching {name}"
    clear: str = "Clear"
    clear_name: str = "Clear {name}"
    other_role: str = "Role"
    other_model: str = "Another model"
    other_model_info: str = "A folder on this machine, owner/name of a hub, openai:NAME, or http://host/v1#NAME"
    downloads: str = "Fetching"
    download_states: dict[str, str] = field(
        default_factory=lambda: {
            "running": "on its way",
            "done": "here now",
            "cancelled": "ended; what has come is kept for the next time",
            "failed": "not to be had",
        }
    )
    takes_over: str = "will be used once it is here"

    answers: str = "Answers"
    speech_language: str = "Language that is spoken"
    speech_language_info: str = "A code such as en, zh or de; auto: found in what is heard."
    speech_translate: str = "Write in English what is spoken in another language"
    speech_translate_info: str = "By Whisper's own translation, which knows English alone."
    picture_facts: str = "Tell when and with which camera a photo was taken"
    picture_facts_info: str = "Read from the photo's file. Where it was taken is never read."
    chinese_script: str = "Chinese that is spoken is written in"
    chinese_script_info: str = "Simplified and traditional characters find each other, whatever stands here."
    scripts: dict[str, str] = field(
        default_factory=lambda: {
            "auto": "The script of the conversation, else simplified",
            "simplified": "Simplified characters",
            "traditional": "Traditional characters",
        }
    )
    read_aloud: str = "Read answers aloud by themselves"
    read_aloud_info: str = "Each answer has a button that reads it, whatever stands here."
    read_aloud_when: dict[str, str] = field(
        default_factory=lambda: {
            "never": "Never",
            "spoken": "When the question was spoken",
            "always": "Always",
        }
    )
    voice_english: str = "English voice"
    voice_chinese: str = "Chinese voice"
    voice_auto: str = "Medley's choice"
    voice_titles: dict[str, str] = field(
        default_factory=lambda: {
            "af_heart": "Heart (American, female)",
            "am_michael": "Michael (American, male)",
            "bf_emma": "Emma (British, female)",
            "zf_xiaoxiao": "Xiaoxiao (Mandarin, female)",
            "zm_yunxi": "Yunxi (Mandarin, male)",
        }
    )
    speaking_speed: str = "Speed of the voice"
    fusion: str = "How documents, pictures and recordings are weighed"
    fusion_ways: dict[str, str] = field(
        default_factory=lambda: {
            "weights": "By your words: what the question names (“in the recording”) counts more",
            "attention": "By fit: the kind whose best pieces fit the question counts more",
            "concatenation": "All alike: only how well a piece fits counts",
        }
    )
    answer_tokens: str = "Longest answer, in tokens"
    answer_tokens_info: str = "A token is about three quarters of an English word, or one Chinese character."
    temperature: str = "Temperature"
    temperature_info: str = "0 says the same each time; higher varies the words, and strays sooner."
    rerank: str = "Reranker"
    rerank_info: str = (
        "A cross-encoder that reads the best 20 hits again: a folder or owner/name of a hub; empty: none."
    )
    keep: str = "Keep"

    language: str = "Language of the page"
    language_auto: str = "As the browser asks"
    language_info: str = "Answers come in the language of the question, whatever stands here."

    presets: str = "Commands"
    presets_info: str = "Type them in the box, with the names of files or with words behind them."
    own: str = "your own"
    preset_name: str = "Name of a command"
    preset_text: str = "What it asks"
    preset_text_info: str = "{{ files | join(', ') }} and {{ words }} stand for what is typed behind the command."
    preset_keep: str = "Keep the command"
    preset_kept: str = "/{name} is a command now."
    remove: str = "Remove"
    remove_name: str = "Remove {name}"
    remove_preset_ask: str = "Remove the command {name}? Its file is deleted."
    no_remove: str = "Keep"

    shortcuts: str = "Keys"
    keys: tuple[tuple[str, str], ...] = (
        ("Enter", "Asks what stands in the box"),
        ("Shift + Enter", "Begins a new line in the box"),
        ("/", "At the beginning of the box: a command"),
        ("Enter", "On a number in an answer: opens its evidence"),
        ("Esc", "Closes the evidence"),
        ("Tab", "Goes on to the next button or link"),
    )

    privacy: str = "What is kept, and where"
    privacy_info: str = "Nothing leaves this machine, unless a remote model is chosen above. Nobody counts what you do."
    privacy_shared: str = "What you ask and hand over is kept on the machine that runs this page, for you alone."
    mine: str = "Yours: conversations {conversations} · libraries {libraries} · files in libraries {files}"
    kept: dict[str, str] = field(
        default_factory=lambda: {
            "conversations": "Conversations",
            "files": "What was handed over in conversations",
            "libraries": "Libraries: files, text, vectors",
            "presets": "Your own commands",
            "choices": "What was chosen here",
            "weights": "Models, which can be fetched again",
        }
    )
    files_one: str = "1 file"
    files: str = "{count} files"
    nothing: str = "nothing yet"
    delete_everything: str = "Delete everything"
    delete_ask: str = "Delete all your conversations and libraries with everything in them? This cannot be undone."
    deleted: str = "All your conversations and libraries are deleted."


ENGLISH = SettingsWords()

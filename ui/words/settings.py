"""The words of the settings room: models, how answers are made, language, commands, keys, and what is kept where."""

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
    presets_folder: str = "Your own are files in {folder}; a file that is put there is a command at once."
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

CHINESE = SettingsWords(
    heading="## 设置",
    title="设置",
    shared="这个 Medley 是多人共用的：与整台机器有关的内容可以在这里查看，由它的主人更改。",
    fixed="本次运行中已由命令选项或环境变量固定。",
    saved="已保存，从下一个回答起生效。",
    saved_for_next_start="已保存，下次启动时生效。",
    models="模型",
    looking="正在查看这台机器……",
    chosen_for="这是{machine}（{device}，启动时空闲 {free}）。模型据此选择。",
    asked_for="按照设置，模型为{machine}选择。本机：{device}，空闲 {free}。",
    machines={
        "gpu-40gb": "40 GB 以上的显卡",
        "gpu-16gb": "16 到 40 GB 的显卡",
        "zerogpu": "ZeroGPU 环境",
        "cpu": "可以连接模型库的处理器",
        "cpu-offline": "没有模型库的处理器",
    },
    roles={
        "chat": "回答",
        "vision": "看图片",
        "speech": "听语音",
        "embedding": "查找文字",
        "picture-embedding": "查找图片",
        "voice": "朗读",
    },
    what_for={
        "chat": "撰写回答的语言模型。",
        "vision": "语言模型自己看不了图片时，描述图片或读出其中的文字。",
        "speech": "把录音和您的语音变成文字。",
        "embedding": "按意思查找段落。换一个之后，资料库会重新读入。",
        "picture-embedding": "按图片的内容查找图片。",
        "voice": "朗读回答。",
    },
    in_use="使用中",
    automatic="为这台机器选择",
    by_name="按名称选择",
    none="无",
    states={"waiting": "需要时加载", "loading": "加载中", "ready": "就绪", "failed": "无法加载"},
    next_start="下次启动起：{name}",
    needs="内存 {memory}",
    size="需下载 {size}",
    size_unknown="大小只有模型库知道",
    built_in="自带",
    here="已在本机",
    not_here="不在本机",
    too_large="超出这台机器的内存",
    languages={
        "201 languages": "201 种语言",
        "English, Chinese and 27 more": "英文、中文及另外 27 种语言",
        "English": "英文",
        "text in Latin and Chinese script": "拉丁文字和中文",
        "a thousand things by name": "一千种事物的名称",
        "99 languages": "99 种语言",
        "100 languages and more": "100 多种语言",
        "94 languages": "94 种语言",
        "109 languages": "109 种语言",
        "English and Chinese voices": "英文和中文嗓音",
    },
    choices_one="唯一的模型",
    choices="全部 {count} 个模型",
    use="使用",
    use_name="使用 {name}",
    use_automatic="由 Medley 选择",
    fetch="下载",
    fetch_name="下载 {name}",
    cancel="取消",
    cancel_name="取消下载 {name}",
    clear="清除",
    clear_name="清除 {name}",
    other_role="用途",
    other_model="其他模型",
    other_model_info="本机的文件夹、模型库的 owner/name、openai:NAME 或 http://host/v1#NAME",
    downloads="下载",
    download_states={
        "running": "下载中",
        "done": "已在本机",
        "cancelled": "已取消；已下载的部分留待下次",
        "failed": "无法获得",
    },
    takes_over="下载完成后使用",
    answers="回答",
    speech_language="所说的语言",
    speech_language_info="语言代码，例如 en、zh 或 de；auto 表示从声音中判断。",
    speech_translate="把其他语言的语音写成英文",
    speech_translate_info="由 Whisper 自己翻译，它只会译成英文。",
    picture_facts="说明照片的拍摄时间和相机",
    picture_facts_info="从照片文件中读取。拍摄地点从不读取。",
    chinese_script="中文语音写成",
    chinese_script_info="无论这里选什么，简体与繁体都能互相找到。",
    scripts={"auto": "对话所用的字体，否则为简体", "simplified": "简体字", "traditional": "繁体字"},
    read_aloud="自动朗读回答",
    read_aloud_info="无论这里选什么，每个回答都有朗读按钮。",
    read_aloud_when={"never": "从不", "spoken": "提问是语音时", "always": "总是"},
    voice_english="英文声音",
    voice_chinese="中文声音",
    voice_auto="由 Medley 选择",
    voice_titles={
        "af_heart": "Heart（美式，女声）",
        "am_michael": "Michael（美式，男声）",
        "bf_emma": "Emma（英式，女声）",
        "zf_xiaoxiao": "晓晓（普通话，女声）",
        "zm_yunxi": "云希（普通话，男声）",
    },
    speaking_speed="朗读速度",
    fusion="如何权衡文档、图片和录音",
    fusion_ways={
        "weights": "按您的话：问题里点名的（“录音里”）更重要",
        "attention": "按契合度：最切题的那一类更重要",
        "concatenation": "一视同仁：只看每一段是否切题",
    },
    answer_tokens="回答的最大长度（词元）",
    answer_tokens_info="一个词元约等于四分之三个英文单词，或一个汉字。",
    temperature="温度",
    temperature_info="0 表示每次说法相同；越高用词越多变，也越容易跑题。",
    rerank="重排模型",
    rerank_info="把最好的 20 条结果再读一遍的交叉编码器：文件夹或模型库的 owner/name；留空表示不用。",
    keep="保存",
    language="页面语言",
    language_auto="跟随浏览器",
    language_info="无论这里选什么，回答都使用提问的语言。",
    presets="命令",
    presets_info="在输入框里输入命令，后面可以写文件名或文字。",
    own="您自己的",
    presets_folder="您自己的命令是 {folder} 里的文件；放进去的文件立即成为命令。",
    preset_name="命令名称",
    preset_text="命令所提的问题",
    preset_text_info="{{ files | join('、') }} 和 {{ words }} 代表命令后面输入的内容。",
    preset_keep="保存命令",
    preset_kept="/{name} 现在是一个命令了。",
    remove="删除",
    remove_name="删除 {name}",
    remove_preset_ask="删除命令 {name}？它的文件会被删除。",
    no_remove="保留",
    shortcuts="按键",
    keys=(
        ("回车（Enter）", "提出输入框里的问题"),
        ("Shift + 回车", "在输入框里换行"),
        ("斜杠（/）", "在输入框开头：输入命令"),
        ("回车（Enter）", "在回答中的编号上：打开依据"),
        ("退出键（Esc）", "关闭依据"),
        ("制表键（Tab）", "移到下一个按钮或链接"),
    ),
    privacy="保存了什么，在哪里",
    privacy_info="除非在上面选了远程模型，任何内容都不会离开这台机器。没有人统计您的使用。",
    privacy_shared="您的提问和交来的文件保存在运行这个页面的机器上，只供您自己使用。",
    mine="您的：对话 {conversations} · 资料库 {libraries} · 资料库中的文件 {files}",
    kept={
        "conversations": "对话",
        "files": "对话中交来的文件",
        "libraries": "资料库：文件、文字、向量",
        "presets": "您自己的命令",
        "choices": "在这里选择的设置",
        "weights": "模型，可以重新下载",
    },
    files_one="1 个文件",
    files="{count} 个文件",
    nothing="还没有内容",
    delete_everything="全部删除",
    delete_ask="删除您的全部对话和资料库，连同其中的所有内容？删除后无法恢复。",
    deleted="您的全部对话和资料库都已删除。",
)

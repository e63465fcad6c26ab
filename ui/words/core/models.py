"""What the core says about models: how far they are loaded, why one cannot be had, why one does not answer."""

_PARTS = (
    ("This machine", "本机"),
    ("Choice of models", "模型选择"),
    ("Language model", "语言模型"),
    ("Speech model", "语音模型"),
    ("Vision model", "视觉模型"),
    ("Reader of text in pictures", "图中文字识别"),
    ("Embedding model", "嵌入模型"),
    ("Understanding of requests", "理解请求"),
    ("Picture model", "图片模型"),
    ("Reranker", "重排模型"),
    ("Library", "资料库"),
    ("Voice", "朗读模型"),
)
_AGAIN = "Fetch it again with `python app.py weights`, or choose another model."
_AGAIN_ZH = "请用 `python app.py weights` 重新获取，或选择另一个模型。"

MODELS: tuple[tuple[str, str], ...] = (
    # how far the loading is
    *_PARTS,
    *((f"{english}: {{doing}}", f"{chinese}：{{doing}}") for english, chinese in _PARTS),
    ("waiting", "等待中"),
    ("loading", "加载中"),
    ("waiting for the answers in the making", "等待正在进行的回答结束"),
    ("loading the reader", "正在加载识别模型"),
    ("learning from examples what people ask for", "正在从示例中学习人们的要求"),
    ("loading {model}", "正在加载 {model}"),
    ("Loading {model}", "正在加载 {model}"),
    ("fetching {model}", "正在获取 {model}"),
    ("looking at this machine and for a model hub", "正在查看本机并寻找模型库"),
    ("waiting for another Medley to finish fetching {model}", "等待另一个 Medley 获取完 {model}"),
    ("Unpacking {file} for the first time", "首次解包 {file}"),
    ("{doing}, {percent} % of {size} MB", "{doing}，{size} MB 的 {percent}%"),
    ("{doing}, {percent} % of {size} MB, {seconds} s left", "{doing}，{size} MB 的 {percent}%，还需 {seconds} 秒"),
    ("{doing}, {size} MB", "{doing}，{size} MB"),
    ("{doing}, {size} MB, {seconds} s left", "{doing}，{size} MB，还需 {seconds} 秒"),
    ("{error} Until then pictures are found by their text alone.", "{error}在此之前，图片只能按其中的文字查找。"),
    ("{error} {instead} stands in for {model}.", "{error}暂由 {instead} 代替 {model}。"),
    # why a model's files cannot be had
    ("“{model}” cannot be fetched: {reason}.", "无法获取“{model}”：{reason}。"),
    (
        "{error} Make room, or set MEDLEY_CACHE to a folder on a larger disk; what has come is kept.",
        "{error}请腾出空间，或把 MEDLEY_CACHE 设为更大磁盘上的文件夹；已获取的部分会保留。",
    ),
    (
        "{error} Or choose another model (python app.py weights list).",
        "{error}也可以选择另一个模型（python app.py weights list）。",
    ),
    (
        "{error} Try again later, fetch it on another machine and copy its folder to {folder}, or choose another model "
        "(python app.py weights list).",
        "{error}请稍后再试，或在另一台机器上获取后把文件夹复制到 {folder}，"
        "或选择另一个模型（python app.py weights list）。",
    ),
    ("{path} in the archive {name} is no plain file", "归档 {name} 中的 {path} 不是普通文件"),
    ("what the package index holds for {name} is not the publisher's file", "软件包索引中的 {name} 不是发布者的文件"),
    (
        "what the package index holds for {name} is larger than the publisher's file",
        "软件包索引中的 {name} 比发布者的文件大",
    ),
    ("the archive {name} is damaged", "归档 {name} 已损坏"),
    ("the archive {name} has no {path} any more", "归档 {name} 中已没有 {path}"),
    ("{path} in the archive {name} cannot be unpacked", "归档 {name} 中的 {path} 无法解包"),
    ("what {host} sends for {name} is not the file it should be", "{host} 发来的 {name} 不是应有的文件"),
    ("what {host} sends is larger than the file it should be", "{host} 发来的文件比应有的大"),
    ("{host} refuses to hand out {name}", "{host} 拒绝提供 {name}"),
    ("the proxy on the way to {host} wants a name and password", "通往 {host} 的代理要求用户名和密码"),
    ("{host} has no {name} any more (HTTP {code})", "{host} 已没有 {name}（HTTP {code}）"),
    (
        "{host} shows a certificate that is not trusted here (`pip config set global.cert FILE` names the authority to "
        "trust)",
        "{host} 的证书在这里不受信任（可用 `pip config set global.cert FILE` 指定受信任的机构）",
    ),
    ("{host} cannot be asked ({trouble})", "无法访问 {host}（{trouble}）"),
    ("{place} cannot be read or written ({trouble})", "无法读写 {place}（{trouble}）"),
    ("this machine's disk is full", "这台机器的磁盘已满"),
    ("{host} broke off in the middle of a file", "{host} 在传输文件时中断"),
    ("{host} has another file there now", "{host} 上的文件已经换了"),
    ("{host} is in trouble (HTTP {code})", "{host} 出了问题（HTTP {code}）"),
    ("{host} does not answer", "{host} 没有回应"),
    ("{host} answers with something that is no model hub", "{host} 的回应不像模型库"),
    ("its licence must be accepted first, on {page}; {left}", "须先在 {page} 接受其许可；{left}"),
    ("{model} on {host} has no files of the kind that Medley loads", "{host} 上的 {model} 没有 Medley 能加载的文件"),
    (
        "{host} gives no digests of the files in {model}, so they cannot be trusted",
        "{host} 没有给出 {model} 中文件的摘要，所以不可信",
    ),
    (
        "{host} has no model “{model}”, or it is private and HF_TOKEN must be set",
        "{host} 没有模型“{model}”，或者它是私有的，须设置 HF_TOKEN",
    ),
    (
        "the package index has no {name} of {project} {version} any more",
        "软件包索引中已没有 {project} {version} 的 {name}",
    ),
    ("{host} answers with something that is no package index", "{host} 的回应不像软件包索引"),
    ("the archive {name} is not the one that its index announces", "归档 {name} 与其索引所列的不符"),
    ("{host} does not let us in (HTTP {code})", "{host} 不允许访问（HTTP {code}）"),
    (
        "pip is told to use the certificates in {path}, and there is no such file",
        "pip 被设定使用 {path} 中的证书，但没有这个文件",
    ),
    ("the model hub {host} does not answer", "模型库 {host} 没有回应"),
    ("Medley was told to stay offline", "Medley 被设定为离线"),
    ("no place is known where its files could be had", "不知道从哪里可以获取它的文件"),
    ("it needs {needs} and only {free} are free on this machine's disk", "需要 {needs}，而这台机器的磁盘只剩 {free}"),
    (
        "the file name “{name}” leads out of the model's folder, so it is not trusted",
        "文件名“{name}”指向模型文件夹之外，所以不可信",
    ),
    ("“{model}” is not here.", "“{model}”不在这里。"),
    ("{name} of “{model}” is missing.", "“{model}”缺少 {name}。"),
    (
        "{name} of “{model}” is not the publisher's file: its digest differs.",
        "“{model}”的 {name} 不是发布者的文件：摘要不同。",
    ),
    (
        "Which files “{model}” should have is not known yet: fetch it first.",
        "还不知道“{model}”应有哪些文件：请先获取。",
    ),
    # why a model cannot be loaded or chosen
    (
        "The files of {model} cannot be read. Delete them and start again to fetch them anew.",
        "无法读取 {model} 的文件。请删除后重新启动，以便重新获取。",
    ),
    (
        "The files of {model} cannot be read as a model that embeds pictures and words. Delete them and start again to "
        "fetch them anew.",
        "{model} 的文件不是能嵌入图片和文字的模型。请删除后重新启动，以便重新获取。",
    ),
    (
        "The files of {model} cannot be read as a cross-encoder: I look for safetensors, config.json and "
        "tokenizer.json. Delete them and start again to fetch them anew, or choose another model.",
        "{model} 的文件不是交叉编码器：需要 safetensors、config.json 和 tokenizer.json。"
        "请删除后重新启动，以便重新获取，或选择另一个模型。",
    ),
    (
        "The speech model {model} could not be loaded: its files are damaged or incomplete, or there is too little "
        f"memory. {_AGAIN}",
        "无法加载语音模型 {model}：文件损坏或不完整，或内存太少。" + _AGAIN_ZH,
    ),
    (
        f"The speech model {{model}} could not be loaded: its file is damaged, or there is too little memory. {_AGAIN}",
        "无法加载语音模型 {model}：文件损坏，或内存太少。" + _AGAIN_ZH,
    ),
    ("{model} cannot be loaded: {trouble}", "无法加载 {model}：{trouble}"),
    (
        "Not enough memory to load {model}. Choose a smaller model (--llm).",
        "内存不足，无法加载 {model}。请选择更小的模型（--llm）。",
    ),
    (
        "{model} is held in {bits}, which needs bitsandbytes: pip install bitsandbytes.",
        "{model} 以 {bits} 保存，需要 bitsandbytes：pip install bitsandbytes。",
    ),
    ("{model} is of the family {family}, which is not a language model.", "{model} 属于 {family}，不是语言模型。"),
    (
        "{model} has no chat template, so it was not made for conversations. Choose its “instruct” or “chat” version.",
        "{model} 没有对话模板，不是为对话而做的。请选择它的“instruct”或“chat”版本。",
    ),
    (
        "{model} makes vectors of {count} numbers, not {wanted}. Mend its profile.",
        "{model} 的向量有 {count} 个数，而不是 {wanted} 个。请修正其配置。",
    ),
    (
        "No room to unpack {name}: about {needs} are needed. Free some, or choose another --cache.",
        "空间不足，无法解包 {name}：大约需要 {needs}。请腾出空间，或另选 --cache。",
    ),
    (
        "{name} is not a GGUF file, and I can run nothing else with OpenVINO.",
        "{name} 不是 GGUF 文件，而我用 OpenVINO 只能运行这种文件。",
    ),
    ("OpenVINO cannot read {name}: {trouble}.", "OpenVINO 无法读取 {name}：{trouble}。"),
    ("transformers runs {model}, which is slower", "由 transformers 运行 {model}，速度较慢"),
    (
        "openvino-genai is not installed, so {doing}: pip install openvino-genai.",
        "没有安装 openvino-genai，所以{doing}：pip install openvino-genai。",
    ),
    ("{error} So {doing}.", "{error}因此{doing}。"),
    (
        "{name} cannot be unpacked: {trouble}. Use the model's safetensors version.",
        "无法解包 {name}：{trouble}。请使用该模型的 safetensors 版本。",
    ),
    ("{name} is not a GGUF file.", "{name} 不是 GGUF 文件。"),
    ("{name} ends in the middle: fetch it again.", "{name} 不完整：请重新获取。"),
    (
        "The reader lacks its models ({names}). Reinstall it: pip install --force-reinstall rapidocr",
        "文字识别缺少模型（{names}）。请重新安装：pip install --force-reinstall rapidocr",
    ),
    (
        "The reader could not be started. Reinstall it: pip install {package}",
        "文字识别无法启动。请重新安装：pip install {package}",
    ),
    ("{model} cannot be loaded as a model of files. Choose another one.", "{model} 不能从文件加载。请另选一个。"),
    (
        "{folder} holds no model: I look for a config.json with safetensors, or one GGUF file.",
        "{folder} 中没有模型：需要 config.json 和 safetensors，或一个 GGUF 文件。",
    ),
    ("The config.json in {folder} cannot be read.", "无法读取 {folder} 中的 config.json。"),
    (
        "{folder} holds {count} GGUF files. Give me a folder with one of them.",
        "{folder} 中有 {count} 个 GGUF 文件。请提供只有一个的文件夹。",
    ),
    ("This GGUF holds a value of the unknown kind {code}.", "这个 GGUF 中有未知类型的值：{code}。"),
    (
        "I know no model “{asked}” for {what}. Name a profile ({names}), a folder that is here, a hub repository "
        "(owner/name) or a remote model (openai:NAME, http://host/v1#NAME).",
        "没有用于{what}的模型“{asked}”。请指定配置（{names}）、本地文件夹、模型库中的仓库（owner/name）"
        "或远程模型（openai:NAME、http://host/v1#NAME）。",
    ),
    (
        "There is no machine profile “{asked}”. Choose auto or one of {names}.",
        "没有机器配置“{asked}”。请选择 auto 或 {names} 之一。",
    ),
    (
        "I know no {what} “{asked}”. Name a folder that is here or a hub repository (owner/name).",
        "没有{what}模型“{asked}”。请指定本地文件夹或模型库中的仓库（owner/name）。",
    ),
    ("{model} is a model for {kind}, not for {what}.", "{model} 是用于{kind}的模型，不能用于{what}。"),
    (
        "A model for {what} cannot be a remote one. Name a profile, a folder or none.",
        "用于{what}的模型不能是远程的。请指定配置、文件夹或 none。",
    ),
    (
        "A folder cannot be given for {what}. Choose one that `python app.py weights list` names.",
        "{what}不能用文件夹。请选择 `python app.py weights list` 列出的模型。",
    ),
    (
        "{folder} holds no Whisper model: I look for a model.bin with its config.json (faster-whisper) or one .pt file "
        "(openai-whisper).",
        "{folder} 中没有 Whisper 模型：需要 model.bin 及其 config.json（faster-whisper），"
        "或一个 .pt 文件（openai-whisper）。",
    ),
    (
        "{folder} holds no embedding model that I can read: {name} is missing.",
        "{folder} 中没有我能读的嵌入模型：缺少 {name}。",
    ),
    (
        "{folder} pools by its first token, which I do not do yet. Choose another model.",
        "{folder} 按第一个词元汇总，我还做不到。请选择另一个模型。",
    ),
    (
        "{model} is no cross-encoder with one score. Choose another one for rerank, or none.",
        "{model} 不是只给一个分数的交叉编码器。请为重新排序另选一个，或选择不用。",
    ),
    (
        "{model} does not transcribe speech. Choose a Whisper model for --speech.",
        "{model} 不能转写语音。请为 --speech 选择 Whisper 模型。",
    ),
    (
        "Whisper knows no language called “{code}”. Give a two-letter code such as en or zh.",
        "Whisper 没有语言“{code}”。请给出两个字母的代码，例如 en 或 zh。",
    ),
    (
        "“{text}” names no server. Write openai:NAME or http://host/v1#NAME.",
        "“{text}”不是服务器。请写 openai:NAME 或 http://host/v1#NAME。",
    ),
    (
        "I know no provider called “{provider}”. Write provider:model, as in openai:gpt-5.2.",
        "没有名为“{provider}”的提供方。请写成 provider:model，例如 openai:gpt-5.2。",
    ),
    (
        "The server at {host} does not say which models it has. Name one after #: {host}#model.",
        "{host} 的服务器没有说明有哪些模型。请在 # 后写出一个：{host}#model。",
    ),
    ("No model is called “{name}”. There are: {names}.", "没有名为“{name}”的模型。现有：{names}。"),
    (
        "There is no way of fusing called “{name}”. Choose concatenation, weights or attention.",
        "没有名为“{name}”的融合方式。请选择 concatenation、weights 或 attention。",
    ),
    ("{variable} must be {what}, not “{text}”.", "{variable} 须为{what}，而不是“{text}”。"),
    (
        "Port {number} does not exist. Choose one from 1 to 65535.",
        "端口 {number} 不存在。请选择 1 到 65535 之间的一个。",
    ),
    (
        "“{text}” is no address of a page. Write origins as https://medley.example.org.",
        "“{text}”不是网页地址。请把 origins 写成 https://medley.example.org 这样。",
    ),
    # why a model does not answer
    ("{model} cannot look at pictures.", "{model} 不能看图片。"),
    (
        "Video cannot be prepared without torchvision; send its frames as pictures.",
        "没有 torchvision 就无法处理视频；请把画面作为图片提供。",
    ),
    (
        "{model} cannot look at pictures. Choose a model that sees images (--llm).",
        "{model} 不能看图片。请选择能看图片的模型（--llm）。",
    ),
    ("{model} does not take a conversation of this form: {trouble}", "{model} 不接受这种形式的对话：{trouble}"),
    ("{model} failed while answering: {trouble}", "{model} 在回答时出错：{trouble}"),
    (
        "This is too long for {model}: {count} tokens, and it takes {most} with the answer. Ask about less at once.",
        "这对 {model} 来说太长：{count} 个词元，而它连同回答最多 {most} 个。请一次少问一些。",
    ),
    (
        "{model} ran out of memory on this question. Ask about less at once, or choose a smaller model (--llm).",
        "{model} 处理这个问题时内存不足。请一次少问一些，或选择更小的模型（--llm）。",
    ),
    (
        "{model} ran out of memory on this question. Ask about less at once.",
        "{model} 处理这个问题时内存不足。请一次少问一些。",
    ),
    ("{model} said nothing about {name}. Ask again.", "{model} 对 {name} 什么也没说。请再问一次。"),
    ("Reading the text in {name} failed. Try a smaller picture.", "读取 {name} 中的文字失败。请换一张小一些的图片。"),
    ("The speech model failed on this recording. Try a shorter one.", "语音模型处理这段录音时出错。请换一段短一些的。"),
    (
        "{model} is not known to see pictures. If it does, add +images to its name.",
        "不知道 {model} 能否看图片。如果能，请在名称后加 +images。",
    ),
    (
        "{model} wants a key: set {variable} or MEDLEY_API_KEY.",
        "{model} 需要密钥：请设置 {variable} 或 MEDLEY_API_KEY。",
    ),
    (
        "openai wants a key. Set OPENAI_API_KEY or MEDLEY_API_KEY.",
        "openai 需要密钥。请设置 OPENAI_API_KEY 或 MEDLEY_API_KEY。",
    ),
    ("{model} needs a package: pip install {package}.", "{model} 需要一个软件包：pip install {package}。"),
    ("{model} broke off in the middle of its answer.", "{model} 在回答中途断开了。"),
    ("{model} failed: {trouble}", "{model} 出错：{trouble}"),
    (
        "{model} did not answer within {seconds} seconds. Try again, or allow more time.",
        "{model} 在 {seconds} 秒内没有回答。请再试一次，或允许更长时间。",
    ),
    (
        "{model} cannot be reached. Check that it runs, the address and the network.",
        "无法连接 {model}。请检查它是否在运行，以及地址和网络。",
    ),
    (
        "{model} refuses the key. Check the one in the environment (MEDLEY_API_KEY).",
        "{model} 拒绝了密钥。请检查环境变量中的密钥（MEDLEY_API_KEY）。",
    ),
    ("{model} is not there. Check the model's name and the address.", "没有 {model}。请检查模型名称和地址。"),
    ("{model} takes no more requests for now. Try again {when}.", "{model} 暂时不再接受请求。请{when}再试。"),
    ("{model} has a problem of its own ({status}). Try again later.", "{model} 自身出了问题（{status}）。请稍后再试。"),
    ("{model} refused the request ({status}): {trouble}", "{model} 拒绝了请求（{status}）：{trouble}"),
    ("{server} gave vectors that are missing or empty.", "{server} 给出的向量缺失或为空。"),
    ("{server} does not answer as an embedding server does.", "{server} 的回应不像嵌入服务器。"),
)

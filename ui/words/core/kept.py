"""What the core says about what is kept: originals, conversations, libraries, jobs of filing, web pages."""

KEPT: tuple[tuple[str, str], ...] = (
    # folders and disks
    (
        "There is no room left on this machine's disk for {name}. Whoever runs this Medley must make some: its log "
        "says where. Then try again.",
        "这台机器的磁盘空间不足，无法保存 {name}。请运行此 Medley 的人腾出空间（其日志写明位置），然后再试。",
    ),
    (
        "I cannot keep {name} on this machine. Whoever runs this Medley finds in its log why.",
        "无法在这台机器上保存 {name}。运行此 Medley 的人可在其日志中查明原因。",
    ),
    (
        "The {holds} could not be {done}. If this goes on, whoever runs this Medley finds in its log which folder to "
        "move away before the next start: an empty one is made.",
        "所保存的内容无法读写。如果一直这样，运行此 Medley 的人可在其日志中看到应移走哪个文件夹，"
        "然后重新启动：会新建一个空的。",
    ),
    ("I cannot remove what you handed over: {trouble}.", "无法删除您提供的内容：{trouble}。"),
    (
        "Another Medley is using this library. If its page is open, add and remove files there, under Libraries. Else "
        "stop it, or give this one its own folder with --data.",
        "另一个 Medley 正在使用这个资料库。如果它的页面开着，请在那里的资料库中添加或删除文件；"
        "否则请停止它，或用 --data 为这一个指定文件夹。",
    ),
    # conversations
    ("There is no such conversation. It may have been deleted.", "没有这个对话。它可能已被删除。"),
    ("There is no such turn. Its conversation may have been deleted.", "没有这一轮。它的对话可能已被删除。"),
    ("Give the conversation a title of at least one letter.", "请给对话起一个至少有一个字的标题。"),
    ("{name} is no archive of a conversation that I know.", "{name} 不是我认识的对话归档。"),
    (
        "Something went wrong inside the program while it answered, and the rest of the answer is lost. Ask again.",
        "程序在回答时出了问题，回答的其余部分已丢失。请再问一次。",
    ),
    ("{name} is not kept any more. Hand it over again with your question.", "{name} 已不再保存。请连同问题重新提供。"),
    ("{name}, which you gave earlier, is not kept any more.", "您先前提供的 {name} 已不再保存。"),
    ("I cannot tell whose this is. Load the page anew.", "无法判断这属于谁。请重新加载页面。"),
    ("This is not here any more.", "这里已经没有它了。"),
    (
        "These words were kept, and what they stood on cannot be read any more: the file of your history is damaged.",
        "这些文字保存了下来，但它们的依据已无法读取：您的历史文件已损坏。",
    ),
    ("There is nothing in this conversation yet that could be shared.", "这个对话中还没有可以分享的内容。"),
    ("There is no such shared copy. It may have been withdrawn.", "没有这份分享的副本。它可能已被撤回。"),
    # commands
    (
        "There is no command /{name}. There are: {names}. What begins with two slashes is no command.",
        "没有命令 /{name}。现有：{names}。以两个斜杠开头的不是命令。",
    ),
    ("There is no command /{name} of your own.", "您没有自己的命令 /{name}。"),
    ("There is no file {name} in this conversation. There are: {names}.", "这个对话中没有文件 {name}。现有：{names}。"),
    (
        "Give the command a name of letters, digits and dashes, such as /minutes.",
        "请给命令起一个由字母、数字和连字符组成的名称，例如 /minutes。",
    ),
    ("The preset {name}{ending} is empty.", "预设 {name}{ending} 是空的。"),
    ("The preset {name} is longer than {most} characters.", "预设 {name} 超过 {most} 个字符。"),
    ("The preset {name} cannot be read as text.", "预设 {name} 不能作为文本读取。"),
    ("The preset {name}{ending} cannot be filled in: {trouble}.", "预设 {name}{ending} 无法填写：{trouble}。"),
    ("{name}{ending} cannot be kept in {folder}: {trouble}.", "{name}{ending} 无法保存到 {folder}：{trouble}。"),
    (
        "{name}{ending} is no name for a command: it takes letters, digits and dashes.",
        "{name}{ending} 不能作为命令名称：只能用字母、数字和连字符。",
    ),
    (
        "{name}{ending} says that it reads “{text}”. It can say: {names}.",
        "{name}{ending} 写明读取“{text}”。可以写：{names}。",
    ),
    # libraries and jobs
    (
        "The library has lost parts of {name}. Remove that file and add it again.",
        "资料库丢失了 {name} 的部分内容。请删除该文件后重新添加。",
    ),
    ("There is no library called {name}. {reason}", "没有名为 {name} 的资料库。{reason}"),
    ("There are: {names}.", "现有：{names}。"),
    ("There is none yet.", "还没有任何资料库。"),
    (
        "Your conversations were kept by a newer Medley (version {number} of their file; this one knows {most}). Start "
        "the newer one, or give this one its own folder with --data.",
        "您的对话是由较新的 Medley 保存的（文件版本 {number}；这一个只认识 {most}）。"
        "请启动较新的那个，或用 --data 为这一个指定文件夹。",
    ),
    ("That library does not exist any more.", "该资料库已不存在。"),
    ("A library needs a name of 1 to {most} characters.", "资料库的名称须为 1 到 {most} 个字符。"),
    ("There is a library called {name} already. Choose another name.", "已有名为 {name} 的资料库。请另选名称。"),
    ("There are no files there (hidden ones and links are left out).", "那里没有文件（隐藏文件和链接不计）。"),
    ("There are no files to add.", "没有要添加的文件。"),
    ("There is no text to add.", "没有要添加的文字。"),
    ("There is no file or folder {path}. Check the name and try again.", "没有文件或文件夹 {path}。请检查名称后再试。"),
    ("There is no file {name} any more. Add it again.", "文件 {name} 已不存在。请重新添加。"),
    ("There is no file {name} any more.", "文件 {name} 已不存在。"),
    ("There is no such job.", "没有这个任务。"),
    ("No file of this job waits for a password.", "这个任务中没有等待密码的文件。"),
    ("These files are still being added. Cancel that first.", "这些文件还在添加中。请先取消。"),
    (
        "Everything given to {library} is in. Name files or folders to add more.",
        "{library} 的文件都已添加。要添加更多，请指定文件或文件夹。",
    ),
    ("Something unexpected went wrong; the log has it whole.", "出现了意料之外的问题；日志中有完整记录。"),
    ("Reading the library anew for another embedding model", "正在为另一个嵌入模型重新读取资料库"),
    # web pages
    (
        "I fetch web pages only when that is allowed, with --web-pages or MEDLEY_WEB_PAGES=yes.",
        "只有用 --web-pages 或 MEDLEY_WEB_PAGES=yes 允许时，我才获取网页。",
    ),
    (
        "{host} keeps sending me somewhere else. Check the address in a browser.",
        "{host} 一直转到别处。请在浏览器中检查地址。",
    ),
    (
        "That is no web address that I fetch. It should look like https://example.org/page.",
        "我不获取这样的网址。它应类似 https://example.org/page。",
    ),
    (
        "That is no web address. It should look like https://example.org/page.",
        "这不是网址。它应类似 https://example.org/page。",
    ),
    (
        "{host} is not on the public internet, so I do not fetch from it.",
        "{host} 不在公共互联网上，所以我不从那里获取。",
    ),
    ("There is no host called {host}. Check the address.", "没有名为 {host} 的主机。请检查地址。"),
    (
        "{host} answered with {status}. Check the address in a browser.",
        "{host} 的回应是 {status}。请在浏览器中检查地址。",
    ),
    ("{host} does not answer. Check the address, or try again later.", "{host} 没有回应。请检查地址，或稍后再试。"),
    (
        "The page is larger than {most} MB. Save a part of it as a file.",
        "该网页超过 {most} MB。请把其中一部分存为文件。",
    ),
    ("{host} takes longer than {most} s. Try again later.", "{host} 的回应超过 {most} 秒。请稍后再试。"),
)

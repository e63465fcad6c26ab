"""The words of the libraries' room: what is kept in named libraries, what is being added, what went wrong."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LibraryWords:
    """Strings with {names} are filled with `str.format`. steps: what happens to a file. media: kinds of file."""

    heading: str = "## Libraries"
    title: str = "Libraries"
    introduction: str = "Files to ask about again and again. Choose in the chat which libraries an answer may use."
    new: str = "Name of a new library"
    make: str = "Make"
    none_yet: str = "There is no library yet. Give one a name to make it."
    choose: str = "Choose a library to see its files and to add some."
    files_none: str = "empty"
    files_one: str = "1 file"
    files: str = "{count} files"
    adding_short: str = "adding {done} of {count}"

    rename: str = "Rename"
    new_name: str = "New name of the library"
    save: str = "Save"
    remove: str = "Remove"
    remove_file: str = "Remove {name}"
    remove_library_ask: str = "Remove the library {name} with everything in it? This cannot be undone."
    remove_file_ask: str = "Remove {name} from {library}? This cannot be undone."
    keep: str = "Keep"

    drop: str = "Add files, or drop a folder here"
    folder: str = "Add a folder"
    replace: str = "A file of the same name is replaced"
    paste: str = "Paste text"
    text_name: str = "Name of the text"
    text: str = "Text"
    add_text: str = "Add the text"
    address: str = "Web page"
    address_label: str = "Address of a web page to fetch and add"
    add_address: str = "Fetch"

    jobs: str = "Adding"
    adding_one: str = "Adding 1 file"
    adding: str = "Adding {count} files"
    added: str = "{filed} of {count} added"
    same: str = "{count} in already"
    failed: str = "{count} not readable"
    locked: str = "{count} locked"
    paused: str = "Paused"
    cancelled: str = "Cancelled"
    done: str = "Done"
    waiting: str = "Waiting"
    progress: str = "Share done"
    pause: str = "Pause"
    resume: str = "Go on"
    cancel: str = "Cancel"
    dismiss: str = "Clear"
    at_file: str = "{step}: {file}"
    at_page: str = "{step}: {file}, page {page} of {pages}"
    steps: dict[str, str] = field(
        default_factory=lambda: {
            "": "Reading",
            "loading": "Loading",
            "listening": "Listening",
            "looking": "Looking",
            "reading": "Reading",
            "filing": "Filing",
        }
    )

    password: str = "Password of the locked files"
    password_note: str = (
        "It opens the files and is kept nowhere. If Medley is stopped before they are in, it is asked for again."
    )
    unlock: str = "Open"

    contents: str = "Files"
    find: str = "Find a file by its name"
    found_none: str = "No file here is called that."
    empty: str = "This library is empty. Add files above."
    more: str = "{count} more; find them by their name."
    pages_one: str = "1 page"
    pages: str = "{count} pages"
    read: str = "read"
    ocr_one: str = "1 page by OCR"
    ocr: str = "{count} pages by OCR"
    unread_one: str = "1 page not read"
    unread: str = "{count} pages not read"
    notes: str = "notes"
    media: dict[str, str] = field(
        default_factory=lambda: {"text": "Text", "image": "Picture", "audio": "Sound", "video": "Video"}
    )

    unexpected: str = "Something went wrong that I did not expect; the log has the details under the number {number}."


ENGLISH = LibraryWords()

CHINESE = LibraryWords(
    heading="## 资料库",
    title="资料库",
    introduction="存放需要反复查询的文件。回答可以使用哪些资料库，在对话中选择。",
    new="新资料库的名称",
    make="新建",
    none_yet="还没有资料库。起个名称就可以新建。",
    choose="选择一个资料库，查看其中的文件或添加文件。",
    files_none="空",
    files_one="1 个文件",
    files="{count} 个文件",
    adding_short="正在添加 {done}/{count}",
    rename="重命名",
    new_name="资料库的新名称",
    save="保存",
    remove="删除",
    remove_file="删除 {name}",
    remove_library_ask="删除资料库 {name} 及其全部内容？此操作无法撤销。",
    remove_file_ask="从 {library} 中删除 {name}？此操作无法撤销。",
    keep="保留",
    drop="添加文件，或把文件夹拖放到这里",
    folder="添加文件夹",
    replace="替换同名文件",
    paste="粘贴文字",
    text_name="文字的名称",
    text="文字",
    add_text="添加文字",
    address="网页",
    address_label="要获取并添加的网页地址",
    add_address="获取",
    jobs="添加",
    adding_one="添加 1 个文件",
    adding="添加 {count} 个文件",
    added="已添加 {filed}/{count}",
    same="{count} 个已有",
    failed="{count} 个无法读取",
    locked="{count} 个已加锁",
    paused="已暂停",
    cancelled="已取消",
    done="完成",
    waiting="等待中",
    progress="完成比例",
    pause="暂停",
    resume="继续",
    cancel="取消",
    dismiss="清除",
    at_file="{step}：{file}",
    at_page="{step}：{file}，第 {page}/{pages} 页",
    steps={
        "": "阅读",
        "loading": "加载",
        "listening": "听录音",
        "looking": "看图片",
        "reading": "阅读",
        "filing": "入库",
    },
    password="加锁文件的密码",
    password_note="密码只用来打开文件，不会保存在任何地方。如果文件入库之前 Medley 停止，会再次询问。",
    unlock="打开",
    contents="文件",
    find="按名称查找文件",
    found_none="这里没有这个名称的文件。",
    empty="这个资料库是空的。请在上面添加文件。",
    more="还有 {count} 个；请按名称查找。",
    pages_one="1 页",
    pages="{count} 页",
    read="已阅读",
    ocr_one="1 页经 OCR 识别",
    ocr="{count} 页经 OCR 识别",
    unread_one="1 页未能读取",
    unread="{count} 页未能读取",
    notes="说明",
    media={"text": "文字", "image": "图片", "audio": "声音", "video": "视频"},
    unexpected="出现了意料之外的问题；日志中编号 {number} 处有详细信息。",
)

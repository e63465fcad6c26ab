"""The words of the chat: the box, the answer and what the model received, and the evidence beside it."""

from dataclasses import dataclass, field

from ui.words import Language


@dataclass(frozen=True)
class Words:
    """Strings with {names} are filled with `str.format`. steps: the names of the parts of the work."""

    language: Language = "en"
    new: str = "New conversation"
    chat: str = "Conversation"
    box: str = "Your question"
    placeholder: str = "Ask, or add a file"
    voice: str = "Ask by voice"
    welcome: str = (
        "## What would you like to know?\n"
        "Type or say a question. Hand over documents, pictures and recordings to ask about: "
        "the answer shows where each claim comes from."
    )

    working: str = "Working"
    waiting: str = "Waiting for the previous answer to end"
    received: str = "What the model received"
    step_seconds: str = "{step}: {seconds:.1f} s"
    steps: dict[str, str] = field(
        default_factory=lambda: {
            "loading": "Loading",
            "listening": "Listening",
            "looking": "Looking",
            "reading": "Reading",
            "searching": "Searching",
            "answering": "Answering",
            "checking": "Checking",
            "filing": "Filing",
            "understanding": "Understanding the request",
            "waiting for models": "Waiting for models",
            "first word": "Until the first word",
            "whole turn": "Altogether",
        }
    )

    heard: str = "Heard: “{words}”"
    question: str = "Question as understood: “{words}”"
    files: str = "Files"
    pages_one: str = "1 page"
    pages: str = "{count} pages"
    seconds: str = "{seconds:.0f} s of sound"
    evidence: str = "Evidence, with its weight"
    media_weights: str = "Weight of each medium"
    prompt: str = "Prompt: {prompt} tokens · answer: {answer} tokens"
    pictures: str = "Pictures sent as pixels: {count}"
    picture: str = "Picture {number}: {name}"
    picture_earlier: str = "Earlier picture {number}: {name}"
    picture_frame: str = "{name} at {at}"
    picture_tiles: str = "{count} pieces of {size}"
    picture_sent: str = "{called}, {sent} of {given} pixels, {tokens} tokens"
    history: str = "Earlier turns sent along: {count}"
    notes: str = "Notes"
    models: str = "Models"
    times: str = "Time"
    media: dict[str, str] = field(
        default_factory=lambda: {"text": "text", "image": "picture", "audio": "sound", "video": "video"}
    )

    sources: str = "Sources"
    previous: str = "Previous"
    next: str = "Next"
    close: str = "Close"
    enlarge: str = "Enlarge"
    growing: str = "Still being taken in"
    growing_percent: str = "{name}: {percent} % taken in"
    growing_hearing: str = "heard {at} of {of}"
    growing_watching: str = "all heard, looked at {at} of {of}"
    growing_seconds: str = "about {count} s left"
    growing_minutes: str = "about {count} min left"
    leave_rest: str = "Leave the rest"
    download: str = "Download the original"
    film_at: str = "{source}, the picture at {place}"
    not_played: str = "Browsers do not play this kind of film. This is its picture at that moment"
    not_played_sound: str = ", and its sound from there on"
    full_stop: str = "."
    picture_of: str = "{source}, {place}, with the words meant marked"
    not_kept: str = "The file itself is not kept here; these are the words that were read in it."
    evidence_gone: str = "This source belongs to a conversation that is over."
    unsupported: str = "† Nothing you gave supports this sentence."
    seen: str = (
        "What is said of a picture is what the model saw in it: its source opens the picture, and no text was compared."
    )
    not_grounded: str = "This comes from the model itself: nothing you gave supports it."
    seen_or_itself: str = (
        "No text that you gave supports this: it is what the model saw in the pictures, or it comes from the model "
        "itself."
    )
    another_script: str = (
        "What you gave is in another script. Where a sentence has no number, its words could not be compared with it."
    )
    stopped: str = "Stopped."
    nothing_said: str = "The model gave no answer."

    your_voice: str = "Your recording"
    interrupted: str = "Interrupted: the program ended before the answer did."
    answered_elsewhere: str = "This is being answered in another window."
    branch: str = "Version {number} of {count}"
    branch_previous: str = "Previous version"
    branch_next: str = "Next version"
    pin_picture: str = "Keep in view"
    pinned_picture: str = "Kept in view; press to let it go"
    drop_picture: str = "Forget this picture"
    dropped_picture: str = "Forgotten; press to remember it again"
    earlier: str = "Show the {count} turns before"
    edit: str = "Edit the question"
    undo: str = "Take the question back"
    editing: str = "What you send takes the place of your question; its files stay with it. The old version is kept."
    cancel: str = "Cancel"
    copy: str = "Copy the answer"
    read_aloud: str = "Read aloud"
    stop_reading: str = "Stop reading"
    save_sound: str = "Save as sound"
    save_file: str = "Save {name}"
    retry: str = "Answer again"
    go_on: str = "Continue"
    go_on_asked: str = "Continue where you stopped."
    like: str = "Good answer"
    dislike: str = "Bad answer"
    judged: str = "{verdict}: taken back by pressing again"
    why_liked: str = "What was good about it?"
    why_disliked: str = "What was wrong with it?"
    send: str = "Send"
    thanks: str = "Thank you. It is kept with the conversation."
    photo: str = "Take a photo"
    photo_taken: str = "Take the picture"
    no_camera: str = "There is no camera here, or the browser does not let me use it."
    libraries: str = "Libraries that may be searched"
    menu: str = "Conversations"
    commands: str = "Commands"
    look: str = "Files to be sent"
    locked: str = "is locked with a password; you will be asked for it"
    kilobytes: str = "{size:.0f} kB"
    megabytes: str = "{size:.1f} MB"
    lasting: str = "{minutes}:{seconds:02d}"
    shown_whole: str = "as you handed it over"
    file_gone: str = "This file is not kept any more."

    password: str = "Password of the file"
    unlock: str = "Open"

    unexpected: str = (
        "Something went wrong that I did not expect, so there is no answer. You can ask again; the log has the "
        "details under the number {number}."
    )
    still_answering: str = "I am still answering. Press Stop to end that, then ask again."
    port_taken: str = "Port {port} on {host} is taken, or not ours to use. Choose another one with --port."


ENGLISH = Words()

CHINESE = Words(
    language="zh",
    new="新对话",
    chat="对话",
    box="您的问题",
    placeholder="提问，或添加文件",
    voice="语音提问",
    welcome="## 您想了解什么？\n输入或说出问题，交来文档、图片和录音：回答会指明每个说法出自哪里。",
    working="处理中",
    waiting="正在等待上一个回答结束",
    received="模型收到的内容",
    step_seconds="{step}：{seconds:.1f} 秒",
    steps={
        "loading": "加载",
        "listening": "听录音",
        "looking": "看图片",
        "reading": "阅读",
        "searching": "检索",
        "answering": "回答",
        "checking": "核对",
        "filing": "归档",
        "understanding": "理解请求",
        "waiting for models": "等待模型",
        "first word": "到第一个字",
        "whole turn": "总计",
    },
    heard="听到：“{words}”",
    question="理解的问题：“{words}”",
    files="文件",
    pages_one="1 页",
    pages="{count} 页",
    seconds="{seconds:.0f} 秒声音",
    evidence="依据及其权重",
    media_weights="各媒介的权重",
    prompt="提示：{prompt} 个词元 · 回答：{answer} 个词元",
    pictures="以像素发送的图片：{count}",
    picture="图片 {number}：{name}",
    picture_earlier="先前的图片 {number}：{name}",
    picture_frame="{name} 在 {at} 的画面",
    picture_tiles="{count} 块 {size}",
    picture_sent="{called}，{sent}（原为 {given} 像素），{tokens} 个词元",
    history="一并发送的先前对话：{count} 轮",
    notes="说明",
    models="模型",
    times="用时",
    media={"text": "文字", "image": "图片", "audio": "声音", "video": "视频"},
    sources="来源",
    previous="上一个",
    next="下一个",
    close="关闭",
    enlarge="放大",
    growing="仍在读取",
    growing_percent="{name}：已读取 {percent}%",
    growing_hearing="已听 {at}，全长 {of}",
    growing_watching="已全部听完，画面看到 {at}，全长 {of}",
    growing_seconds="约剩 {count} 秒",
    growing_minutes="约剩 {count} 分钟",
    leave_rest="不再继续",
    download="下载原文件",
    film_at="{source}，{place} 处的画面",
    not_played="浏览器无法播放这种视频。这是那一刻的画面",
    not_played_sound="，以及从那里开始的声音",
    full_stop="。",
    picture_of="{source}，{place}，所指文字已标出",
    not_kept="这里没有保存文件本身；以下是从中读到的文字。",
    evidence_gone="这个来源属于一个已经结束的对话。",
    unsupported="† 您提供的内容中没有支持这句话的依据。",
    seen="关于图片的说法是模型所看到的：来源会打开图片，没有与文字核对。",
    not_grounded="这出自模型本身：您提供的内容中没有依据。",
    seen_or_itself="您提供的文字中没有依据：这是模型在图片中看到的，或出自模型本身。",
    another_script="您提供的内容使用另一种文字。没有编号的句子无法与原文逐字核对。",
    stopped="已停止。",
    nothing_said="模型没有给出回答。",
    your_voice="您的录音",
    interrupted="已中断：程序在回答完成之前结束了。",
    answered_elsewhere="另一个窗口正在回答这个问题。",
    branch="第 {number} 个版本，共 {count} 个",
    branch_previous="上一个版本",
    branch_next="下一个版本",
    pin_picture="一直看着这张图片",
    pinned_picture="一直看着；再按一次则不再",
    drop_picture="忘掉这张图片",
    dropped_picture="已忘掉；再按一次则记起",
    earlier="显示之前的 {count} 轮",
    edit="修改问题",
    undo="收回问题",
    editing="您发送的内容会取代原来的问题，原有文件保留。旧版本仍会保存。",
    cancel="取消",
    copy="复制回答",
    read_aloud="朗读",
    stop_reading="停止朗读",
    save_sound="保存为声音文件",
    save_file="保存 {name}",
    retry="重新回答",
    go_on="继续",
    go_on_asked="请从停下的地方继续。",
    like="回答得好",
    dislike="回答得不好",
    judged="{verdict}：再按一次即可撤销",
    why_liked="好在哪里？",
    why_disliked="哪里不对？",
    send="发送",
    thanks="谢谢。它会与对话一起保存。",
    photo="拍照",
    photo_taken="拍下照片",
    no_camera="这里没有摄像头，或者浏览器不允许使用它。",
    libraries="可以检索的资料库",
    menu="对话列表",
    commands="命令",
    look="待发送的文件",
    locked="有密码保护；届时会请您输入密码",
    kilobytes="{size:.0f} kB",
    megabytes="{size:.1f} MB",
    lasting="{minutes}:{seconds:02d}",
    shown_whole="您交来的原样",
    file_gone="这个文件已不再保存。",
    password="文件密码",
    unlock="打开",
    unexpected="出现了意料之外的问题，因此没有回答。您可以再问一次；日志中编号 {number} 处有详细信息。",
    still_answering="我还在回答。请先按“停止”，再提问。",
    port_taken="{host} 的端口 {port} 已被占用，或不允许使用。请用 --port 另选一个。",
)

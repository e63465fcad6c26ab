"""The names that Gradio has in English alone: of its buttons for a screen reader, and of its messages."""

from dataclasses import dataclass

from ui.words import Language


@dataclass(frozen=True)
class AroundWords:
    """The English is what Gradio writes, letter for letter."""

    language: Language = "en"
    conversation: str = "chatbot conversation"
    box: str = "Multimedia input field"
    drop: str = "Click to upload or drop files"
    uploading: str = "Uploading"
    uploaded: str = "Uploaded files"
    file_upload: str = "File upload"
    upload: str = "Upload a file"
    upload_file: str = "Upload file"
    remove: str = "Remove file"
    remove_this: str = "Remove this file"
    record: str = "Record audio"
    record_start: str = "Start recording"
    record_stop: str = "Stop recording"
    attach: str = "Attach audio"
    pause: str = "pause"
    microphone: str = "Select input device"
    submit: str = "Submit"
    stop: str = "Stop"
    answering: str = "Loading response"
    close: str = "Close"
    whole_screen: str = "View full screen"
    volume: str = "Adjust volume"
    alert: str = "Dismiss"
    nothing: str = "Empty value"
    reset: str = "Reset to default value"
    asked: str = "user's message:"
    answered: str = "bot's message:"
    warning: str = "Warning"
    info: str = "Info"
    error: str = "Error"
    success: str = "Success"


ENGLISH = AroundWords()

CHINESE = AroundWords(
    language="zh",
    conversation="对话",
    box="提问框",
    drop="点击上传或拖入文件",
    uploading="正在上传",
    uploaded="已上传的文件",
    file_upload="文件上传",
    upload="上传文件",
    upload_file="上传文件",
    remove="移除文件",
    remove_this="移除此文件",
    record="录音",
    record_start="开始录音",
    record_stop="停止录音",
    attach="附上录音",
    pause="暂停",
    microphone="选择输入设备",
    submit="发送",
    stop="停止",
    answering="正在回答",
    close="关闭",
    whole_screen="全屏查看",
    volume="调节音量",
    alert="关闭通知",
    nothing="空",
    reset="恢复默认值",
    asked="您的话：",
    answered="回答：",
    warning="注意",
    info="提示",
    error="错误",
    success="完成",
)

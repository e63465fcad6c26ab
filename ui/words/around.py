"""The names that Gradio has in English alone: of its buttons for a screen reader, and of its messages."""

from dataclasses import dataclass

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class AroundWords:
    """The English is what Gradio writes, letter for letter."""

    language: Language = SOURCE
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

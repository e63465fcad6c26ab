"""The words of talking: the button that writes down what is said, the call, and what may be in their way."""

from dataclasses import dataclass, field

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class CallWords:
    """states: by the name that the page's script gives them. trouble: by what happened."""

    language: Language = SOURCE
    talk: str = "Ask by voice"
    reads: str = "you read the page in this"  # hints at a language and at no name, for who writes down speech
    call: str = "Call: talk hands-free"
    talking: str = "Asking by voice"
    calling: str = "Call"
    spoken: str = "I speak"
    spoken_any: str = "any language"
    spoken_en: str = "English"
    spoken_zh: str = "Chinese"
    review: str = "Let me correct it before it is sent"
    send: str = "Send"
    cancel: str = "Cancel"
    close: str = "Close"
    you: str = "You"
    answer: str = "Answer"
    mute: str = "Mute"
    hush: str = "Stop speaking"
    end: str = "End the call"
    states: dict[str, str] = field(
        default_factory=lambda: {
            "starting": "Starting the microphone",
            "recording": "Listening. Tap again to send; Escape cancels.",
            "writing": "Writing it down",
            "ready": "It is in the box: correct it, then send it.",
            "connecting": "Calling",
            "listening": "Listening",
            "hearing": "Hearing you",
            "thinking": "Thinking",
            "speaking": "Speaking",
            "reconnecting": "Reconnecting",
            "muted": "You are muted",
            "ended": "The call has ended",
        }
    )
    trouble: dict[str, str] = field(
        default_factory=lambda: {
            "refused": (
                "The browser does not let me use the microphone. Allow it for this page, with the sign beside the "
                "address or in the browser's settings, then try again."
            ),
            "none": "There is no microphone here. Connect one and try again, or type your question.",
            "busy": "Another program is using the microphone. Close it, then try again.",
            "insecure": (
                "Browsers give a microphone only to pages that come over https, or from this machine itself. Open this "
                "page with an https address, or as http://localhost, or type your question."
            ),
            "unsupported": "This browser cannot record sound on a page. Update it, use another one, or type.",
            "failed": "The microphone could not be started. Load the page anew and try again.",
            "background": (
                "The browser pauses sound while this page is in the background or the screen is locked. Come back to "
                "it, and the call goes on."
            ),
            "paused": "The browser has paused the sound. Tap here to go on.",
            "taken": "The microphone was taken away. Connect it again, then call again.",
            "silent": "No sound comes from the microphone. See whether it is switched off or muted.",
            "nothing": "I heard no words. Say it again closer to the microphone, or type it.",
            "lost": "The connection was lost for too long, so the call has ended. Its turns are kept. Call again.",
            "unreachable": "The server does not answer. See whether it is still running, then try again.",
            "crowded": "There are as many calls as this server takes. End another one, or try again later.",
            "hostile": "The server ended the call because it did not understand this page. Load the page anew.",
        }
    )


ENGLISH = CallWords()

"""The words of talking: the button that writes down what is said, the call, and what may be in their way."""

from dataclasses import dataclass, field

from ui.words import Language


@dataclass(frozen=True)
class CallWords:
    """states: by the name that the page's script gives them. trouble: by what happened."""

    language: Language = "en"
    talk: str = "Ask by voice"
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

CHINESE = CallWords(
    language="zh",
    talk="语音提问",
    call="通话：免手动交谈",
    talking="语音提问",
    calling="通话",
    spoken="我说",
    spoken_any="任何语言",
    spoken_en="英语",
    spoken_zh="中文",
    review="发送前让我修改",
    send="发送",
    cancel="取消",
    close="关闭",
    you="您",
    answer="回答",
    mute="静音",
    hush="别说了",
    end="结束通话",
    states={
        "starting": "正在打开麦克风",
        "recording": "正在听。再点一下即发送，按 Esc 键取消。",
        "writing": "正在记下",
        "ready": "文字已在输入框中：修改后发送。",
        "connecting": "正在接通",
        "listening": "正在听",
        "hearing": "听到您在说话",
        "thinking": "正在思考",
        "speaking": "正在说话",
        "reconnecting": "正在重新连接",
        "muted": "您已静音",
        "ended": "通话已结束",
    },
    trouble={
        "refused": "浏览器不允许使用麦克风。请点击地址旁的图标或在浏览器设置中允许本页使用，然后重试。",
        "none": "这里没有麦克风。请接上一个再试，或输入您的问题。",
        "busy": "另一个程序正在使用麦克风。请先关闭它，然后重试。",
        "insecure": (
            "浏览器只允许通过 https 打开的页面或本机页面使用麦克风。"
            "请用 https 地址或 http://localhost 打开本页，或者直接输入。"
        ),
        "unsupported": "此浏览器无法在页面上录音。请更新浏览器、换一个浏览器，或直接输入。",
        "failed": "无法打开麦克风。请重新加载页面后再试。",
        "background": "页面在后台或屏幕锁定时，浏览器会暂停声音。回到本页，通话就会继续。",
        "paused": "浏览器暂停了声音。点击此处继续。",
        "taken": "麦克风断开了。请重新接上，然后再次呼叫。",
        "silent": "麦克风没有声音。请检查它是否被关闭或静音。",
        "nothing": "没有听到话语。请靠近麦克风再说一次，或直接输入。",
        "lost": "连接中断太久，通话已结束。已有的对话都已保存。请再次呼叫。",
        "unreachable": "服务器没有回应。请确认它仍在运行，然后重试。",
        "crowded": "服务器上的通话已达上限。请先结束一个通话，或稍后再试。",
        "hostile": "服务器无法理解本页发送的内容，通话已结束。请重新加载页面。",
    },
)

"""What is said while somebody talks: calls and dictations."""

CALLS: tuple[tuple[str, str], ...] = (
    ("There is no voice on this machine, so answers are only written.", "这台机器上没有语音，因此回答只以文字显示。"),
    (
        "I could not hear that because the speech model failed. Say it again.",
        "语音模型出错，没有听到您的话。请再说一遍。",
    ),
    (
        "Something went wrong inside the program, and there is no answer to that. Say it again.",
        "程序内部出错，没有得到回答。请再说一遍。",
    ),
    (
        "I could not write that down because the speech model failed. Say it again, or type it.",
        "语音模型出错，没能记下您的话。请再说一遍，或直接输入。",
    ),
    (
        "The page was away for too long, so I hung up. Call again.",
        "页面离开太久，通话已挂断。请再次呼叫。",
    ),
    (
        "This call has lasted as long as calls may here, so I hung up. Call again to go on.",
        "通话已达到这里允许的最长时间，因此已挂断。请再次呼叫以继续。",
    ),
    (
        "Nothing was said for a while and others are waiting to call, so I hung up. Call again to go on.",
        "有一段时间没有说话，而其他人正在等待呼叫，因此已挂断。请再次呼叫以继续。",
    ),
)

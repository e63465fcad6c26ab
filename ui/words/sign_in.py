"""The words of the button for signing in. Gradio takes them as they are, so each names both languages."""

from dataclasses import dataclass

from ui.words import Language


@dataclass(frozen=True)
class SignInWords:
    """sign_out is filled by Gradio with the name of who has signed in."""

    language: Language = "en"
    sign_in: str = "Sign in · 登录 (Hugging Face)"
    sign_out: str = "Sign out · 退出 ({})"


ENGLISH = SignInWords()

CHINESE = SignInWords(language="zh", sign_in="登录 · Sign in (Hugging Face)", sign_out="退出 · Sign out ({})")

"""The words of the button for signing in. Gradio takes them as they are, so each names both languages."""

from dataclasses import dataclass

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class SignInWords:
    """sign_out is filled by Gradio with the name of who has signed in."""

    language: Language = SOURCE
    sign_in: str = "Sign in · 登录 (Hugging Face)"
    sign_out: str = "Sign out · 退出 ({})"


ENGLISH = SignInWords()

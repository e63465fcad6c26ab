"""Signing in on a Hugging Face Space, where its owner has switched that on; nowhere else is there such a button.

A Space with `hf_oauth: true` in its front matter gets the variables below. Elsewhere Gradio would sign the session
with a secret that everybody knows, so no session is believed there.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ui.words.sign_in import ENGLISH

if TYPE_CHECKING:
    import gradio as gr

_NEEDED = ("SPACE_ID", "SPACE_HOST", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES")


def can_sign_in(environment: Mapping[str, str]) -> bool:
    """Whether the hub lets people sign in here, and the packages for that are installed."""
    on_space = environment.get("SYSTEM") == "spaces" and all(environment.get(name) for name in _NEEDED)
    return on_space and find_spec("authlib") is not None and find_spec("itsdangerous") is not None


def sign_in_button(environment: Mapping[str, str]) -> "gr.LoginButton | None":
    """To be made within the page's Blocks; None where nobody can sign in.

    Its script compares what it says with what it said first, so that is a plain string in both languages.
    """
    if not can_sign_in(environment):
        return None
    import gradio as gr

    return gr.LoginButton(ENGLISH.sign_in, ENGLISH.sign_out, size="sm", variant="secondary", elem_id="sign-in")


def signed_in(request: Any, now: float) -> str:
    """The name of who has signed in with the hub; "" where nobody has, or it was too long ago. now: seconds."""
    scope = getattr(getattr(request, "request", None), "scope", None)
    session = scope.get("session") if isinstance(scope, dict) else None
    told = session.get("oauth_info") if isinstance(session, dict) else None
    if not isinstance(told, dict) or float(told.get("expires_at") or now + 1) < now:
        return ""
    return str((told.get("userinfo") or {}).get("preferred_username") or "")

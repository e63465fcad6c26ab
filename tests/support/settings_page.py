"""The settings panel on a page of its own, over tiny models, served by a process of its own.

    python -m tests.support.settings_page PORT FOLDER [shared]

In FOLDER/models lie the tiny models "one" and "two"; what is deleted is written into FOLDER/deleted.
"""

import sys
from pathlib import Path

import gradio
from starlette.middleware import Middleware

from assistant.answering.commands import Presets
from assistant.models.lazy import load_in_background
from assistant.ports.named_libraries import LibraryInfo
from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.setup.settings_service import SettingsService
from tests.support.weights_servers import Index, toy_wheels, weights_in
from ui import settings_look, theme
from ui.chosen_language import ChosenLanguage
from ui.owner import COOKIE_SCRIPT, OwnerOf
from ui.settings_panel import settings_panel
from ui.words import i18n, labels
from ui.words.settings import SettingsWords

LOOK = """
.gradio-container { height: 100dvh; min-height: 0 !important; padding: 0 !important; }
.gradio-container > .main, .gradio-container > .main > .wrap, main.contain, main.contain > .column {
    flex: 1 1 0 !important; min-height: 0; }
footer { display: none !important; }
"""


class OneNamedLibrary:
    """NamedLibraries with one library, of whoever asks."""

    def __init__(self) -> None:
        self.removed = False

    def libraries(self, owner: str) -> list[LibraryInfo]:
        return [] if self.removed else [LibraryInfo("a1", owner, "Plant", 3)]

    def remove(self, owner: str, library: str) -> None:
        self.removed = True


def main(port: str, folder: str, shared: str = "") -> None:
    data = Path(folder)
    one = data / "models" / "one"
    models = Models(Settings(llm=str(one), vision="reader", data=data, cache=data / "cache", offline=True))
    index = Index(*toy_wheels())
    models.weights = weights_in(data / "cache", index)
    named_libraries = OneNamedLibrary()
    service = SettingsService(
        models,
        ChosenFile(data),
        Presets(data / "presets"),
        fixed=frozenset({"temperature"}),
        folders=(
            ("conversations", data / "conversations.db"),
            ("files", data / "originals"),
            ("libraries", data / "library"),
            ("presets", data / "presets"),
            ("choices", data / "settings.json"),
            ("weights", data / "cache"),
        ),
        conversations=lambda _: 0 if (data / "deleted").exists() else 4,
        delete_conversations=lambda owner: (data / "deleted").write_text(owner),
        named_libraries=named_libraries,  # type: ignore[arg-type]
    )
    with gradio.Blocks(title="Settings", fill_height=True) as page:
        settings_panel(service, labels(i18n(), SettingsWords), OwnerOf(alone=not shared))
    head = f"<style>{LOOK}{settings_look.CSS}</style>"
    _, address, _ = page.launch(
        server_port=int(port), head=head, theme=theme.theme(), i18n=i18n(),
        quiet=True, prevent_thread_lock=True, ssr_mode=False, footer_links=[],
        app_kwargs={"middleware": [Middleware(ChosenLanguage, first=COOKIE_SCRIPT)]},
    )  # fmt: skip
    load_in_background([models.selection, models.engine], lambda _: None, lambda part, error: None)
    print(address, flush=True)  # noqa: T201 - the parent reads it
    page.block_thread()


if __name__ == "__main__":
    main(*sys.argv[1:])

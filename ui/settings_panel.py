"""The settings panel: its layout, and which event calls which verb of the settings service. What it shows is
drawn by `ui.settings_view`; the service decides what may be changed, and by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.models.profiles import ModelRole
from assistant.settings.saved_choices import NUMBERS
from assistant.setup.settings_service import ALL_ROLES, SettingsService
from assistant.values.errors import AssistantError
from ui import settings_look as look
from ui import settings_view as view
from ui.gradio_inside import asking
from ui.untrusted import as_html
from ui.uploads import Uploads
from ui.words import COOKIE, language_names, language_of, words_for
from ui.words.catalogues import Language
from ui.words.core import said
from ui.words.settings import SettingsWords

if TYPE_CHECKING:
    import gradio as gr

AT_ONCE = 16
TICK_SECONDS = 1.0
UNCHANGED: Any = {"__type__": "update"}  # what gr.skip() returns, without Gradio
Update = Any


@dataclass(frozen=True)
class SettingsDigests:
    """What was sent last, so that a tick sends only what has changed."""

    models: str = ""
    downloads: str = ""


class SettingsPanel(NamedTuple):
    """What an event changes, in the order of the panel's outputs."""

    models: Update = UNCHANGED
    downloads: Update = UNCHANGED
    digests: Update = UNCHANGED
    timer: Update = UNCHANGED
    role: Update = UNCHANGED
    other: Update = UNCHANGED
    speech_language: Update = UNCHANGED
    speech_translate: Update = UNCHANGED
    chinese_script: Update = UNCHANGED
    picture_facts: Update = UNCHANGED
    read_aloud: Update = UNCHANGED
    voice_english: Update = UNCHANGED
    voice_chinese: Update = UNCHANGED
    speaking_speed: Update = UNCHANGED
    fusion: Update = UNCHANGED
    answer_tokens: Update = UNCHANGED
    temperature: Update = UNCHANGED
    rerank: Update = UNCHANGED
    language: Update = UNCHANGED
    presets: Update = UNCHANGED
    new_preset: Update = UNCHANGED
    preset_name: Update = UNCHANGED
    preset_text: Update = UNCHANGED
    keys: Update = UNCHANGED
    privacy: Update = UNCHANGED


class SettingsHandlers:
    """owner_of: whom a request belongs to. asking: the request that is being answered. uploads: the page's."""

    def __init__(
        self,
        service: SettingsService,
        owner_of: Callable[[Any], str],
        asking: Callable[[], Any],
        uploads: Uploads | None = None,
    ) -> None:
        self._service, self._owner_of, self._asking = service, owner_of, asking
        self._uploads = uploads or Uploads()

    def seen(self) -> SettingsPanel:
        """Somebody looks at the panel: all of it."""
        service, words = self._service, self._words()
        mine = service.may_change(self._owner())
        digests = self._digests()
        number = {name: {**_value(service.value(name)), **self._may(name)} for name in NUMBERS}
        return SettingsPanel(
            digests.models,
            digests.downloads,
            digests,
            {"active": True, **UNCHANGED},
            {
                "choices": [(words.roles[role], role) for role in ALL_ROLES],
                **_value("chat"),
                **_shown(mine),
            },
            {"submit_btn": words.use, **_shown(mine)},  # a key is not translated in what was hidden at first
            {**_value(service.value("speech_language")), **self._may("speech_language")},
            {**_value(service.value("speech_translate")), **self._may("speech_translate")},
            {
                "choices": [(words.scripts[script], script) for script in words.scripts],
                **_value(service.value("chinese_script")),
                **self._may("chinese_script"),
            },
            {**_value(service.value("picture_facts")), **self._may("picture_facts")},
            {
                "choices": [(words.read_aloud_when[when], when) for when in words.read_aloud_when],
                **_value(service.value("read_aloud")),
                **self._may("read_aloud"),
            },
            self._voices("voice_english", "en"),
            self._voices("voice_chinese", "zh"),
            number["speaking_speed"],
            {
                "choices": [(words.fusion_ways[way], way) for way in words.fusion_ways],
                **_value(service.value("fusion")),
                **self._may("fusion"),
            },
            number["answer_tokens"],
            number["temperature"],
            {**_value(service.value("rerank")), **self._may("rerank")},
            {
                "choices": [(words.language_auto, "auto"), *language_names()],
                **_value(self._asking().cookies.get(COOKIE) or "auto"),
            },
            self._presets(),
            _shown(mine),
            UNCHANGED,
            {"info": words.preset_text_info, **UNCHANGED},
            view.keys(words),
            self._privacy(),
        )

    def unseen(self) -> SettingsPanel:
        return SettingsPanel(timer={"active": False, **UNCHANGED})

    def tick(self, digests: SettingsDigests) -> SettingsPanel:
        """A second has passed; what has not changed is not sent again."""
        now = self._digests()
        if now == digests:
            return SettingsPanel()
        return SettingsPanel(
            models=now.models if now.models != digests.models else UNCHANGED,
            downloads=now.downloads if now.downloads != digests.downloads else UNCHANGED,
            digests=now,
        )

    def act(self, verb: str, what: str) -> SettingsPanel:
        """A button in one of the lists."""
        service, owner = self._service, self._owner()

        def work() -> SettingsPanel:
            match verb:
                case "use":
                    role, _, name = what.partition(" ")
                    return self._choose(role, name)
                case "fetch":
                    service.download(owner, what)
                case "cancel":
                    service.cancel(owner, what)
                case "clear":
                    service.dismiss(owner, what)
                case "remove-preset":
                    service.remove_preset(owner, what)
                    return SettingsPanel(presets=self._presets())
                case "delete-everything":
                    service.delete_everything(owner)
                    self._uploads.let_go_all(owner)
                    return SettingsPanel(privacy=self._privacy(deleted=True))
            return SettingsPanel()

        return self._after(work)

    def other_model(self, role: str, name: str) -> SettingsPanel:
        """A model that no table names."""
        return self._after(lambda: self._choose(role, name)._replace(other=""))

    def set(self, name: str, value: Any) -> SettingsPanel:
        """One of the settings by its name. What was refused is shown as it was."""

        def work() -> SettingsPanel:
            self._service.set(self._owner(), name, value.strip() if isinstance(value, str) else value)
            words = self._words()
            self._tell(words.saved_for_next_start if name == "rerank" else words.saved)
            return SettingsPanel()

        return self._after(work, otherwise=lambda: SettingsPanel()._replace(**{name: self._service.value(name)}))

    def keep_preset(self, name: str, text: str) -> SettingsPanel:
        def work() -> SettingsPanel:
            self._service.write_preset(self._owner(), name, text)
            kept = name.strip().lower().removeprefix("/")
            self._tell(self._words().preset_kept.format(name=kept))
            return SettingsPanel(presets=self._presets(), preset_name="", preset_text="")

        return self._after(work)

    def _choose(self, role: str, name: str) -> SettingsPanel:
        known: dict[str, ModelRole] = {one: one for one in ALL_ROLES}
        if role in known:
            self._service.choose(self._owner(), known[role], name)
        return SettingsPanel()

    def _after(
        self, work: Callable[[], SettingsPanel], otherwise: Callable[[], SettingsPanel] = SettingsPanel
    ) -> SettingsPanel:
        """What was done, and the lists as they are now; what went wrong is said."""
        import gradio as gr

        try:
            panel = work()
        except AssistantError as error:
            gr.Warning(as_html(said(error.message, self._language())))
            panel = otherwise()
        now = self._digests()
        return panel._replace(models=now.models, downloads=now.downloads, digests=now)

    def _digests(self) -> SettingsDigests:
        service, words, language = self._service, self._words(), self._language()
        roles = service.roles()
        return SettingsDigests(
            view.models(
                service.chosen_for(), roles, service.may_change(self._owner()), words, language, service.notices
            ),
            view.downloads(service.downloads(), roles, words, language),
        )

    def _voices(self, setting: str, language: str) -> Update:
        words = self._words()
        known = [one for one in self._service.voices() if one.language in (language, "")]
        titled = [(words.voice_titles.get(one.name, one.title), one.name) for one in known]
        chosen = str(self._service.value(setting))
        others = [] if chosen == "auto" or chosen in {one.name for one in known} else [(chosen, chosen)]
        choices = [(words.voice_auto, "auto"), *titled, *others]
        return {"choices": choices, **_value(chosen), **self._may(setting)}

    def _presets(self) -> str:
        presets = self._service.presets
        mine = self._service.may_change(self._owner())
        troubles = presets.troubles() if mine else ()
        return view.presets(presets.all(), troubles, mine, self._words(), self._language())

    def _privacy(self, deleted: bool = False) -> str:
        owner = self._owner()
        return view.privacy(self._service.kept(owner), self._service.mine(owner), self._words(), deleted)

    def _may(self, setting: str) -> dict[str, Any]:
        """Whether it can be changed here, and why not where a flag or variable decides."""
        fixed = self._service.is_fixed(setting)
        told = {"info": self._words().fixed} if fixed else {}
        return {"interactive": self._service.may_change(self._owner()) and not fixed, **told, **UNCHANGED}

    def _tell(self, sentence: str) -> None:
        import gradio as gr

        gr.Info(as_html(sentence))

    def _owner(self) -> str:
        return self._owner_of(self._asking())

    def _words(self) -> SettingsWords:
        return words_for(self._asking(), SettingsWords)

    def _language(self) -> Language:
        return language_of(self._asking())


def settings_panel(
    service: SettingsService, labels: SettingsWords, owner_of: Callable[[Any], str], uploads: Uploads | None = None
) -> "gr.Column":
    """The panel, built where it is called, inside a Blocks; hidden or shown by whoever builds the page around it.

    labels: as `ui.words.labels` gives them. owner_of: whom a request belongs to. `settings_look.CSS` belongs into the
    page's, and `ChosenLanguage` between it and the browser.
    """
    import gradio as gr

    handlers = SettingsHandlers(service, owner_of, asking, uploads)
    panel: gr.Column
    with gr.Column(elem_id="room-settings", min_width=0) as panel:
        digests = gr.State(SettingsDigests())
        timer = gr.Timer(TICK_SECONDS, active=False)
        gr.Markdown(labels.heading, elem_id="settings-title")
        downloads = gr.HTML(padding=False, elem_id="settings-downloads", js_on_load=look.PRESSED)
        models = gr.HTML(
            padding=False, elem_id="settings-models", js_on_load=look.PRESSED + look.SEEN + look.STAYS_OPEN
        )
        with gr.Row(elem_id="settings-other"):
            role = gr.Dropdown([], label=labels.other_role, visible=False, elem_id="settings-role", scale=1)
            other = gr.Textbox(
                label=labels.other_model, info=labels.other_model_info, submit_btn=True, visible=False,
                max_lines=1, elem_id="settings-other-model", scale=3,
            )  # fmt: skip
        with gr.Column(elem_id="settings-hearing", min_width=0):
            speech_language = gr.Textbox(
                label=labels.speech_language, info=labels.speech_language_info, submit_btn=labels.keep, max_lines=1,
                elem_id="settings-speech-language",
            )  # fmt: skip
            speech_translate = gr.Checkbox(
                label=labels.speech_translate, info=labels.speech_translate_info, elem_id="settings-speech-translate"
            )
            chinese_script = gr.Radio(
                [], label=labels.chinese_script, info=labels.chinese_script_info, elem_id="settings-chinese-script"
            )
            picture_facts = gr.Checkbox(
                label=labels.picture_facts, info=labels.picture_facts_info, elem_id="settings-picture-facts"
            )
        with gr.Column(elem_id="settings-speaking", min_width=0):
            read_aloud = gr.Radio(
                [], label=labels.read_aloud, info=labels.read_aloud_info, elem_id="settings-read-aloud"
            )
            with gr.Row(elem_id="settings-voices"):
                voice_english = gr.Dropdown([], label=labels.voice_english, elem_id="settings-voice-english")
                voice_chinese = gr.Dropdown([], label=labels.voice_chinese, elem_id="settings-voice-chinese")
            speaking_speed = gr.Slider(
                *NUMBERS["speaking_speed"], step=0.05, label=labels.speaking_speed, elem_id="settings-speaking-speed"
            )
        with gr.Column(elem_id="settings-answers", min_width=0):
            fusion = gr.Radio([], label=labels.fusion, elem_id="settings-fusion")
            answer_tokens = gr.Slider(
                *NUMBERS["answer_tokens"], step=16, label=labels.answer_tokens, info=labels.answer_tokens_info,
                elem_id="settings-answer-tokens",
            )  # fmt: skip
            temperature = gr.Slider(
                *NUMBERS["temperature"], step=0.1, label=labels.temperature, info=labels.temperature_info,
                elem_id="settings-temperature",
            )  # fmt: skip
            rerank = gr.Textbox(
                label=labels.rerank, info=labels.rerank_info, submit_btn=labels.keep, max_lines=1,
                elem_id="settings-rerank",
            )  # fmt: skip
        language = gr.Radio([], label=labels.language, info=labels.language_info, elem_id="settings-language")
        presets = gr.HTML(padding=False, elem_id="settings-presets", js_on_load=look.PRESSED)
        with gr.Column(visible=False, elem_id="settings-new-preset", min_width=0) as new_preset:
            preset_name = gr.Textbox(label=labels.preset_name, max_lines=1, elem_id="settings-preset-name")
            preset_text = gr.Textbox(
                label=labels.preset_text, lines=2, max_lines=8,
                elem_id="settings-preset-text",
            )  # fmt: skip
            keep_preset = gr.Button(labels.preset_keep, size="sm", elem_id="settings-preset-keep")
        keys = gr.HTML(padding=False, elem_id="settings-keys")
        privacy = gr.HTML(padding=False, elem_id="settings-privacy", js_on_load=look.PRESSED + look.STARTS_OVER)

        outputs = SettingsPanel(
            models, downloads, digests, timer, role, other, speech_language, speech_translate, chinese_script,
            picture_facts, read_aloud, voice_english, voice_chinese, speaking_speed, fusion, answer_tokens, temperature,
            rerank, language, presets, new_preset, preset_name, preset_text, keys, privacy,
        )  # fmt: skip
        told: dict[str, Any] = {
            "outputs": list(outputs),
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": AT_ONCE,  # queued: only then a word of ours reaches the page
            "concurrency_id": "settings",
        }

        def pressed(event: gr.EventData) -> SettingsPanel:
            data = event._data if isinstance(event._data, dict) else {}  # what comes from a browser may be anything
            return handlers.act(str(data.get("verb", "")), str(data.get("what", "")))

        models.seen(handlers.seen, None, **told)
        models.unseen(handlers.unseen, None, **told)
        timer.tick(handlers.tick, [digests], **told)
        for lists in (models, downloads, presets, privacy):
            lists.act(pressed, None, **told)
        other.submit(handlers.other_model, [role, other], **told)
        speech_language.submit(lambda value: handlers.set("speech_language", value), [speech_language], **told)
        speech_translate.input(lambda value: handlers.set("speech_translate", value), [speech_translate], **told)
        chinese_script.input(lambda value: handlers.set("chinese_script", value), [chinese_script], **told)
        picture_facts.input(lambda value: handlers.set("picture_facts", value), [picture_facts], **told)
        read_aloud.input(lambda value: handlers.set("read_aloud", value), [read_aloud], **told)
        voice_english.input(lambda value: handlers.set("voice_english", value), [voice_english], **told)
        voice_chinese.input(lambda value: handlers.set("voice_chinese", value), [voice_chinese], **told)
        speaking_speed.release(lambda value: handlers.set("speaking_speed", value), [speaking_speed], **told)
        fusion.input(lambda value: handlers.set("fusion", value), [fusion], **told)
        answer_tokens.release(lambda value: handlers.set("answer_tokens", value), [answer_tokens], **told)
        temperature.release(lambda value: handlers.set("temperature", value), [temperature], **told)
        rerank.submit(lambda value: handlers.set("rerank", value), [rerank], **told)
        language.input(None, [language], None, js=look.CHOOSE_LANGUAGE, api_visibility="private")
        keep_preset.click(handlers.keep_preset, [preset_name, preset_text], **told)
    return panel


def _shown(visible: bool) -> dict[str, Any]:
    return {"visible": visible, **UNCHANGED}


def _value(value: Any) -> dict[str, Any]:
    return {"value": value, **UNCHANGED}

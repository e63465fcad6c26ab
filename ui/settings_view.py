"""What the settings panel shows, as HTML: models by role, downloads, commands, keys, what is kept where.

Buttons in it say by `data-do` and `data-id` what they do; `ui.settings_look` has the script that reads that. Names
come from people, files and models: nothing of theirs means anything to the browser.
"""

from collections.abc import Sequence
from typing import Literal

from assistant.answering.commands import Preset
from assistant.models.lazy import in_words
from assistant.setup.downloads import Download
from assistant.setup.settings_service import ModelLine, OwnedCounts, RoleLine, SelectionBasis, StoredFolder
from assistant.values.messages import Message
from ui.untrusted import as_html
from ui.words.catalogues import Language
from ui.words.core import said
from ui.words.settings import SettingsWords


def models(
    chosen: SelectionBasis | None,
    roles: Sequence[RoleLine],
    mine: bool,
    words: SettingsWords,
    language: Language,
    notices: Sequence[Message] = (),
) -> str:
    """chosen: what for, once that is known. mine: whether whoever looks may change anything."""
    line = as_html(_chosen(chosen, words) if chosen else words.looking)
    shared = "" if mine else f'<p class="hint">{as_html(words.shared)}</p>'
    cards = "".join(_role(one, mine, words, language) for one in roles)
    told = "".join(f'<p class="trouble">{as_html(said(notice, language))}</p>' for notice in notices)
    return f"<h3>{as_html(words.models)}</h3>{shared}<p>{line}</p>{told}{cards}"


def downloads(listed: Sequence[Download], loading: Sequence[RoleLine], words: SettingsWords, language: Language) -> str:
    """What is on its way: files that are fetched, and models that are loaded. "" where nothing is."""
    told = [_download(one, words, language) for one in listed]
    told += [
        f"<li><bdi>{as_html(words.roles[one.role])}</bdi> <small>{as_html(said(in_words(one.progress), language))}"
        "</small></li>"
        for one in loading
        if one.state == "loading"
    ]
    return f"<h3>{as_html(words.downloads)}</h3><ul>{''.join(told)}</ul>" if told else ""


def presets(
    listed: Sequence[Preset], troubles: Sequence[str], mine: bool, words: SettingsWords, language: Language
) -> str:
    lines = "".join(_preset(one, mine, words, language) for one in listed)
    wrong = "".join(f'<li class="trouble">{as_html(said(one, language))}</li>' for one in troubles)
    return f'<h3>{as_html(words.presets)}</h3><p class="hint">{as_html(words.presets_info)}</p><ul>{lines}{wrong}</ul>'


def keys(words: SettingsWords) -> str:
    lines = "".join(f"<dt><kbd>{as_html(key)}</kbd></dt><dd>{as_html(what)}</dd>" for key, what in words.keys)
    return f"<h3>{as_html(words.shortcuts)}</h3><dl>{lines}</dl>"


def privacy(places: Sequence[StoredFolder], mine: OwnedCounts, words: SettingsWords, deleted: bool = False) -> str:
    """places: none where they are not for whoever looks. deleted: just now, all of theirs."""
    told = words.mine.format(conversations=mine.conversations, libraries=mine.libraries, files=mine.library_files)
    lines = "".join(_place(one, words) for one in places)
    table = f"<ul>{lines}</ul>" if lines else ""
    done = f'<p class="trouble" role="status" data-deleted>{as_html(words.deleted)}</p>' if deleted else ""
    info = words.privacy_info if places else words.privacy_shared
    delete = _button("delete-everything", "", words.delete_everything, ask=words.delete_ask, keep=words.no_remove)
    title = f'<h3>{as_html(words.privacy)}</h3><p class="hint">{as_html(info)}</p>'
    return f"{title}{table}<p>{as_html(told)}</p>{done}{delete}"


def size(count: int) -> str:
    """ "1.1 GB", "491 MB", "12 kB"."""
    for unit, bytes_each in (("GB", 1e9), ("MB", 1e6)):
        if count >= bytes_each:
            shown = count / bytes_each
            return f"{shown:.1f} {unit}" if shown < 10 else f"{shown:.0f} {unit}"
    return f"{count / 1e3:.0f} kB"


def _chosen(chosen: SelectionBasis, words: SettingsWords) -> str:
    sentence = words.asked_for if chosen.by_hand else words.chosen_for
    machine = words.machines[chosen.machine]
    return sentence.format(machine=machine, device=chosen.device, free=size(chosen.free_bytes))


def _role(line: RoleLine, mine: bool, words: SettingsWords, language: Language) -> str:
    how = words.automatic if line.asked == "auto" else words.by_name
    known = [line.using, words.states[line.state] if line.role != "voice" else "", how]
    facts = " · ".join(as_html(one) for one in known if one) if line.using else as_html(words.none)
    notes = [f'<p class="hint">{as_html(words.what_for[line.role])}</p>']
    if line.trouble and mine:
        notes.append(f'<p class="trouble" role="alert">{as_html(said(line.trouble, language))}</p>')
    if line.next_start and mine:
        name = words.use_automatic if line.next_start == "auto" else line.next_start
        notes.append(f'<p class="trouble">{as_html(words.next_start.format(name=name))}</p>')
    if line.by_hand:
        notes.append(f'<p class="hint">{as_html(words.fixed)}</p>')
    may = mine and not line.by_hand
    every = words.choices_one if len(line.models) == 1 else words.choices.format(count=len(line.models))
    lines = "".join(_model(one, line, may, mine, words) for one in line.models)
    again = (
        _button("use", f"{line.role} auto", words.use_automatic)
        if may and (line.next_start or line.asked) != "auto"
        else ""
    )
    return (
        f'<article data-role="{as_html(line.role)}"><h4>{as_html(words.roles[line.role])} <small>{facts}</small></h4>'
        f'{"".join(notes)}{again}<details data-id="{as_html(line.role)}">'
        f"<summary>{as_html(every)}</summary><ul>{lines}</ul></details></article>"
    )


def _model(model: ModelLine, line: RoleLine, may_use: bool, may_fetch: bool, words: SettingsWords) -> str:
    profile = model.profile
    used = profile.name == line.using
    state = words.in_use if used else words.here if model.here else words.not_here
    facts = [
        words.needs.format(memory=size(profile.memory_bytes)),
        _fetched(model, words),
        words.languages.get(profile.languages, profile.languages),
        profile.licence,
        "" if model.fits else words.too_large,
    ]
    buttons = ""
    if may_use and not (used and line.asked != "auto") and line.role != "voice":
        buttons += _button("use", f"{line.role} {profile.name}", words.use, words.use_name.format(name=profile.name))
    if may_fetch and not model.here:
        buttons += _button("fetch", profile.name, words.fetch, words.fetch_name.format(name=profile.name))
    return (
        f"<li><div><bdi>{as_html(profile.name)}</bdi> <strong>{as_html(state)}</strong>"
        f"<small>{' · '.join(as_html(one) for one in facts if one)}</small></div>"
        f'<span class="buttons">{buttons}</span></li>'
    )


def _fetched(model: ModelLine, words: SettingsWords) -> str:
    if model.profile.checkpoint is None:
        return words.built_in
    if model.here:
        return ""
    return words.size.format(size=size(model.download_bytes)) if model.download_bytes else words.size_unknown


def _download(one: Download, words: SettingsWords, language: Language) -> str:
    state = words.download_states[one.state]
    bar = ""
    if one.state == "running":
        state = said(in_words(one.progress), language) if one.progress.done_bytes else state
        share = 100 * one.progress.done_bytes // one.progress.total_bytes if one.progress.total_bytes else None
        value = "" if share is None else f' value="{share}"'
        bar = f'<progress max="100"{value} aria-label="{as_html(one.name)}"></progress>'
        button = _button("cancel", one.name, words.cancel, words.cancel_name.format(name=one.name))
    else:
        button = _button("clear", one.name, words.clear, words.clear_name.format(name=one.name))
    over = f" · {as_html(words.takes_over)}" if one.takes_over and one.state == "running" else ""
    wrong = f'<p class="trouble" role="alert">{as_html(said(one.sentence, language))}</p>' if one.sentence else ""
    return (
        f"<li><div><bdi>{as_html(one.name)}</bdi> <small>{as_html(state)}{over}</small>{bar}{wrong}</div>"
        f'<span class="buttons">{button}</span></li>'
    )


def _of_presets(language: Language) -> Literal["en", "zh"]:
    """Presets have names and titles in these two."""
    return "zh" if language == "zh" else "en"


def _preset(one: Preset, mine: bool, words: SettingsWords, language: Language) -> str:
    command = one.command(_of_presets(language))
    own = f" <small>{as_html(words.own)}</small>" if one.own else ""
    button = ""
    if one.own and mine:
        ask = words.remove_preset_ask.format(name=command)
        label = words.remove_name.format(name=command)
        button = _button("remove-preset", one.name, words.remove, label, ask, words.no_remove)
    return (
        f"<li><div><bdi><code>{as_html(command)}</code></bdi>{own} {as_html(one.title(_of_presets(language)))}</div>"
        f'<span class="buttons">{button}</span></li>'
    )


def _place(one: StoredFolder, words: SettingsWords) -> str:
    count = words.files_one if one.files == 1 else words.files.format(count=one.files)
    facts = f"{count}, {size(one.bytes)}" if one.files else words.nothing
    return (
        f"<li><div>{as_html(words.kept[one.what])} <small>{as_html(facts)}</small>"
        f"<code>{as_html(str(one.path))}</code></div></li>"
    )


def _button(do: str, what: str, label: str, name: str = "", ask: str = "", keep: str = "") -> str:
    """name: what a screen reader says, where the label alone is too little. ask: asked before it is done."""
    asking = f' class="remove" data-ask="{as_html(ask)}" data-keep="{as_html(keep)}"' if ask else ""
    spoken = f' aria-label="{as_html(name)}"' if name else ""
    told = f'data-do="{as_html(do)}" data-id="{as_html(what)}"'
    return f'<button type="button" {told}{spoken}{asking}>{as_html(label)}</button>'

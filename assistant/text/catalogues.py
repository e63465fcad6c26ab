"""Catalogues of gettext as they lie in locale/<language>/LC_MESSAGES: read as they are, nothing is compiled."""

import gettext
import io
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent.parent.parent / "locale"


def is_there(language: str, domain: str, folder: Path = FOLDER) -> bool:
    """language: the name of a folder, such as "zh"; anything else has none."""
    return language.isidentifier() and _file(language, domain, folder).is_file()


def languages(domain: str, folder: Path = FOLDER) -> frozenset[str]:
    """Those that there is a catalogue of this domain for."""
    return frozenset(file.parent.parent.name for file in folder.glob(f"*/LC_MESSAGES/{domain}.po"))


def read(language: str, domain: str, folder: Path = FOLDER) -> gettext.GNUTranslations:
    """The file as gettext takes it, which is quick enough to do at every start: some 30 ms."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with _file(language, domain, folder).open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def names_in(text: str) -> set[str]:
    """{seconds:.1f} → "seconds"; of what is no template none that a template has."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}


def _file(language: str, domain: str, folder: Path) -> Path:
    return folder / language / "LC_MESSAGES" / f"{domain}.po"

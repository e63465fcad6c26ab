"""`python app.py ask`: one turn in the terminal."""

import argparse
import sys

from assistant.settings.settings import Settings
from cli.wiring import OWNER, open_libraries, wire


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """One turn. What is handed over is kept nowhere; without --library, nor is anything that was kept before seen."""
    from assistant.values.conversation import Conversation
    from assistant.values.parts import Attachment, Text, Turn
    from ui import terminal

    files = [Attachment(path, path.name, password=options.password) for path in options.file]
    voice = [Attachment(options.voice, options.voice.name, spoken=True)] if options.voice else []
    question = sys.stdin.read() if options.question == "-" else options.question
    turn = Turn((*([Text(question)] if question else []), *voice, *files))
    models, assistant = wire(settings, settings.data / "library" if options.library else None)
    conversation = Conversation()
    if options.library:
        libraries = open_libraries(settings, assistant)
        conversation.libraries = libraries.scopes(OWNER, options.library)
        libraries.close()
    try:
        events = assistant.answer(turn, conversation)
        if options.save:
            events = terminal.saving(events, options.save)
        told: list[str] = []
        if options.aloud:
            events = terminal.noting(events, told)
        status = terminal.show_json(events) if options.json else terminal.show(events)
        if told:
            terminal.read_aloud(told[0], models.speaker.get(), settings.speaking_speed, options.aloud)
        return status
    finally:
        assistant.files.forget(conversation.id)
        assistant.close()

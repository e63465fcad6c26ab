"""`python app.py weights`: the models' files, listed, fetched or verified."""

import argparse

from assistant.settings.settings import Settings


def weights(options: argparse.Namespace, settings: Settings) -> int:
    """Lists, fetches or verifies the models' files; by default those that this machine would use."""
    from assistant.setup import weights_command

    names = tuple(options.names)
    if not names and options.action != "list":
        from assistant.setup.models import Models

        names = tuple(profile.name for profile in Models(settings).chosen())
    return weights_command.run(options.action, names, settings, print)

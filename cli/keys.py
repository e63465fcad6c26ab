"""`python app.py keys`: the keys that programs come in with."""

import argparse
import sys
import time

from assistant.settings.settings import Settings
from assistant.values.errors import BadInput
from assistant.values.messages import as_message


def keys(options: argparse.Namespace, settings: Settings) -> int:
    """Makes, lists or revokes keys; what runs meanwhile knows at once."""
    from assistant.storage.api_keys import ApiKeys

    if options.action != "list" and not options.name:
        raise BadInput(as_message(f"Name the key: python app.py keys {options.action} NAME"))
    kept = ApiKeys(settings.data / "api")
    try:
        match options.action:
            case "add":
                made, secret = kept.add(options.name)
                print(secret)
                print(f"This is the key “{made.name}”. It is shown this once.", file=sys.stderr)
            case "revoke":
                print(f"The key “{kept.revoke(options.name).name}” lets nobody in any more.", file=sys.stderr)
            case _:
                for one in kept.all():
                    print(f"{one.name}  {time.strftime('%Y-%m-%d %H:%M', time.localtime(one.made))}")
    finally:
        kept.close()
    return 0

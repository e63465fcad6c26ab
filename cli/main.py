"""One command from its options to its exit status: settings, the command, and what went wrong in a sentence."""

import os
import signal
import sys
import threading
from collections.abc import Sequence

from assistant.settings.saved_choices import ChosenFile
from assistant.settings.settings import from_environment
from assistant.storage.temporary_folder import sweep
from assistant.values.errors import AssistantError, BadInput, SetupError
from cli.arguments import flags, parser
from cli.wiring import tell

QUIET = {  # nothing below us calls home, and no library talks over the answer
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "ORT_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_WAIT_POLICY": "PASSIVE",  # idle threads that spin take the processor from the one that works
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit status: 0 done, 1 failure, 2 bad input or options, 130 ended by Ctrl-C or a signal."""
    options = parser().parse_args(arguments)
    _end_in_order()
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    try:
        chosen = lambda folder: ChosenFile(folder).read(tell)  # noqa: E731 - by the data folder, which a flag may name
        settings = from_environment(os.environ, chosen, **flags(options))
        sweep()
        return int(options.run(options, settings))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, BadInput | SetupError) else 1


def _end_in_order() -> None:
    """Whoever ends us by a signal, as a machine does that shuts down, is answered like Ctrl-C."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no second one
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)

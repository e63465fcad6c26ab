"""What a foreign exception says, in few words."""

from assistant.values.messages import without_folders


def first_line(error: BaseException) -> str:
    """What a library says, in one short line, without the folders that it names."""
    lines = without_folders(str(error)).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def is_out_of_memory(error: BaseException) -> bool:
    """Of the GPU's memory or the machine's."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & {"MemoryError", "OutOfMemoryError"}) or "can't allocate memory" in str(error)

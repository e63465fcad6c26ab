"""The words of sharing: in the list of conversations, and on the page that whoever has the link sees."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SharingWords:
    """Strings with {names} are filled with `str.format`."""

    share: str = "Share a copy"
    about: str = "Whoever has the link can read this conversation as it is now. What you ask later is not in the copy."
    with_files: str = "with the files"
    make: str = "Create a link"
    shared: str = "Shared on {date}"
    shared_files: str = "Shared with its files on {date}"
    only_here: str = "This page is open on this machine only, so the link works only here."
    open: str = "Open the copy"
    copy: str = "Copy the link"
    stop: str = "Stop sharing"
    untitled: str = "A conversation"
    note: str = "A copy made on {date}; it does not change. The answers are a language model's: check what they cite."
    question: str = "Question"
    answer: str = "Answer"
    files: str = "Files"
    footnote: str = "Source {number}"
    voice: str = "A recorded question"
    unsupported: str = "† Nothing that was given supports this sentence."
    not_grounded: str = "This comes from the model itself: nothing that was given supports it."
    seen_or_itself: str = (
        "No text that was given supports this: it is what the model saw in the pictures, or it comes from the model "
        "itself."
    )
    another_script: str = (
        "What was given is in another script. Where a sentence has no number, its words could not be compared with it."
    )
    no_answer: str = "No answer came."
    unfinished: str = "The answer was not finished when this copy was made."
    gone: str = "There is no shared copy here. It may have been withdrawn."


ENGLISH = SharingWords()

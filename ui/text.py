"""Every string of the page. A second language is a second `Words`."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Words:
    """Strings with {names} are filled with `str.format`. steps: the names of the parts of the work."""

    new: str = "New conversation"
    chat: str = "Conversation"
    box: str = "Your question"
    placeholder: str = "Ask, or add a file"
    voice: str = "Ask by voice"
    welcome: str = (
        "### What would you like to know?\n"
        "Type or say a question. Hand over documents, pictures and recordings to ask about: "
        "the answer shows where each claim comes from."
    )

    working: str = "Working"
    waiting: str = "Waiting for the previous answer to end"
    received: str = "What the model received"
    step_seconds: str = "{step}: {seconds:.1f} s"
    steps: dict[str, str] = field(
        default_factory=lambda: {
            "loading": "Loading",
            "listening": "Listening",
            "looking": "Looking",
            "reading": "Reading",
            "searching": "Searching",
            "answering": "Answering",
            "checking": "Checking",
        }
    )

    heard: str = "Heard: “{words}”"
    question: str = "Question as understood: “{words}”"
    files: str = "Files"
    pages_one: str = "1 page"
    pages: str = "{count} pages"
    seconds: str = "{seconds:.0f} s of sound"
    evidence: str = "Evidence, with its weight"
    media_weights: str = "Weight of each medium"
    prompt: str = "Prompt: {prompt} tokens · answer: {answer} tokens"
    pictures: str = "Pictures sent as pixels: {count}"
    history: str = "Earlier turns sent along: {count}"
    notes: str = "Notes"
    models: str = "Models"
    times: str = "Time"
    media: dict[str, str] = field(
        default_factory=lambda: {"text": "text", "image": "picture", "audio": "sound", "video": "video"}
    )

    sources: str = "Sources"
    previous: str = "Previous"
    next: str = "Next"
    close: str = "Close"
    enlarge: str = "Enlarge"
    download: str = "Download the original"
    picture_of: str = "{source}, {place}, with the words meant marked"
    not_kept: str = "The file itself is not kept here; these are the words that were read in it."
    evidence_gone: str = "This source belongs to a conversation that is over."
    unsupported: str = "† Nothing you gave supports this sentence."
    not_grounded: str = "This comes from the model itself: nothing you gave supports it."
    stopped: str = "Stopped."
    nothing_said: str = "The model gave no answer."

    password: str = "Password of the file"
    unlock: str = "Open"

    unexpected: str = (
        "Something went wrong that I did not expect, so there is no answer. You can ask again; the log has the "
        "details under the number {number}."
    )
    still_answering: str = "I am still answering. Press Stop to end that, then ask again."
    port_taken: str = "Port {port} on {host} is taken, or not ours to use. Choose another one with --port."


ENGLISH = Words()

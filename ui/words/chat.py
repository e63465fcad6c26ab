"""The words of the chat: the box, the answer and what the model received, and the evidence beside it."""

from dataclasses import dataclass, field

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class ChatWords:
    """Strings with {names} are filled with `str.format`. steps: the names of the parts of the work. hows: what became
    of a file."""

    language: Language = SOURCE
    new: str = "New conversation"
    chat: str = "Conversation"
    box: str = "Your question"
    placeholder: str = "Ask, or add a file"
    voice: str = "Ask by voice"
    welcome: str = "## What would you like to know?\nAsk, or hand over documents, pictures, recordings and films."

    working: str = "Working"
    waiting: str = "Waiting for the previous answer to end"
    received: str = "What the model received"
    step_seconds: str = "{step}: {seconds:.1f} s"
    short_seconds: str = "{seconds:.0f} s"
    steps: dict[str, str] = field(
        default_factory=lambda: {
            "loading": "Loading",
            "listening": "Listening",
            "looking": "Looking",
            "reading": "Reading",
            "searching": "Searching",
            "answering": "Answering",
            "checking": "Checking",
            "filing": "Filing",
            "understanding": "Understanding the request",
            "waiting for models": "Waiting for models",
            "first word": "Until the first word",
            "whole turn": "Altogether",
        }
    )

    heard: str = "Heard: “{words}”"
    question: str = "Question as understood: “{words}”"
    files: str = "Files"
    notices: str = "Notices about the models"
    put_away: str = "Understood"
    hows: dict[str, str] = field(
        default_factory=lambda: {
            "sent as pixels": "sent as pixels",
            "described": "described",
            "read": "read",
            "transcribed": "transcribed",
            "no speech found": "no speech found",
            "watched": "watched",
            "being watched": "being watched",
        }
    )
    pages_one: str = "1 page"
    pages: str = "{count} pages"
    seconds: str = "{seconds:.0f} s of sound"
    evidence: str = "Evidence, with its weight"
    media_weights: str = "Weight of each medium"
    prompt: str = "Prompt: {prompt} tokens · answer: {answer} tokens"
    pictures: str = "Pictures sent as pixels: {count}"
    picture: str = "Picture {number}: {name}"
    picture_earlier: str = "Earlier picture {number}: {name}"
    picture_frame: str = "{name} at {at}"
    picture_tiles: str = "{count} pieces of {size}"
    picture_sent: str = "{called}, {sent} of {given} pixels, {tokens} tokens"
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
    growing: str = "Still being taken in"
    growing_percent: str = "{name}: {percent} % taken in"
    growing_hearing: str = "heard {at} of {of}"
    growing_watching: str = "all heard, looked at {at} of {of}"
    growing_seconds: str = "about {count} s left"
    growing_minutes: str = "about {count} min left"
    leave_rest: str = "Leave the rest"
    download: str = "Download the original"
    film_at: str = "{source}, the picture at {place}"
    not_played: str = "Browsers do not play this kind of film. This is its picture at that moment"
    not_played_sound: str = ", and its sound from there on"
    full_stop: str = "."
    picture_of: str = "{source}, {place}, with the words meant marked"
    not_kept: str = "The file itself is not kept here; these are the words that were read in it."
    evidence_gone: str = "This source belongs to a conversation that is over."
    unsupported: str = "† Nothing you gave supports this sentence."
    seen: str = (
        "What is said of a picture is what the model saw in it: its source opens the picture, and no text was compared."
    )
    not_grounded: str = "This comes from the model itself: nothing you gave supports it."
    seen_or_itself: str = (
        "No text that you gave supports this: it is what the model saw in the pictures, or it comes from the model "
        "itself."
    )
    another_script: str = (
        "What you gave is in another script. Where a sentence has no number, its words could not be compared with it."
    )
    stopped: str = "Stopped."
    nothing_said: str = "The model gave no answer."

    your_voice: str = "Your recording"
    interrupted: str = "Interrupted: the program ended before the answer did."
    branch: str = "Version {number} of {count}"
    branch_previous: str = "Previous version"
    branch_next: str = "Next version"
    pin_picture: str = "Keep in view"
    pinned_picture: str = "Kept in view; press to let it go"
    drop_picture: str = "Forget this picture"
    dropped_picture: str = "Forgotten; press to remember it again"
    earlier: str = "Show the {count} turns before"
    edit: str = "Edit the question"
    undo: str = "Take the question back"
    editing: str = "What you send takes the place of your question; its files stay with it. The old version is kept."
    cancel: str = "Cancel"
    copy: str = "Copy the answer"
    read_aloud: str = "Read aloud"
    stop_reading: str = "Stop reading"
    save_sound: str = "Save as sound"
    save_file: str = "Save {name}"
    retry: str = "Answer again"
    go_on: str = "Continue"
    go_on_asked: str = "Continue where you stopped."
    like: str = "Good answer"
    dislike: str = "Bad answer"
    judged: str = "{verdict}: taken back by pressing again"
    why_liked: str = "What was good about it?"
    why_disliked: str = "What was wrong with it?"
    send: str = "Send"
    thanks: str = "Thank you. It is kept with the conversation."
    photo: str = "Take a photo"
    photo_taken: str = "Take the picture"
    no_camera: str = "There is no camera here, or the browser does not let me use it."
    libraries: str = "Libraries that may be searched"
    menu: str = "Conversations"
    commands: str = "Commands"
    look: str = "Files to be sent"
    take_out: str = "Do not send {name}"
    locked: str = "is locked with a password; you will be asked for it"
    kilobytes: str = "{size:.0f} kB"
    megabytes: str = "{size:.1f} MB"
    lasting: str = "{minutes}:{seconds:02d}"
    shown_whole: str = "as you handed it over"
    file_gone: str = "This file is not kept any more."

    password: str = "Password of the file"
    unlock: str = "Open"

    unexpected: str = (
        "Something went wrong that I did not expect, so there is no answer. You can ask again; the log has the "
        "details under the number {number}."
    )
    still_answering: str = "I am still answering. Press Stop to end that, then ask again."
    port_taken: str = "Port {port} on {host} is taken, or not ours to use. Choose another one with --port."


ENGLISH = ChatWords()

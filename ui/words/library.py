"""The words of the libraries panel: what is kept in named libraries, what is being added, what went wrong."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LibraryWords:
    """Strings with {names} are filled with `str.format`. steps: what happens to a file. media: kinds of file."""

    heading: str = "## Libraries"
    title: str = "Libraries"
    introduction: str = "Files to ask about again and again. Choose in the chat which libraries an answer may use."
    new: str = "Name of a new library"
    make: str = "Make"
    none_yet: str = "There is no library yet. Give one a name to make it."
    choose: str = "Choose a library to see its files and to add some."
    files_none: str = "empty"
    files_one: str = "1 file"
    files: str = "{count} files"
    adding_short: str = "adding {done} of {count}"

    rename: str = "Rename"
    new_name: str = "New name of the library"
    save: str = "Save"
    remove: str = "Remove"
    remove_file: str = "Remove {name}"
    remove_library_ask: str = "Remove the library {name} with everything in it? This cannot be undone."
    remove_file_ask: str = "Remove {name} from {library}? This cannot be undone."
    keep: str = "Keep"

    drop: str = "Add files, or drop a folder here"
    folder: str = "Add a folder"
    replace: str = "A file of the same name is replaced"
    paste: str = "Paste text"
    text_name: str = "Name of the text"
    text: str = "Text"
    add_text: str = "Add the text"
    address: str = "Web page"
    address_label: str = "Address of a web page to fetch and add"
    add_address: str = "Fetch"

    jobs: str = "Adding"
    adding_one: str = "Adding 1 file"
    adding: str = "Adding {count} files"
    added: str = "{filed} of {count} added"
    same: str = "{count} in already"
    failed: str = "{count} not readable"
    locked: str = "{count} locked"
    paused: str = "Paused"
    cancelled: str = "Cancelled"
    done: str = "Done"
    waiting: str = "Waiting"
    progress: str = "Share done"
    pause: str = "Pause"
    resume: str = "Go on"
    cancel: str = "Cancel"
    dismiss: str = "Clear"
    at_file: str = "{step}: {file}"
    at_page: str = "{step}: {file}, page {page} of {pages}"
    steps: dict[str, str] = field(
        default_factory=lambda: {
            "": "Reading",
            "loading": "Loading",
            "listening": "Listening",
            "looking": "Looking",
            "reading": "Reading",
            "filing": "Filing",
        }
    )

    password: str = "Password of the locked files"
    password_note: str = (
        "It opens the files and is kept nowhere. If Medley is stopped before they are in, it is asked for again."
    )
    unlock: str = "Open"

    contents: str = "Files"
    find: str = "Find a file by its name"
    found_none: str = "No file here is called that."
    empty: str = "This library is empty. Add files above."
    more: str = "{count} more; find them by their name."
    pages_one: str = "1 page"
    pages: str = "{count} pages"
    read: str = "read"
    ocr_one: str = "1 page by OCR"
    ocr: str = "{count} pages by OCR"
    unread_one: str = "1 page not read"
    unread: str = "{count} pages not read"
    notes: str = "notes"
    media: dict[str, str] = field(
        default_factory=lambda: {"text": "Text", "image": "Picture", "audio": "Sound", "video": "Video"}
    )

    unexpected: str = "Something went wrong that I did not expect; the log has the details under the number {number}."


ENGLISH = LibraryWords()

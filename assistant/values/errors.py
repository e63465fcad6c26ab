"""What can go wrong, in words fit to show a person.

AssistantError
├── BadInput            what was handed over cannot be used; nothing is wrong with the program
│   ├── Locked          it is encrypted, and the password is missing or wrong
│   └── Crowded         too much is asked for at once; a little later it will be answered
├── WeightsError        a model's files cannot be had
│   ├── Unreachable     neither hub nor package index answered
│   ├── WrongDigest     the bytes are not the ones the publisher signed for
│   ├── DiskFull        no room to keep them
│   ├── Gone            the place answered, and the files are not there
│   └── Refused         the place answered, and wants a licence accepted or a token shown
├── EngineError         a language model could not answer
├── LibraryError        the store of evidence could not be read or written
└── SetupError          the options or the machine do not allow what was asked

Every message says what is wrong and what to do. Foreign exceptions are translated once, at the
border where they arise, with `raise … from error`.
"""

from assistant.values.messages import Message, as_message


class AssistantError(Exception):
    """Carries one sentence or two for the person; never a stack, a path of ours or a secret."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)

    @property
    def message(self) -> Message:
        return as_message(self.args[0])


class BadInput(AssistantError): ...


class Locked(BadInput): ...


class Crowded(BadInput): ...


class WeightsError(AssistantError): ...


class Unreachable(WeightsError): ...


class WrongDigest(WeightsError): ...


class DiskFull(WeightsError): ...


class Gone(WeightsError): ...


class Refused(WeightsError): ...


class EngineError(AssistantError): ...


class LibraryError(AssistantError): ...


class SetupError(AssistantError): ...

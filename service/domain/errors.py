"""Why a command is refused. HTTP maps them in one table (service/http/rejections.py)."""

from collections.abc import Sequence
from dataclasses import dataclass


class Rejected(Exception):
    """The rules say no; nothing was recorded."""


class NotFound(Rejected):
    """There is no such thing, or it belongs to somebody else, which must look the same."""


class NotAllowed(Rejected):
    """The thing is not in a state in which this can be done."""


class Gone(Rejected):
    """It existed, and its time is over."""


class TooMany(Rejected):
    """A limit was reached; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NameTaken(Rejected):
    """Something else has the name, or had it a short while ago. `field`: "subdomain", "domain" or "name"."""

    def __init__(self, field: str, name: str) -> None:
        super().__init__(f"The {field} {name} is taken.")
        self.field = field


class VersionMismatch(Rejected):
    """The thing has changed since the caller looked: it stands at version `actual`."""

    def __init__(self, actual: int) -> None:
        super().__init__(f"It has changed meanwhile and stands at version {actual}.")
        self.actual = actual


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad field: where (a JSON pointer), a stable code, and a sentence for people."""

    pointer: str
    code: str
    message: str


class Invalid(Rejected):
    """The command contradicts itself or the state; names every bad field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = tuple(faults)

"""What became of one attempt to deliver. `reason` is for the operator and never holds an address."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Fault(StrEnum):
    """What is in trouble: this reader alone, their whole host, the server we send by, or the message, which
    that server refuses, be it this one or all."""

    READER = "reader"
    HOST = "host"
    SERVER = "server"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiving side has taken it over."""


@dataclass(frozen=True, slots=True)
class Later:
    """It did not work now and may work later; `after`: not before that, says the other side.

    `fault` decides what else waits, and nothing about this delivery.
    """

    reason: str
    after: timedelta | None = None
    fault: Fault = field(default=Fault.READER, compare=False)


@dataclass(frozen=True, slots=True)
class Untried:
    """It counts as no attempt: it was not begun, or it met trouble of ours. Anybody may have it now."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never work, or nobody wants it any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The other side will never take anything again: the whole subscription is to rest."""

    reason: str


@dataclass(frozen=True, slots=True)
class Expired:
    """It would come too late."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """Something newer about the same thing is told instead."""


Outcome = Sent | Later | Untried | Refused | Gone | Expired | Superseded

RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait at most after that many attempts; None: give up and park it."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None

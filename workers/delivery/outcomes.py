"""What became of one attempt to deliver. `reason` is for the operator and never holds an address."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiving side has taken it over."""


@dataclass(frozen=True, slots=True)
class Later:
    """It did not work now and may work later; `after`: not before that, says the other side."""

    reason: str
    after: timedelta | None = None


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


Outcome = Sent | Later | Refused | Gone | Expired | Superseded

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
    """How long to wait after that many attempts; None: give up and park it."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None

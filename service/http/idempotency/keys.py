"""The port: remembering what a request with an Idempotency-Key was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Request:
    """`scope`: whose key it is. `fingerprint`: a digest of method, path and body."""

    scope: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """This process carries the request out. `taken_over`: an earlier attempt may have been recorded."""

    request: Request
    command_id: UUID
    claimed_at: datetime
    taken_over: bool


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class InProgress:
    """Another process claimed the key a moment ago."""


class Reused:
    """The key belongs to a request with another fingerprint."""


class IdempotencyKeys(Protocol):
    """Every method raises StoreUnavailable."""

    async def claim(self, request: Request) -> Claim | Answer | InProgress | Reused:
        """Become the one that carries the request out, or learn why not."""

    async def finish(self, claim: Claim, answer: Answer) -> None:
        """Keep the answer for whoever sends the key again."""

    async def free(self, claim: Claim) -> None:
        """Nothing was recorded: forget the key."""

    async def abandon(self, claim: Claim) -> None:
        """Whether it was recorded is unknown: the next attempt takes over at once, with this command id."""

"""Stand-ins for the ports of the HTTP edge."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from eventstore.store import StoreUnavailable
from service.http.call import Caller
from service.http.idempotency.keys import Answer, Claim, InProgress, Request, Reused

OURS = UUID("11111111-1111-4111-8111-111111111111")
THEIRS = UUID("22222222-2222-4222-8222-222222222222")


@dataclass
class FakeAuthenticator:
    """Knows tokens by name; away when told so."""

    callers: dict[str, Caller] = field(default_factory=dict)
    away: bool = False

    async def authenticate(self, token: str) -> Caller | None:
        if self.away:
            raise StoreUnavailable("away")
        return self.callers.get(token)


class FakeFreshness:
    """Read models that stand at `position`; each wait is remembered."""

    def __init__(self) -> None:
        self.position = 0
        self.waits: list[tuple[int, float]] = []
        self._moved = asyncio.Condition()

    async def move_to(self, position: int) -> None:
        async with self._moved:
            self.position = position
            self._moved.notify_all()

    async def wait_for(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109 - the port's signature
        self.waits.append((position, timeout))
        try:
            async with asyncio.timeout(timeout), self._moved:
                await self._moved.wait_for(lambda: self.position >= position)
        except TimeoutError:
            return False
        return True


@dataclass
class _Kept:
    claim: Claim
    answer: Answer | None = None


class MemoryKeys:
    """Idempotency keys in a dictionary; `now` is the test's to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._started: dict[tuple[str, str], datetime] = {}

    async def claim(self, request: Request) -> Claim | Answer | InProgress | Reused:
        place = (request.scope, request.key)
        kept = self._kept.get(place)
        if kept is None or self.now - self._started[place] > timedelta(hours=24):
            self._started[place] = self.now
            return self._claim(place, Claim(request, uuid4(), self.now, taken_over=False))
        if kept.claim.request.fingerprint != request.fingerprint:
            return Reused()
        if kept.answer is not None:
            return kept.answer
        if self.now - kept.claim.claimed_at <= timedelta(seconds=5):
            return InProgress()
        return self._claim(place, replace(kept.claim, claimed_at=self.now, taken_over=True))

    async def finish(self, claim: Claim, answer: Answer) -> None:
        kept = self._kept.get((claim.request.scope, claim.request.key))
        if kept is not None and kept.answer is None:
            kept.answer = answer

    async def free(self, claim: Claim) -> None:
        if self._holds(claim):
            del self._kept[claim.request.scope, claim.request.key]

    async def abandon(self, claim: Claim) -> None:
        if self._holds(claim):
            place = (claim.request.scope, claim.request.key)
            self._kept[place].claim = replace(claim, claimed_at=self.now - timedelta(days=1))

    def _claim(self, place: tuple[str, str], claim: Claim) -> Claim:
        self._kept[place] = _Kept(claim)
        return claim

    def _holds(self, claim: Claim) -> bool:
        kept = self._kept.get((claim.request.scope, claim.request.key))
        return kept is not None and kept.answer is None and kept.claim.claimed_at == claim.claimed_at

"""Who a bearer token speaks for. Kept in memory; every change of a token empties that memory."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.timestamps import parsed

FIND = """
SELECT t.document FROM vault.credentials c JOIN rm.tokens t ON t.key = c.token_id::text
WHERE c.sha256 = $1 AND t.document IS NOT NULL
"""
CHANGED = "SELECT 1 FROM rm.tokens WHERE position > $1 LIMIT 1"
LIST = (
    "SELECT document FROM rm.tokens WHERE document IS NOT NULL AND ($1::uuid IS NULL OR organisation_id = $1)"
)


@dataclass(frozen=True, slots=True)
class Token:
    token_id: UUID
    organisation_id: UUID
    scopes: frozenset[str]
    expires_at: datetime | None


class Tokens:
    def __init__(self, pool: Pool, clock: Callable[[], datetime], capacity: int = 10_000) -> None:
        self._pool = pool
        self._clock = clock
        self._capacity = capacity
        self._known: OrderedDict[bytes, Token | None] = OrderedDict()
        self._refreshes = 0

    async def find(self, secret: str) -> Token | None:
        """None: never issued, revoked or expired."""
        digest = sha256(secret.encode()).digest()
        token = self._known[digest] if digest in self._known else await self._load(digest)
        if token is None or (token.expires_at is not None and token.expires_at <= self._clock()):
            return None
        return token

    async def list(self, organisation_id: UUID | None) -> list[dict[str, Any]]:
        async with connection(self._pool) as conn:
            return [row["document"] for row in await conn.fetch(LIST, organisation_id)]

    async def refresh(self, after: int) -> None:
        """Forget what is known if any token changed beyond position `after`."""
        async with connection(self._pool) as conn:
            changed = await conn.fetchval(CHANGED, after)
        if changed:
            self.clear()

    def clear(self) -> None:
        self._refreshes += 1
        self._known.clear()

    async def _load(self, digest: bytes) -> Token | None:
        refreshes = self._refreshes
        async with connection(self._pool) as conn:
            document = await conn.fetchval(FIND, digest)
        token = None if document is None else _token(document)
        if refreshes == self._refreshes:
            self._remember(digest, token)
        return token

    def _remember(self, digest: bytes, token: Token | None) -> None:
        self._known[digest] = token
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)


def _token(document: dict[str, Any]) -> Token:
    expires_at = document["expires_at"]
    return Token(
        UUID(document["id"]),
        UUID(document["organisation_id"]),
        frozenset(document["scopes"]),
        None if expires_at is None else parsed(expires_at),
    )

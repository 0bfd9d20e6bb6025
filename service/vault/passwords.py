"""Password hashes of private pages: replaced and erased, never in an event."""

from collections.abc import Collection
from uuid import UUID

from eventstore.pool import Pool, connection

PUT = """
INSERT INTO vault.passwords (password_id, page_id, hash) VALUES ($1, $2, $3)
ON CONFLICT (password_id) DO NOTHING
"""
GET = "SELECT hash FROM vault.passwords WHERE password_id = $1"
ERASE_ALL = "DELETE FROM vault.passwords WHERE page_id = $1"
ERASE = "DELETE FROM vault.passwords WHERE password_id = ANY($1::uuid[])"


class Passwords:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, password_id: UUID, page_id: UUID, digest: str) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(PUT, password_id, page_id, digest)

    async def get(self, password_id: UUID) -> str | None:
        async with connection(self._pool) as conn:
            digest: str | None = await conn.fetchval(GET, password_id)
        return digest

    async def erase(self, password_ids: Collection[UUID]) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(ERASE, list(password_ids))

    async def erase_all(self, page_id: UUID) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(ERASE_ALL, page_id)

"""Password hashes of private pages: replaced and erased, never in an event."""

from uuid import UUID

from eventstore.pool import Pool, connection

PUT = """
INSERT INTO vault.passwords (password_id, page_id, hash) VALUES ($1, $2, $3)
ON CONFLICT (password_id) DO NOTHING
"""
GET = "SELECT hash FROM vault.passwords WHERE password_id = $1"
KEEP = "DELETE FROM vault.passwords WHERE page_id = $1 AND password_id IS DISTINCT FROM $2"


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

    async def keep_only(self, page_id: UUID, password_id: UUID | None) -> None:
        """Erase the page's other passwords; all of them if `password_id` is None."""
        async with connection(self._pool) as conn:
            await conn.execute(KEEP, page_id, password_id)

"""The hashes of bearer tokens. The tokens themselves are shown once, when they are made, and kept nowhere."""

from hashlib import sha256
from uuid import UUID

from eventstore.pool import Pool, connection

PUT = """
INSERT INTO vault.credentials (token_id, sha256) VALUES ($1, $2) ON CONFLICT (token_id) DO NOTHING
"""
ERASE = "DELETE FROM vault.credentials WHERE token_id = $1"


class Credentials:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, token_id: UUID, secret: str) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(PUT, token_id, sha256(secret.encode()).digest())

    async def erase(self, token_id: UUID) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(ERASE, token_id)

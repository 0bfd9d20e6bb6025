"""Organisations, for operators."""

from typing import Any

from eventstore.pool import Pool, connection

LIST = "SELECT document FROM rm.organisations WHERE document IS NOT NULL ORDER BY name, key"


class Organisations:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(self) -> list[dict[str, Any]]:
        """By name. Raises StoreUnavailable."""
        async with connection(self._pool) as conn:
            return [row["document"] for row in await conn.fetch(LIST)]

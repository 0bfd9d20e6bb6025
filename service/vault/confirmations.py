"""How many confirmation mails an address may still get, over all pages, so that nobody can be flooded.

Only a keyed hash of the address is kept, for a day.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from eventstore.pool import Pool, connection

BUDGET = 3
PERIOD = timedelta(hours=24)
# Two requests at once for one address take turns, or both would see the last one of the budget.
LOCK = "SELECT pg_advisory_xact_lock($1)"
TAKE = """
INSERT INTO vault.confirmations (address_hash)
SELECT $1 WHERE (
    SELECT count(*) FROM vault.confirmations
    WHERE address_hash = $1 AND asked_at > clock_timestamp() - $2::interval
) < $3
RETURNING asked_at
"""
GIVE_BACK = "DELETE FROM vault.confirmations WHERE address_hash = $1 AND asked_at = $2"
PURGE = "DELETE FROM vault.confirmations WHERE asked_at <= clock_timestamp() - $1::interval"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to send one confirmation."""

    address_hash: bytes
    asked_at: datetime


class Confirmations:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool, secret: bytes) -> None:
        self._pool = pool
        self._secret = secret

    async def take(self, mailbox: str) -> Ticket | None:
        """One from the mailbox's budget; None when that is used up."""
        digest = hmac.digest(self._secret, f"confirmation:{mailbox}".encode(), sha256)
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(LOCK, int.from_bytes(digest[:8], signed=True))
            asked_at = await conn.fetchval(TAKE, digest, PERIOD, BUDGET)
        return None if asked_at is None else Ticket(digest, asked_at)

    async def give_back(self, ticket: Ticket) -> None:
        """Nothing was sent after all."""
        async with connection(self._pool) as conn:
            await conn.execute(GIVE_BACK, ticket.address_hash, ticket.asked_at)

    async def purge(self) -> None:
        """Forget what no budget counts any more."""
        async with connection(self._pool) as conn:
            await conn.execute(PURGE, PERIOD)

"""The keys in PostgreSQL, whose clock judges their age."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from eventstore.pool import Pool, connection
from service.http.idempotency.keys import Answer, Claim, InProgress, Request, Reused

RETENTION = timedelta(hours=24)
DEAD_AFTER = timedelta(seconds=5)
"""A claim this old belongs to a process that died, or to one that the event store will see through: both
attempts carry the same command id."""

CLAIM = """
INSERT INTO idempotency_keys AS k (scope, key, fingerprint, command_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (scope, key) DO UPDATE SET claimed_at = clock_timestamp()
WHERE k.finished_at IS NULL AND k.fingerprint = $3 AND k.claimed_at < clock_timestamp() - $5::interval
RETURNING command_id, claimed_at
"""
LOOK = "SELECT fingerprint, status, headers, body FROM idempotency_keys WHERE scope = $1 AND key = $2"
FORGET = """
DELETE FROM idempotency_keys
WHERE scope = $1 AND key = $2 AND created_at < clock_timestamp() - $3::interval RETURNING 1
"""
FINISH = """
UPDATE idempotency_keys SET finished_at = clock_timestamp(), status = $3, headers = $4, body = $5
WHERE scope = $1 AND key = $2 AND finished_at IS NULL AND command_id = $6
"""
FREE = (
    "DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND finished_at IS NULL AND claimed_at = $3"
)
ABANDON = """
UPDATE idempotency_keys SET claimed_at = '-infinity'
WHERE scope = $1 AND key = $2 AND finished_at IS NULL AND claimed_at = $3
"""
PURGE = "DELETE FROM idempotency_keys WHERE created_at < clock_timestamp() - $1::interval"


class PostgresKeys:
    """Adapter of IdempotencyKeys over the table idempotency_keys."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(self, request: Request) -> Claim | Answer | InProgress | Reused:
        command_id = uuid4()
        async with connection(self._pool) as conn:
            claimed = await conn.fetchrow(
                CLAIM, request.scope, request.key, request.fingerprint, command_id, DEAD_AFTER
            )
            if claimed is None and not await conn.fetchval(FORGET, request.scope, request.key, RETENTION):
                return _seen(request, await conn.fetchrow(LOOK, request.scope, request.key))
        if claimed is None:
            return await self.claim(request)
        taken_over = claimed["command_id"] != command_id
        return Claim(request, claimed["command_id"], claimed["claimed_at"], taken_over)

    async def finish(self, claim: Claim, answer: Answer) -> None:
        """Whichever of two attempts is first: they carry one command, so both answers are its answer."""
        kept = (answer.status, dict(answer.headers), answer.body, claim.command_id)
        await self._execute(FINISH, claim.request, *kept)

    async def free(self, claim: Claim) -> None:
        await self._execute(FREE, claim.request, claim.claimed_at)

    async def abandon(self, claim: Claim) -> None:
        await self._execute(ABANDON, claim.request, claim.claimed_at)

    async def purge(self) -> None:
        """Forget the keys that are older than a day."""
        async with connection(self._pool) as conn:
            await conn.execute(PURGE, RETENTION)

    async def _execute(self, statement: str, request: Request, *values: Any) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(statement, request.scope, request.key, *values)


def _seen(request: Request, row: Any) -> Answer | InProgress | Reused:
    if row is None:
        return InProgress()  # freed between our two looks
    if row["fingerprint"] != request.fingerprint:
        return Reused()
    if row["status"] is None:
        return InProgress()
    return Answer(row["status"], row["headers"], row["body"])

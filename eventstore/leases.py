"""Who does what there must be one of. A lease ends unless renewed; each change of owner has a number.

Only the database's clock counts. A lease makes sure that somebody works; that two never do harm is the
checkpoint's part, which refuses an older epoch.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from eventstore.pool import Pool, connection
from eventstore.store import StoreUnavailable
from eventstore.waiting import within

TTL = timedelta(seconds=10)
ACQUIRE = """
INSERT INTO es.leases AS held (name, owner, epoch, expires_at)
VALUES ($1, $2, 1, clock_timestamp() + $3::interval)
ON CONFLICT (name) DO UPDATE SET
    owner = excluded.owner,
    epoch = held.epoch + CASE WHEN held.owner = excluded.owner THEN 0 ELSE 1 END,
    expires_at = excluded.expires_at
WHERE held.owner = excluded.owner OR held.expires_at <= clock_timestamp()
RETURNING epoch
"""
RENEW = """
UPDATE es.leases SET expires_at = clock_timestamp() + $4::interval
WHERE name = $1 AND owner = $2 AND epoch = $3 AND expires_at > clock_timestamp()
RETURNING epoch
"""
RELEASE = "UPDATE es.leases SET expires_at = clock_timestamp() WHERE name = $1 AND owner = $2 AND epoch = $3"


class Leases:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def acquire(self, name: str, owner: str, ttl: timedelta = TTL) -> int | None:
        """The epoch, or None while another owner holds the lease. Raises StoreUnavailable."""
        async with connection(self._pool) as acquired:
            epoch: int | None = await acquired.fetchval(ACQUIRE, name, owner, ttl)
        return epoch

    async def renew(self, name: str, owner: str, epoch: int, ttl: timedelta = TTL) -> bool:
        """False: the lease has expired or is another's. Raises StoreUnavailable."""
        async with connection(self._pool) as acquired:
            return await acquired.fetchval(RENEW, name, owner, epoch, ttl) is not None

    async def release(self, name: str, owner: str, epoch: int) -> None:
        """The next owner need not wait for the end. Raises StoreUnavailable."""
        async with connection(self._pool) as acquired:
            await acquired.execute(RELEASE, name, owner, epoch)


@dataclass(slots=True)
class Lease:
    """A lease of ours. Work while it isn't `lost`; `epoch` goes with every move of a checkpoint."""

    name: str
    owner: str
    epoch: int
    lost: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def holding(
    leases: Leases, name: str, stop: asyncio.Event, ttl: timedelta = TTL, owner: str | None = None
) -> AsyncIterator[Lease | None]:
    """Wait for the lease, keep renewing it inside, release it at the end. None: `stop` was set first.

    An `owner` that is sure to run once at a time may give its name, and goes on at once after a crash.
    """
    lease = await _wait_for(leases, name, owner or uuid4().hex, stop, ttl)
    if lease is None:
        yield None
        return
    renewing = asyncio.create_task(_keep(leases, lease, ttl))
    try:
        yield lease
    finally:
        renewing.cancel()
        await asyncio.wait({renewing})
        with suppress(StoreUnavailable):  # it expires by itself
            await leases.release(name, lease.owner, lease.epoch)


async def _wait_for(
    leases: Leases, name: str, owner: str, stop: asyncio.Event, ttl: timedelta
) -> Lease | None:
    while not stop.is_set():
        with suppress(StoreUnavailable):
            epoch = await leases.acquire(name, owner, ttl)
            if epoch is not None:
                return Lease(name, owner, epoch)
        await within(ttl.total_seconds() / 5, stop)
    return None


async def _keep(leases: Leases, lease: Lease, ttl: timedelta) -> None:
    """Renew until that fails. While the database is away the lease counts as ours until its time is over."""
    loop = asyncio.get_running_loop()
    good_until = loop.time() + ttl.total_seconds()
    while loop.time() < good_until:
        await asyncio.sleep(ttl.total_seconds() / 5)
        with suppress(StoreUnavailable):
            asked_at = loop.time()
            if not await leases.renew(lease.name, lease.owner, lease.epoch, ttl):
                break
            good_until = asked_at + ttl.total_seconds()
    lease.lost.set()

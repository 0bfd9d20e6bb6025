"""What every process needs: the database, the event store on it, the command handler."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from eventstore.codec import Codec
from eventstore.feed import Feed
from eventstore.leases import Leases
from eventstore.pool import Pool, connect_pool
from eventstore.postgres import PostgresStore
from service.administration import Administration
from service.clock import Clock, system_clock
from service.codec import build_codec
from service.commands.handler import CommandHandler
from service.config import Settings
from service.readmodels.rendering import Places
from service.vault.credentials import Credentials

API_TIMEOUT = 3.0
WORKER_TIMEOUT = 30.0


class DatabaseUrlMissing(Exception):
    """Set DATABASE_URL, or use `statuspages up`, which brings its own PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Core:
    settings: Settings
    dsn: str
    pool: Pool
    store: PostgresStore
    feed: Feed
    leases: Leases
    codec: Codec
    commands: CommandHandler
    clock: Clock

    @property
    def places(self) -> Places:
        return Places(self.settings.base_url, self.settings.media_base_url)

    @property
    def administration(self) -> Administration:
        return Administration(self.commands, Credentials(self.pool), self.clock)


@asynccontextmanager
async def open_core(
    settings: Settings, name: str, command_timeout: float, clock: Clock = system_clock
) -> AsyncIterator[Core]:
    """Connects when first needed, so that a process starts while the database is away.

    `name` shows in the database's list of connections. Raises DatabaseUrlMissing.
    """
    if settings.database_url is None:
        raise DatabaseUrlMissing(DatabaseUrlMissing.__doc__)
    dsn = settings.database_url
    pool = await connect_pool(dsn, min_size=0, command_timeout=command_timeout, application_name=name)
    try:
        store = PostgresStore(pool)
        codec = build_codec()
        async with Feed(dsn, store) as feed:
            commands = CommandHandler(store, codec)
            yield Core(settings, dsn, pool, store, feed, Leases(pool), codec, commands, clock)
    finally:
        await pool.close()

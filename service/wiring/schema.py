"""The database made ready: the migrations, and the first generation of every projection's tables."""

from eventstore.migrate import migrate
from eventstore.pool import connect_pool, connection
from service.wiring.core import WORKER_TIMEOUT
from workers.projections.generations import ensure_live
from workers.projections.registry import PROJECTIONS


async def prepare_database(dsn: str) -> list[str]:
    """The migrations that were applied now. Raises StoreUnavailable, OSError, MigrationChanged."""
    applied = await migrate(dsn)
    pool = await connect_pool(dsn, command_timeout=WORKER_TIMEOUT, application_name="statuspages migrate")
    try:
        async with connection(pool) as conn:
            for projection in PROJECTIONS.values():
                await ensure_live(conn, projection)
    finally:
        await pool.close()
    return applied

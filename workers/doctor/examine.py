"""All the checks, on one snapshot of the database."""

from collections.abc import Awaitable, Callable, Collection

from eventstore.bus.protocol import BusUnavailable
from eventstore.migrate import MIGRATIONS
from eventstore.pool import Connection, Pool, connection
from workers.doctor import deliveries, log, readers
from workers.doctor.finding import Finding

LEDGER = "SELECT to_regclass('es_migrations') IS NOT NULL"
APPLIED = "SELECT name FROM es_migrations"


async def examine(
    pool: Pool, known_types: Collection[str], reach_broker: Callable[[], Awaitable[None]] | None
) -> list[Finding]:
    """`reach_broker` raises BusUnavailable; None: there is no broker. Raises StoreUnavailable."""
    broker = [] if reach_broker is None else [await _broker(reach_broker)]
    async with connection(pool) as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        migrations = await _migrations(conn)
        if not migrations.well:
            return [migrations, *broker]
        return [
            migrations,
            *broker,
            await log.positions(conn),
            await log.versions(conn),
            await log.types(conn, known_types),
            *await readers.readers(conn, with_relay=reach_broker is not None),
            *await readers.leases(conn),
            *await deliveries.deliveries(conn),
        ]


async def _migrations(conn: Connection) -> Finding:
    applied: set[str] = set()
    if await conn.fetchval(LEDGER):
        applied = {row["name"] for row in await conn.fetch(APPLIED)}
    pending = sorted({file.name for file in MIGRATIONS.glob("*.sql")} - applied)
    if not pending:
        return Finding("migrations", f"all {len(applied)} are applied")
    advice = "statuspages migrate; the rest is looked at when that is done"
    return Finding("migrations", f"pending: {', '.join(pending)}", advice)


async def _broker(reach: Callable[[], Awaitable[None]]) -> Finding:
    try:
        await reach()
    except BusUnavailable as error:
        advice = "is RabbitMQ up, and AMQP_URL right? Meanwhile consumers read the log themselves"
        return Finding("broker", f"out of reach: {error}", advice)
    return Finding("broker", "RabbitMQ answers")

"""A deployment as a file, and back: which of its tables move, and under which secret key."""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version

from eventstore.migrate import migrate
from eventstore.moving import header as headers
from eventstore.moving.errors import MoveRefused
from eventstore.moving.header import Header
from eventstore.moving.incoming import check_release, load
from eventstore.moving.outgoing import Exported, Source, export
from eventstore.moving.progress import Progress
from eventstore.moving.seals import SealedReader, Write
from eventstore.moving.selection import CHECKPOINTS, Selection
from eventstore.pool import connect_pool
from service.wiring.schema import prepare_database

LONGEST_STATEMENT = 3600.0
MADE_ANEW = Selection(
    schemas=frozenset({"rm"}),
    tables=frozenset({"es.leases", "es.snapshots", "notify.tally", "public.es_migrations"}),
    rows={CHECKPOINTS: "name LIKE '%@%'"},
)
"""What migrations, triggers, projections and command handlers make anew.

A generation's checkpoint is `name@number`.
"""
SECRET_SCHEMAS = frozenset({"vault"})
SECRET_TABLES = frozenset({"public.idempotency_keys"})
OTHER_KEY = (
    "This export was made under another STATUSPAGES_SECRET_KEY: set that one, or leave it at another with"
    " --accept-other-key (mails that are under way are then sent with other links)."
)


async def export_database(
    dsn: str, write: Write, key: bytes | None, progress: Progress, *, secrets: bool
) -> Exported:
    """`secrets`: with addresses, hashes of tokens and passwords, and kept answers.

    Raises StoreUnavailable, and what `write` raises.
    """
    selection = MADE_ANEW if secrets else MADE_ANEW.without(schemas=SECRET_SCHEMAS, tables=SECRET_TABLES)
    source = Source(f"statuspages {version('statuspages')}", _fingerprint(key) if secrets else None)
    pool = await connect_pool(dsn, command_timeout=LONGEST_STATEMENT, application_name="statuspages export")
    try:
        return await export(pool, write, source, selection, progress)
    finally:
        await pool.close()


async def import_database(
    dsn: str, lines: Iterator[bytes], key: bytes | None, progress: Progress, *, other_key: bool
) -> Exported:
    """`other_key`: whatever key it was made under. Raises MoveRefused, StoreUnavailable, MigrationChanged."""
    reader = SealedReader(lines)
    header = headers.decode(reader.read())
    check_release(header)
    if not other_key:
        _check_key(header, key)
    await migrate(dsn, only=header.migrations)
    pool = await connect_pool(dsn, command_timeout=LONGEST_STATEMENT, application_name="statuspages import")
    try:
        digest = await load(pool, header, reader, MADE_ANEW, progress)
    finally:
        await pool.close()
    await prepare_database(dsn)
    return Exported(header, digest)


def _check_key(header: Header, key: bytes | None) -> None:
    if header.key is not None and header.key != _fingerprint(key):
        raise MoveRefused(OTHER_KEY)


def _fingerprint(key: bytes | None) -> str | None:
    """Tells keys apart, and says nothing about them."""
    if key is None:
        return None
    return hmac.digest(key, b"fingerprint", sha256).hex()[:16]

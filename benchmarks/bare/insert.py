"""One event, one INSERT, one commit, into a table with the columns and indexes of ours."""

import itertools
from typing import Any
from uuid import UUID, uuid4

from eventstore.pool import Connection

CREATE = (
    "CREATE TABLE bare_events (LIKE es.events INCLUDING ALL)",
    "CREATE SEQUENCE bare_positions",
    "ALTER TABLE bare_events ALTER COLUMN position SET DEFAULT nextval('bare_positions')",
)
INSERT = """
INSERT INTO bare_events (stream, version, event_id, type, schema_version, data, actor, tenant_id, subject_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_versions = itertools.count(1)


async def create_table(connection: Connection) -> None:
    for statement in CREATE:
        await connection.execute(statement)


def values(
    stream: str, event_type: str, data: dict[str, Any], tenant_id: UUID, subject_id: UUID
) -> list[Any]:
    """What INSERT takes."""
    return [stream, next(_versions), uuid4(), event_type, 1, data, "bare", tenant_id, subject_id]

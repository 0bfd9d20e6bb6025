"""A PostgreSQL of one's own in a data directory: `async with EmbeddedPostgres(path) as server: server.dsn`."""

from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

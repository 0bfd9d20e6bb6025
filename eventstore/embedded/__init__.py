"""An own PostgreSQL in a data directory: `async with EmbeddedPostgres(path) as postgres: postgres.dsn`."""

from eventstore.embedded.errors import EmbeddedPostgresError
from eventstore.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

"""What the driver raises, in the store's words: the one place where its errors are read."""

import asyncpg

from eventstore.store import StoreUnavailable

UNAVAILABLE_CLASSES = ("08", "53", "57", "58")
"""SQLSTATE classes: connection lost, out of resources, operator intervention, system error."""
UNAVAILABLE_STATES = ("25006", "25P03", "40001", "40P01", "55P03")
"""Read-only server, idle too long, serialization failure, deadlock, lock timeout: another try may succeed."""
STALE_STATES = ("25006", "57P01", "57P02", "57P03")
"""The server behind the open connections went away or turned read-only: open new ones."""


class TableGone(Exception):
    """A statement names a table that is not there, or not there any more."""


def is_unavailable(error: BaseException) -> bool:
    """Whether the database was away or too slow, rather than asked for something wrong."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state.startswith(UNAVAILABLE_CLASSES) or state in UNAVAILABLE_STATES
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError)  # that one is about the arguments
    return isinstance(error, OSError | TimeoutError | asyncpg.InternalClientError)


def is_stale(error: BaseException) -> bool:
    """Whether the pool's other connections lead to the same dead end."""
    if isinstance(error, asyncpg.PostgresConnectionError):
        return True
    return isinstance(error, asyncpg.PostgresError) and error.sqlstate in STALE_STATES


def store_unavailable(error: BaseException) -> StoreUnavailable:
    """The error for the caller: what kind of failure it was, without the statement's values."""
    return StoreUnavailable(f"PostgreSQL is unavailable ({type(error).__name__})")

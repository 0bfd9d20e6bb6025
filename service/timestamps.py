"""Times as text.

The log writes ISO 8601 in UTC and leaves out a fraction of zero, which neither sorts nor suits strict
readers; the API always shows milliseconds.
"""

from datetime import UTC, datetime


def sortable(at: str) -> str:
    """A time of the log with its six digits of fraction, so that text order is the order of time."""
    return at if at[19] == "." else f"{at[:19]}.000000Z"


def shown(at: str) -> str:
    """A time of the log as the API shows it: `2026-11-24T18:00:00.123Z`."""
    return f"{sortable(at)[:23]}Z"


def shown_or_none(at: str | None) -> str | None:
    return None if at is None else shown(at)


def text(at: datetime) -> str:
    """A time as the API shows it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def millisecond_of_day(at: str) -> int:
    """Of a time of the log with its fraction; what is finer is cut off."""
    return int(at[11:13]) * 3_600_000 + int(at[14:16]) * 60_000 + int(at[17:19]) * 1000 + int(at[20:23])


def parsed(at: str) -> datetime:
    """A time of the log or of the API."""
    return datetime.fromisoformat(at)

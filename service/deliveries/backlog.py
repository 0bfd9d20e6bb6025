"""What waits to be sent or to be planned, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass

from eventstore.pool import Connection
from service.domain.values import ChannelType

# Of each channel the first row of an index, and the rows of another that holds only what is open.
OVERDUE = """
SELECT by.channel_type,
    greatest(extract(epoch FROM clock_timestamp() - due.since), 0)::float8 AS seconds
FROM unnest($1::text[]) AS by (channel_type) CROSS JOIN LATERAL (
    SELECT min(d.next_attempt_at) AS since FROM notify.deliveries d
    WHERE d.channel_type = by.channel_type AND d.state IN ('pending', 'sending')
) due
WHERE due.since IS NOT NULL
"""
PLANS = """
SELECT count(*) AS count,
    coalesce(extract(epoch FROM clock_timestamp() - min(touched_at)), 0)::float8 AS seconds
FROM notify.plans WHERE done_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """`overdue`: for how many seconds the oldest delivery of a channel has been due, if there is one.

    `plans`: how many are open; `untouched`: for how many seconds nobody has worked on one of them.
    """

    overdue: Mapping[str, float]
    plans: int
    untouched: float


async def backlog(conn: Connection) -> Backlog:
    overdue = await conn.fetch(OVERDUE, list(map(str, ChannelType)))
    [plans] = await conn.fetch(PLANS)
    ages = {row["channel_type"]: row["seconds"] for row in overdue}
    return Backlog(ages, plans["count"], max(0.0, plans["seconds"]))

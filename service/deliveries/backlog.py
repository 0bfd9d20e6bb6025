"""What waits to be sent or to be planned, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass

from eventstore.pool import Connection
from service.domain.values import ChannelType

# Of each channel the first row of an index, asked for in that index's own order: with an equality alone,
# statistics may lead to an index without the channel, in which all that waits would be read.
OVERDUE = """
SELECT first.channel_type,
    greatest(extract(epoch FROM clock_timestamp() - first.next_attempt_at), 0)::float8 AS seconds
FROM unnest($1::text[]) AS by (channel_type) CROSS JOIN LATERAL (
    SELECT d.channel_type, d.next_attempt_at FROM notify.deliveries d
    WHERE d.finished_at IS NULL AND d.channel_type >= by.channel_type
    ORDER BY d.channel_type, d.next_attempt_at LIMIT 1
) first
WHERE first.channel_type = by.channel_type
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

"""How many deliveries there are in each state: kept by the database as they move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from eventstore.pool import Connection, Pool, connection
from service.deliveries.wanted import STATES

# What deliverers have in hand is no phase of its own, so that is counted.
OF_PAGE = """
SELECT state, (sum(came) - sum(went))::bigint AS count FROM notify.tally WHERE page_id = $1 GROUP BY state
UNION ALL
SELECT 'sending', count(*) FROM notify.deliveries
WHERE phase = 'waiting' AND state = 'sending' AND page_id = $1
"""
TOTALS = """
SELECT channel_type, state, sum(came)::bigint AS came, (sum(came) - sum(went))::bigint AS present
FROM notify.tally GROUP BY channel_type, state ORDER BY channel_type, state
"""
# Whoever reads meanwhile sees the rows that it takes or the one that it adds, never both.
ADD_UP = """
WITH several AS (
    SELECT page_id, channel_type, state FROM notify.tally GROUP BY page_id, channel_type, state
    HAVING count(*) > 1
), taken AS (
    DELETE FROM notify.tally USING several
    WHERE (tally.page_id, tally.channel_type, tally.state)
        = (several.page_id, several.channel_type, several.state)
    RETURNING tally.*
)
INSERT INTO notify.tally (page_id, channel_type, state, came, went)
SELECT page_id, channel_type, state, sum(came), sum(went) FROM taken GROUP BY page_id, channel_type, state
"""


@dataclass(frozen=True, slots=True)
class Total:
    """`state`: a phase, so `waiting` for pending and sending.

    `came`: how often a delivery came into it, ever. `present`: how many are in it now.
    """

    channel_type: str
    state: str
    came: int
    present: int


class Tally:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_page(self, page_id: UUID) -> Mapping[str, int]:
        """How many there are of each state."""
        async with connection(self._pool) as conn:
            counts = {row["state"]: row["count"] for row in await conn.fetch(OF_PAGE, page_id)}
        pending = counts.pop("waiting", 0) - counts["sending"]
        return dict.fromkeys(STATES, 0) | counts | {"pending": pending}

    async def add_up(self) -> None:
        """Fewer rows that say the same."""
        async with connection(self._pool) as conn:
            await conn.execute(ADD_UP)


async def totals(conn: Connection) -> Sequence[Total]:
    """Of all pages, without those channels and states that no delivery ever came to."""
    return [Total(**row) for row in await conn.fetch(TOTALS)]

"""Who would be told of a matter now: a page's verified subscriptions that want it, counted in one query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.values import ChannelType
from service.notices import WANTED, Matter

SAMPLE = 20
WANT_IT = WANTED.format(incident_id="$2::text", component_ids="$3::text[]")
COUNT = f"""
WITH audience AS MATERIALIZED (
    SELECT key, document->>'channel_type' AS channel, created_at FROM rm.subscriptions
    WHERE page_id = $1 AND status = 'verified' AND {WANT_IT}
), oldest AS (
    SELECT key, created_at FROM audience ORDER BY created_at, key LIMIT $4
)
SELECT
    (SELECT jsonb_object_agg(channel, count)
     FROM (SELECT channel, count(*) AS count FROM audience GROUP BY channel) AS counted) AS by_channel,
    (SELECT array_agg(c.address ORDER BY o.created_at, o.key)
     FROM oldest o JOIN vault.contacts c ON c.subscription_id = o.key::uuid) AS sample
"""


@dataclass(frozen=True, slots=True)
class Recipients:
    """How many are reached by each channel; `sample`: addresses of the oldest subscriptions, at most 20."""

    by_channel: Mapping[str, int]
    sample: Sequence[str]

    @property
    def total(self) -> int:
        return sum(self.by_channel.values())


NOBODY = Recipients(dict.fromkeys(map(str, ChannelType), 0), ())


class Audience:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, page_id: UUID, matter: Matter) -> Recipients:
        incident_id = None if matter.incident_id is None else str(matter.incident_id)
        component_ids = [str(component_id) for component_id in matter.component_ids]
        async with connection(self._pool) as conn:
            [row] = await conn.fetch(COUNT, page_id, incident_id, component_ids, SAMPLE)
        return Recipients({**NOBODY.by_channel, **(row["by_channel"] or {})}, row["sample"] or ())

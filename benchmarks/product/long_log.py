"""A long past written straight into the log: what appends would have left, in a fraction of their time."""

from datetime import timedelta
from uuid import UUID

from benchmarks.product.history import DAYS
from benchmarks.product.seeding import Seed
from eventstore.pool import connection
from service.wiring.core import Core

# A component's status changes number $6 + 1 to $6 + its count: its first event was that it was added.
WRITE = """
INSERT INTO es.events (
    position, stream, version, event_id, type, schema_version, data, actor, tenant_id, subject_id
)
SELECT (SELECT max(position) FROM es.events) + row_number() OVER (ORDER BY at, component),
    'component-' || component, $6 * count + number + 1, gen_random_uuid(), 'ComponentStatusChanged', 1,
    jsonb_build_object(
        'component_id', component, 'page_id', page, 'reason', NULL,
        'status', CASE WHEN number % 2 = 1 THEN 'partial_outage' ELSE 'operational' END,
        'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ),
    'benchmark', $7, page
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS found (component, page, count),
    generate_series(1, count) AS number,
    LATERAL (SELECT $4::timestamptz + $5::interval * (number / (count + 1.0)) AS at) AS said
"""


async def write_rounds(core: Core, seed: Seed, rounds: int, at_once: dict[tuple[UUID, UUID], int]) -> None:
    """In each round so many status changes of each (component, its page), in the order of their times, over
    the round's share of the days. Nobody else may append meanwhile."""
    share = timedelta(days=DAYS) / rounds
    start = core.clock() - timedelta(days=DAYS)
    components, pages = (list(ids) for ids in zip(*at_once, strict=True))
    counts = list(at_once.values())
    async with connection(core.pool) as conn:
        for number in range(rounds):
            of = start + share * number, share, number
            await conn.execute(WRITE, components, pages, counts, *of, seed.organisation_id)

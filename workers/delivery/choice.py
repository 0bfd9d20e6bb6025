"""Which of the deliveries that are due come next, in SQL.

It walks from page to page and in each from host to host, by one look at an index a step (a "loose index
scan"), and stops when it has enough: so it costs the same whether ten wait or a hundred thousand, a host that
is full or rests costs one step, and whoever goes on `after` the last page serves the pages in turns: behind
the last one comes the first again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

FIRST = UUID(int=0)


class Kind(StrEnum):
    """What one deliverer sends; each has an index of its own, by exactly this condition."""

    MAILS = "channel_type = 'email'"
    POSTS = "channel_type <> 'email'"


@dataclass(frozen=True, slots=True)
class Choice:
    """At most `limit`, of the pages behind `after` first; `narrow`: of these hosts at most that many, of
    others `per_host`; `overdue`: only what has been due for that long."""

    limit: int
    per_host: int
    narrow: Mapping[str, int] = field(default_factory=dict)
    after: UUID = FIRST
    overdue: timedelta = timedelta(0)


WAITING = "phase = 'waiting' AND {kind}"
ROOM = "coalesce((SELECT room FROM narrow WHERE narrow.host = {host}), $2)"
# Parameters: limit, per host, the narrow hosts, their room.
NARROW = """
RECURSIVE narrow AS MATERIALIZED (
    SELECT * FROM unnest($3::text[], $4::int[]) AS narrow (host, room)
)"""


def _pages(name: str, where: str) -> str:
    """The common table expression `name (page_id)`: the pages for which something waits, and a NULL."""
    first = f"SELECT page_id FROM notify.deliveries WHERE {WAITING} AND {where}"
    step = "ORDER BY page_id LIMIT 1"
    return f"""{name} AS (
    ({first} {step})
    UNION ALL
    SELECT ({first} AND page_id > {name}.page_id {step}) FROM {name} WHERE page_id IS NOT NULL
)"""


# What is newer about a thing waits for what is being sent about it.
IN_ORDER = """
NOT EXISTS (
    SELECT FROM notify.deliveries older
    WHERE older.subscription_id = due.subscription_id AND older.thing_id = due.thing_id
        AND older.position < due.position AND older.state = 'sending' AND older.lease_until > now()
)"""
NUMBERED = f"""
chosen AS (
    SELECT delivery_id FROM (
        SELECT delivery_id, host, row_number() OVER (PARTITION BY host) AS number FROM found
    ) numbered
    WHERE number <= {ROOM.format(host="numbered.host")}
)"""
# Further parameters: after, overdue.
CHOSEN = f"""{NARROW}, {_pages("ahead", "page_id > $5")}, {_pages("again", "page_id <= $5")}, found AS (
    SELECT due.delivery_id, lane.host
    FROM (TABLE ahead UNION ALL TABLE again) page CROSS JOIN LATERAL (
        WITH RECURSIVE lane AS (
            (SELECT host FROM notify.deliveries
                WHERE {WAITING} AND page_id = page.page_id ORDER BY host LIMIT 1)
            UNION ALL
            SELECT (SELECT d.host FROM notify.deliveries d
                WHERE {WAITING} AND d.page_id = page.page_id AND d.host > lane.host ORDER BY d.host LIMIT 1)
            FROM lane WHERE host IS NOT NULL
        )
        SELECT host FROM lane WHERE host IS NOT NULL
    ) lane CROSS JOIN LATERAL (
        SELECT delivery_id FROM notify.deliveries due
        WHERE {WAITING} AND page_id = page.page_id AND host = lane.host
            AND next_attempt_at <= now() - $6::interval
            AND (lease_until IS NULL OR lease_until <= now() - $6::interval) AND {IN_ORDER}
        ORDER BY next_attempt_at LIMIT {ROOM.format(host="lane.host")} FOR UPDATE SKIP LOCKED
    ) due
    WHERE page.page_id IS NOT NULL LIMIT $1
), {NUMBERED}"""
# A further parameter: the ids.
GIVEN = f"""{NARROW}, found AS (
    SELECT delivery_id, host FROM notify.deliveries due
    WHERE delivery_id = ANY($5::uuid[]) AND {WAITING} AND dispatched_at IS NOT NULL
        AND (lease_until IS NULL OR lease_until <= now()) AND {IN_ORDER}
    LIMIT $1 FOR UPDATE SKIP LOCKED
), {NUMBERED}"""


def chosen(kind: Kind) -> str:
    """The common table expressions, of which the last is `chosen (delivery_id)`."""
    return CHOSEN.format(kind=kind)


def values(choice: Choice) -> tuple[object, ...]:
    """The parameters of `chosen`."""
    return *_narrow(choice), choice.after, choice.overdue


def last_page(pages: Iterable[UUID], after: UUID) -> UUID:
    """The one to go on after: of `pages`, chosen `after` that one, the last in turn; FIRST without any."""
    return max(pages, key=lambda page: (page <= after, page), default=FIRST)


def given(kind: Kind) -> str:
    """The same of deliveries that are dispatched, by their ids."""
    return GIVEN.format(kind=kind)


def given_values(choice: Choice, ids: Sequence[UUID]) -> tuple[object, ...]:
    """The parameters of `given`."""
    return *_narrow(choice), list(ids)


def _narrow(choice: Choice) -> tuple[object, ...]:
    narrow = choice.narrow
    return choice.limit, choice.per_host, list(narrow), list(narrow.values())

"""Which subscriptions want a matter: one answer, asked of one subscription and of all of them in SQL."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations, product
from uuid import UUID

import pytest

from eventstore.pool import connect_pool, connection
from service.domain.layout import Layout
from service.domain.statuspage import Page, Settings
from service.domain.values import PageType
from service.notices import CHOSE, WANTED, Matter, tells, wants
from tests.service.domain.facts import (
    COMPONENT_ID,
    INCIDENT_ID,
    ORGANISATION_ID,
    OTHER_COMPONENT_ID,
    OTHER_INCIDENT_ID,
    PAGE_ID,
    RESOURCE_ID,
)

COMPONENTS = (COMPONENT_ID, OTHER_COMPONENT_ID, RESOURCE_ID)
INCIDENTS = (None, INCIDENT_ID, OTHER_INCIDENT_ID)
OUTAGE = Matter(INCIDENT_ID, frozenset({COMPONENT_ID}))
WINDOW = Matter(None, frozenset({COMPONENT_ID}))
ASK = f"""
SELECT {WANTED.format(incident_id="asked.incident_id", component_ids="asked.component_ids")}
FROM (SELECT $1::jsonb AS document, $2::text AS incident_id, $3::text[] AS component_ids) AS asked
"""
ASK_COLUMNS = f"""
SELECT {CHOSE.format(incident_id="$3::uuid", component_ids="$4::uuid[]")}
FROM (SELECT $1::uuid[] AS component_ids, $2::uuid AS incident_id) AS s
"""
Choice = tuple[tuple[UUID, ...], UUID | None]


def choices() -> Iterator[Choice]:
    """Any set of three components, with none or one of two incidents."""
    sets = chain.from_iterable(combinations(COMPONENTS, size) for size in range(4))
    return product(sets, INCIDENTS)


@pytest.mark.parametrize(
    ("component_ids", "incident_id", "matter", "wanted"),
    [
        ((), None, OUTAGE, True),
        ((), None, Matter(INCIDENT_ID, frozenset()), True),
        ((COMPONENT_ID, RESOURCE_ID), None, OUTAGE, True),
        ((RESOURCE_ID,), None, OUTAGE, False),
        ((COMPONENT_ID,), None, Matter(INCIDENT_ID, frozenset()), False),
        ((), INCIDENT_ID, OUTAGE, True),
        ((RESOURCE_ID,), INCIDENT_ID, OUTAGE, True),
        ((COMPONENT_ID,), OTHER_INCIDENT_ID, OUTAGE, False),
        ((COMPONENT_ID,), None, WINDOW, True),
        ((), INCIDENT_ID, WINDOW, False),
    ],
)
def test_a_choice_is_kept_to(
    component_ids: tuple[UUID, ...], incident_id: UUID | None, matter: Matter, wanted: bool
) -> None:
    assert wants(component_ids, incident_id, matter) is wanted


async def test_sql_gives_the_same_answer_for_every_subscription_and_matter(database: str) -> None:
    pool = await connect_pool(database, command_timeout=30)
    try:
        async with connection(pool) as conn:
            asking, asking_columns = await conn.prepare(ASK), await conn.prepare(ASK_COLUMNS)
            for chosen, happened in product(choices(), choices()):
                component_ids, incident_id = happened
                answer = await asking.fetchval(document(chosen), text(incident_id), texts(component_ids))
                assert answer is wants(*chosen, Matter(incident_id, frozenset(component_ids)))
                assert await asking_columns.fetchval(*chosen, incident_id, component_ids) is answer
    finally:
        await pool.close()


def document(choice: Choice) -> dict[str, object]:
    return {"component_ids": texts(choice[0]), "incident_id": text(choice[1])}


def text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def texts(values: tuple[UUID, ...]) -> list[str]:
    return [str(value) for value in values]


def test_a_page_that_visitors_cannot_see_tells_nothing() -> None:
    page = Page(PAGE_ID, ORGANISATION_ID, Settings("Acme", "", "acme", PageType.PUBLIC), None, Layout())
    assert tells(page)
    assert not tells(replace(page, enabled=False))
    assert not tells(replace(page, deleted=True))
    private = replace(page.settings, type=PageType.PRIVATE, ip_addresses=("192.0.2.1",))
    assert not tells(replace(page, settings=private))

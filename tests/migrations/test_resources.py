"""0012: components that were bound to a resource before resources had streams are reached by reports."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from eventstore.events import Append, Appended, Context, StreamWrite
from eventstore.migrate import MIGRATIONS, migrate
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore
from service.codec import build_codec
from service.commands.handler import CommandHandler, Origin
from service.commands.resources import Batch, FindBatches
from service.domain.component import (
    COMPONENT,
    ComponentAdded,
    ComponentDetailsChanged,
    ComponentRemoved,
    Details,
    Event,
)
from service.domain.errors import NotFound
from service.domain.values import ComponentStatus, ComponentType
from tests.environment.postgres import fresh_database
from tests.service.domain.facts import NOON, ORGANISATION_ID, PAGE_ID, RESOURCE_ID
from workers.doctor.log import positions, versions

CODEC = build_codec()
OTHER_RESOURCE_ID = uuid4()
SHOWING = Details("API", None, ComponentType.RESOURCE, RESOURCE_ID)


@pytest.fixture
async def before(postgres_dsn: str, tmp_path: Path) -> AsyncIterator[str]:
    """A database as it was before this migration."""
    for file in sorted(MIGRATIONS.glob("*.sql")):
        if file.name < "0012":
            shutil.copy(file, tmp_path)
    async with fresh_database(postgres_dsn) as dsn:
        await migrate(dsn, tmp_path)
        yield dsn


@pytest.fixture
async def pool(before: str) -> AsyncIterator[Pool]:
    async with await connect_pool(before) as pool:
        yield pool


async def recorded(pool: Pool, component_id: UUID, *events: Event) -> None:
    """As the command handler of that time recorded it."""
    stored = tuple(CODEC.encode(event) for event in events)
    write = StreamWrite(COMPONENT.stream(component_id), 0, stored)
    context = Context(uuid4(), tenant_id=ORGANISATION_ID, subject_id=PAGE_ID)
    assert isinstance(await PostgresStore(pool).append(Append((write,), context)), Appended)


def added(component_id: UUID, details: Details) -> ComponentAdded:
    return ComponentAdded(component_id, PAGE_ID, ORGANISATION_ID, details, ComponentStatus.OPERATIONAL, NOON)


async def bound(pool: Pool, resource_id: UUID) -> list[Batch]:
    commands = CommandHandler(PostgresStore(pool), CODEC)
    find = FindBatches(ORGANISATION_ID, resource_id)
    return (await commands.run(Origin(uuid4(), "tests"), "resource", find)).result or []


async def test_what_was_bound_is_bound_and_nothing_else(before: str, pool: Pool) -> None:
    first, second, manual, moved, removed = (uuid4() for _ in range(5))
    await recorded(pool, first, added(first, SHOWING))
    await recorded(pool, manual, added(manual, Details("By hand", resource_id=RESOURCE_ID)))
    elsewhere = Details("API", None, ComponentType.RESOURCE, OTHER_RESOURCE_ID)
    change = ComponentDetailsChanged(moved, PAGE_ID, elsewhere, NOON)
    await recorded(pool, moved, added(moved, SHOWING), change)
    await recorded(pool, removed, added(removed, SHOWING), ComponentRemoved(removed, PAGE_ID, NOON))
    await recorded(pool, second, added(second, SHOWING))

    await migrate(before)

    assert await bound(pool, RESOURCE_ID) == [Batch(PAGE_ID, (first, second))]
    assert await bound(pool, OTHER_RESOURCE_ID) == [Batch(PAGE_ID, (moved,))]
    async with connection(pool) as conn:
        assert (await positions(conn)).text == "10 events, without a gap"
        assert (await versions(conn)).well


async def test_on_an_empty_log_nothing_happens(before: str, pool: Pool) -> None:
    await migrate(before)
    assert await PostgresStore(pool).head() == 0
    with pytest.raises(NotFound):
        await bound(pool, RESOURCE_ID)

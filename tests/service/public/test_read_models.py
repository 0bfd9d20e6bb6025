"""The public side over the real read models: what the API wrote is what visitors see."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from eventstore.pool import Pool, connect_pool
from service.http.server import serve
from service.public.page import ReadModels
from service.readmodels.incidents import Incidents
from service.readmodels.maintenances import Maintenances
from service.readmodels.pages import Pages
from service.readmodels.statistics import ComponentHistory
from tests.service.api.seed import page_body
from tests.service.deployment import Deployment
from tests.service.public.conftest import Visitor, application
from tests.service.public.fakes import SteppedClock


@dataclass(frozen=True, slots=True)
class Public:
    """`pool` is its own, and the test's to close."""

    visitor: Visitor
    pool: Pool
    history: ComponentHistory


@pytest.fixture
async def public(deployment: Deployment) -> AsyncIterator[Public]:
    core = deployment.core
    pool = await connect_pool(core.dsn, min_size=0)
    history = ComponentHistory(pool)
    models = ReadModels(Pages(pool, core.places), history, Incidents(pool), Maintenances(pool))
    app = application(models, SteppedClock(core.clock()))
    server = await serve(app, "127.0.0.1", 0)
    try:
        visitor = Visitor(deployment.session, f"http://127.0.0.1:{server.port}")
        yield Public(visitor, pool, history)
    finally:
        await server.stop()
        await pool.close()


async def create(deployment: Deployment, **changes: Any) -> dict[str, Any]:
    _, owner = await deployment.organisation()
    answer = await owner.post("/v1/statuspage", page_body(**changes))
    assert answer.status == 201
    page: dict[str, Any] = answer.json["statuspage"]
    return page


async def test_the_sample_page_is_seen_also_after_the_database_went_away(
    deployment: Deployment, public: Public
) -> None:
    path = f"/p/{(await create(deployment, page_name='Seen by visitors'))['subdomain']}"
    before = await public.visitor.get(path)
    for words in ("Seen by visitors", "Component name Operational", "Group name"):
        assert words in before.document.text
    await public.pool.close()
    after = await public.visitor.get(path)
    assert (after.status, after.html) == (200, before.html)
    assert (await public.visitor.get("/p/another")).status == 503


async def test_courses_of_many_are_the_courses_of_each(deployment: Deployment, public: Public) -> None:
    page = await create(deployment)
    ids = [UUID(page["components"][0]["id"]), UUID(page["groups"][0]["components"][0]["id"])]
    now = deployment.core.clock()
    for window in ((now - timedelta(days=90), now), (now + timedelta(days=2), now + timedelta(days=3))):
        asked = window, ZoneInfo("Europe/Berlin"), now
        together = await public.history.courses_of([*ids, uuid4()], *asked)
        assert together == {each: await public.history.course(each, *asked) for each in ids}
        assert all(together.values())

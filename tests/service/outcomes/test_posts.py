"""What endpoints do to webhooks, and what becomes of the message, its subscription and all others."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from service.domain.values import ChannelType
from tests.environment import endpoints
from tests.environment.certificate import make_certificate, serving_tls
from tests.environment.endpoints import Answering, Endpoint, closed_port, endpoint, nobody_accepts, says
from tests.environment.zone import dns_zone
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.outcome import Outcome, open_incident, outcomes, statuses
from tests.service.outcomes.subscribed import subscribed


class Row(NamedTuple):
    """The delivery is `state` for `reason`, if any, and not tried again before `wait` seconds."""

    state: str
    reason: str | None
    subscription: str = "verified"
    wait: int = 0


UNREACHABLE = Row("pending", "unreachable")
SENT = Row("sent", None)
METADATA = "Location: http://169.254.169.254/latest/meta-data/"
ANSWERS: dict[str, tuple[Answering, Row]] = {
    "no response": (endpoints.says_nothing, UNREACHABLE),
    "a drip of headers": (endpoints.drips, UNREACHABLE),
    "a reset": (endpoints.resets, UNREACHABLE),
    "an endless answer": (endpoints.never_ends, SENT),
    "a bomb": (endpoints.bomb(), SENT),
    "a redirect": (says(302, METADATA), Row("pending", "http 302")),
    "a redirect with the body": (says(307, METADATA), Row("pending", "http 307")),
    "gone": (says(410), Row("refused", "http 410", "quarantined")),
    "not found": (says(404), Row("refused", "http 404", "quarantined")),
    "bad request": (says(400), Row("pending", "http 400")),
    "too many": (says(429, "Retry-After: 120"), Row("pending", "http 429", wait=120)),
    "not now": (says(503, "Retry-After: 3600"), Row("pending", "http 503", wait=3600)),
    "not for a year": (says(503, "Retry-After: 31536000"), Row("pending", "http 503", wait=24 * 3600)),
    "broken": (says(500), Row("pending", "http 500")),
    **{f"healthy {number}": (says(204), SENT) for number in range(10)},
}
ELSEWHERE = ("refused", "no accept", "a certificate of nobody", "no such name", "no name server")
TABLE = {name: row for name, (_, row) in ANSWERS.items()} | dict.fromkeys(ELSEWHERE, UNREACHABLE)


@dataclass
class World:
    """Where each row's endpoint is, and what those heard that can hear."""

    urls: dict[str, str] = field(default_factory=dict)
    heard: dict[str, Endpoint] = field(default_factory=dict)
    dns_server: str = ""


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Each endpoint at a host of its own, or some would wait for others."""
    hosts = (f"127.0.1.{number}" for number in count(1))
    made = World()
    async with AsyncExitStack() as stack:
        for name, (answering, _) in ANSWERS.items():
            host = next(hosts)
            made.heard[name] = await stack.enter_async_context(endpoint(answering, host))
            made.urls[name] = f"http://{host}:{made.heard[name].port}/"
        await _elsewhere(made, stack, tmp_path_factory.mktemp("tls"))
        yield made


async def _elsewhere(made: World, stack: AsyncExitStack, directory: Path) -> None:
    zone = await stack.enter_async_context(dns_zone())
    zone.failing.add("no-name-server.internal")
    made.dns_server = zone.server
    full = await stack.enter_async_context(nobody_accepts("127.0.2.2"))
    tls = serving_tls(make_certificate(directory))
    unknown = await stack.enter_async_context(endpoint(says(204), "127.0.2.3", tls))
    made.heard["a certificate of nobody"] = unknown
    made.urls |= {
        "refused": f"http://127.0.2.1:{closed_port('127.0.2.1')}/",
        "no accept": f"http://127.0.2.2:{full}/",
        "a certificate of nobody": f"https://127.0.2.3:{unknown.port}/",
        "no such name": "http://no-such-name.internal/",
        "no name server": "http://no-name-server.internal/",
    }


@pytest.fixture(scope="module")
async def post(database: str, world: World, impatient: None) -> AsyncIterator[Mailing]:
    allowed = (ip_network("127.0.0.0/8"),)
    async with mailing(database, outgoing_allowed=allowed, dns_servers=(world.dns_server,)) as running:
        yield running


@pytest.fixture(scope="module")
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


@pytest.fixture(scope="module")
async def hooks(post: Mailing, page: dict[str, Any], world: World) -> dict[str, UUID]:
    return {name: await subscribed(post, page, ChannelType.WEBHOOK, url) for name, url in world.urls.items()}


@pytest.fixture(scope="module")
async def first(post: Mailing, page: dict[str, Any], hooks: dict[str, UUID]) -> dict[UUID, Outcome]:
    await post.policies_are_done()
    await open_incident(post, page)
    return await outcomes(post, page, len(hooks))


@pytest.mark.parametrize("name", TABLE)
def test_every_answer_has_its_outcome(hooks: dict[str, UUID], first: dict[UUID, Outcome], name: str) -> None:
    outcome, row = first[hooks[name]], TABLE[name]
    assert (outcome.state, outcome.reason) == (row.state, row.reason)
    if row.wait:
        assert row.wait - 5 < outcome.wait.total_seconds() <= row.wait * 1.1
    elif outcome.state == "pending":
        assert outcome.is_scheduled


async def test_only_what_is_gone_rests(
    post: Mailing, page: dict[str, Any], hooks: dict[str, UUID], first: dict[UUID, Outcome]
) -> None:
    found = await statuses(post, page)
    assert {name: found[each] for name, each in hooks.items()} == {
        name: row.subscription for name, row in TABLE.items()
    }


def test_who_is_healthy_or_strange_is_told_exactly_once(world: World, first: dict[UUID, Outcome]) -> None:
    sent = [name for name, row in TABLE.items() if row is SENT]
    assert {name: world.heard[name].requests for name in sent} == dict.fromkeys(sent, 1)


def test_who_cannot_prove_its_name_hears_nothing(world: World, first: dict[UUID, Outcome]) -> None:
    unknown = world.heard["a certificate of nobody"]
    assert unknown.requests == 0

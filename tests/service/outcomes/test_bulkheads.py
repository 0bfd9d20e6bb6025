"""Hosts that are gone, slow or silent delay nobody else: the healthy are told as fast as without them."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from ipaddress import ip_network
from typing import Any

import pytest

from service.domain.values import ChannelType
from tests.environment import endpoints
from tests.environment.endpoints import Answering, endpoint
from tests.environment.scripted_smtp import FALL_SILENT, scripted_smtp
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.arrivals import Arrivals
from tests.service.outcomes.outcome import open_incident
from tests.service.outcomes.patience import waiting_at_most
from tests.service.outcomes.subscribed import all_subscribed

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("senders")]

SLOWER = 3.0
"""How many times as long the healthy may take beside those that are not; the rest is the machine's noise."""
PATIENCE = 5.0
"""Seconds for which a sender waits: long enough to be seen, should it be anybody else's time."""
LEAST = 0.5
"""Seconds below which a time says more about the machine than about us."""


@pytest.fixture(scope="module")
def senders() -> Iterator[None]:
    with waiting_at_most(PATIENCE):
        yield


async def test_domains_that_never_answer_delay_no_other_mail(database: str) -> None:
    arrivals = Arrivals()
    healthy = [f"ada-{number}@healthy-{number % 40}.example" for number in range(400)]
    silent = [f"ada-{number}@silent-{number % 4}.example" for number in range(170)]
    async with scripted_smtp() as smtp, mailing(database, smtp_url=smtp.url) as post:
        smtp.domains = {f"silent-{number}.example": {"RCPT": FALL_SILENT} for number in range(4)}
        smtp.on_message = arrivals.came
        alone = await p99(post, ChannelType.EMAIL, healthy, [], arrivals)
        beside = await p99(post, ChannelType.EMAIL, healthy, silent, arrivals)
    assert beside < SLOWER * max(alone, LEAST), (alone, beside)


@pytest.fixture
async def arrivals() -> Arrivals:
    return Arrivals()


@pytest.fixture
async def healthy(arrivals: Arrivals) -> AsyncIterator[list[str]]:
    """At a hundred addresses, so that none waits for another."""
    async with AsyncExitStack() as stack:
        yield await _urls(stack, _telling(arrivals), [f"127.0.3.{number}" for number in range(1, 101)])


async def test_endpoints_that_never_answer_delay_no_other(
    database: str, arrivals: Arrivals, healthy: list[str]
) -> None:
    async with AsyncExitStack() as stack:
        silent = await _urls(stack, endpoints.says_nothing, [f"127.0.4.{number}" for number in range(1, 44)])
        await compared(database, arrivals, healthy, silent)


async def test_a_hundred_endpoints_on_one_slow_host_delay_no_other(
    database: str, arrivals: Arrivals, healthy: list[str]
) -> None:
    async with AsyncExitStack() as stack:
        [slow] = await _urls(stack, endpoints.says_nothing, ["127.0.5.1"])
        await compared(database, arrivals, healthy, [f"{slow}{number}" for number in range(100)])


async def compared(database: str, arrivals: Arrivals, healthy: list[str], others: list[str]) -> None:
    async with mailing(database, outgoing_allowed=(ip_network("127.0.0.0/8"),)) as post:
        alone = await p99(post, ChannelType.WEBHOOK, healthy, [], arrivals)
        beside = await p99(post, ChannelType.WEBHOOK, healthy, others, arrivals)
    assert beside < SLOWER * max(alone, LEAST), (alone, beside)


async def p99(
    post: Mailing, channel: ChannelType, healthy: Sequence[str], others: Sequence[str], arrivals: Arrivals
) -> float:
    """Seconds until 99 % of the healthy are told, on a page that has the others, too."""
    page: dict[str, Any] = await post.page()
    await all_subscribed(post, page, channel, [*others, *healthy])
    await post.policies_are_done()
    arrivals.begin()
    await open_incident(post, page)
    await eventually(lambda: len(arrivals.at) >= len(healthy), 60, "the healthy are told")
    return arrivals.p99()


async def _urls(stack: AsyncExitStack, answering: Answering, hosts: Sequence[str]) -> list[str]:
    made = [(host, await stack.enter_async_context(endpoint(answering, host))) for host in hosts]
    return [f"http://{host}:{each.port}/" for host, each in made]


def _telling(arrivals: Arrivals) -> Answering:
    async def answer(writer: asyncio.StreamWriter) -> None:
        arrivals.came()
        await endpoints.says(204)(writer)

    return answer

"""A sink on loopback, which the posters of these tests may reach, at noon."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from service.outgoing import Outgoing
from tests.environment.sink import Sink, sink
from tests.service.domain.facts import NOON
from workers.delivery.channels.posting import Poster

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def receiver() -> AsyncIterator[Sink]:
    async with sink() as receiver:
        yield receiver


@pytest.fixture
async def poster() -> AsyncIterator[Poster]:
    outgoing = Outgoing(LOOPBACK, total_seconds=2)
    yield Poster(outgoing, LOOPBACK, lambda: NOON)
    await outgoing.close()

"""An answer that goes on: how it begins, what keeps it open, and everything that ends it."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientSession
from prometheus_client import CollectorRegistry

from service.http.call import Call, Caller, Reply
from service.http.kernel import Kernel
from service.http.live.connections import Connections
from service.http.metrics import Requests
from service.http.middleware import edge
from service.http.mounting import mount
from service.http.routing import Endpoint
from service.http.server import Server, new_application, serve
from tests.environment.waiting import eventually
from tests.service.http.fakes import OURS, THEIRS, FakeAuthenticator, FakeFreshness, MemoryKeys
from tests.service.listener import Listener, listening

TICK = 0.01


@dataclass
class Ticker:
    """A call that passes on whatever is put into `chunks`, and says nothing in between."""

    chunks: asyncio.Queue[bytes | Exception] = field(default_factory=asyncio.Queue)
    open: int = 0

    async def follow(self, _: Call) -> Reply:
        """Ticks."""
        return Reply(live=self._ticks())

    async def _ticks(self) -> AsyncGenerator[bytes, None]:
        self.open += 1
        try:
            while True:
                await asyncio.sleep(TICK)
                chunk = b"" if self.chunks.empty() else self.chunks.get_nowait()
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
        finally:
            self.open -= 1


@dataclass
class Live:
    session: ClientSession
    server: Server
    ticker: Ticker
    authenticator: FakeAuthenticator

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/v1/ticks"

    @asynccontextmanager
    async def listening(self, who: str = "sp_ours") -> AsyncIterator[Listener]:
        async with listening(self.session, self.url, Authorization=f"Bearer {who}") as listener:
            yield listener

    async def hears(self, listener: Listener) -> None:
        """Something new gets through."""
        count = len(listener.events)
        self.ticker.chunks.put_nowait(b"id: 7\ndata: {}\n\n")
        await listener.heard(count + 1)


@asynccontextmanager
async def running(**limits: Any) -> AsyncIterator[Live]:
    ticker = Ticker()
    callers = {
        "sp_ours": Caller(OURS, uuid4(), frozenset({"t:read"})),
        "sp_theirs": Caller(THEIRS, uuid4(), frozenset({"t:read"})),
    }
    authenticator = FakeAuthenticator(callers)
    kernel = Kernel(
        authenticator, FakeFreshness(), MemoryKeys(), b"s" * 32, live=Connections(**{"most": 2, **limits})
    )
    row = Endpoint(
        method="GET",
        path="/v1/ticks",
        handler=ticker.follow,
        summary="Ticks",
        scope="t:read",
        tag="T",
        answers={200: None},
        media_type="text/event-stream",
    )
    app = new_application(edge(Requests(CollectorRegistry())))
    mount(app, [row], "all", kernel)
    server = await serve(app, "127.0.0.1", 0)
    try:
        async with ClientSession() as session:
            yield Live(session, server, ticker, authenticator)
    finally:
        await server.stop()


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    async with running() as started:
        yield started


async def test_it_begins_at_once_with_headers_that_no_proxy_mistakes(live: Live) -> None:
    async with live.listening() as listener:
        assert listener.response.status == 200
        assert listener.response.headers["Content-Type"] == "text/event-stream"
        assert listener.response.headers["Cache-Control"] == "no-store"
        assert listener.response.headers["X-Accel-Buffering"] == "no"
        assert listener.response.headers["X-Request-Id"]
        await eventually(lambda: listener.retries == [2000])


async def test_what_comes_is_passed_on(live: Live) -> None:
    async with live.listening() as listener:
        await live.hears(listener)
        assert listener.events == [("7", "{}")]


async def test_silence_is_broken_by_comments() -> None:
    async with running(beat_seconds=0.05) as live, live.listening() as listener:
        await eventually(lambda: len(listener.comments) >= 3)
        assert listener.events == []


async def test_a_head_has_the_headers_and_no_end_to_wait_for(live: Live) -> None:
    async with live.session.head(live.url, headers={"Authorization": "Bearer sp_ours"}) as response:
        assert (response.status, await response.read()) == (200, b"")
        assert response.headers["Content-Type"] == "text/event-stream"
    assert live.ticker.open == 0


async def test_a_token_that_is_no_longer_good_ends_it(live: Live) -> None:
    async with live.listening() as listener:
        await live.hears(listener)
        del live.authenticator.callers["sp_ours"]
        live.ticker.chunks.put_nowait(b"id: 8\ndata: secret\n\n")
        await eventually(lambda: listener.ended == "in order")
        assert listener.ids == [7]


async def test_while_nobody_knows_whether_the_token_is_good_only_comments_come() -> None:
    async with running(beat_seconds=0.05) as live, live.listening() as listener:
        live.authenticator.away = True
        live.ticker.chunks.put_nowait(b"id: 8\ndata: later\n\n")
        await eventually(lambda: len(listener.comments) >= 1)
        assert listener.events == []
        live.authenticator.away = False
        await listener.heard(1)
        assert listener.ended is None


async def test_an_organisation_has_so_many_and_others_have_theirs(live: Live) -> None:
    async with live.listening(), live.listening():
        await eventually(lambda: live.ticker.open == 2)
        async with live.session.get(live.url, headers={"Authorization": "Bearer sp_ours"}) as refused:
            assert refused.status == 429
            assert int(refused.headers["Retry-After"]) > 0
            assert (await refused.json(content_type=None))["type"] == "/problems/rate-limited"
        async with live.listening("sp_theirs") as theirs:
            assert theirs.response.status == 200


async def test_a_client_that_leaves_makes_room(live: Live) -> None:
    async with live.listening(), live.listening():
        await eventually(lambda: live.ticker.open == 2)
    await eventually(lambda: live.ticker.open == 0)
    async with live.listening() as again:
        assert again.response.status == 200


async def test_a_stop_ends_it_in_order_and_says_when_to_come_back() -> None:
    async with running() as live, live.listening() as listener:
        await live.hears(listener)
        async with asyncio.timeout(3):
            await live.server.stop()
        await eventually(lambda: listener.ended == "in order")
        assert 2000 <= listener.retries[-1] <= 15000
        assert len(listener.retries) == 2


async def test_a_client_that_does_not_read_is_left_and_holds_one_chunk() -> None:
    async with running(write_seconds=0.2) as live:
        with socket.create_connection(("127.0.0.1", live.server.port)) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.sendall(b"GET /v1/ticks HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer sp_ours\r\n\r\n")
            await eventually(lambda: live.ticker.open == 1)
            for _ in range(100):
                live.ticker.chunks.put_nowait(b"data: " + b"x" * 1_000_000 + b"\n\n")
            await eventually(lambda: live.ticker.open == 0)
            assert live.ticker.chunks.qsize() > 80


async def test_what_breaks_half_way_is_broken_off_rather_than_followed_by_a_problem(live: Live) -> None:
    async with live.listening() as listener:
        await live.hears(listener)
        live.ticker.chunks.put_nowait(KeyError("a bug"))
        await eventually(lambda: listener.ended == "broken")
    assert live.ticker.open == 0

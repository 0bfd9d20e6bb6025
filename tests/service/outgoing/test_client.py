"""The guarded client against real listeners: forbidden ones never hear of it."""

import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from time import perf_counter

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from service.outgoing.client import LARGEST_READ, Outgoing, Unreachable
from tests.environment.sink import Sink, sink, status
from tests.service.outgoing.forbidden import LITERALS

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Sockets:
    """Makes sockets and counts them; `real` False: only counts, so that no packet can leave."""

    def __init__(self, real: bool) -> None:
        self.real = real
        self.opened = 0

    def __call__(self, family: int, kind: int, protocol: int) -> socket.socket:
        self.opened += 1
        if not self.real:
            raise OSError("no packet leaves the tests")
        return socket.socket(family, kind, protocol)


class Names(AbstractResolver):
    """Each lookup of any name takes the next answer; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in answer
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def listener() -> AsyncIterator[Sink]:
    async with sink() as listener:
        yield listener


@asynccontextmanager
async def client(outgoing: Outgoing) -> AsyncIterator[Outgoing]:
    try:
        yield outgoing
    finally:
        await outgoing.close()


async def refused(outgoing: Outgoing, url: str) -> str:
    with pytest.raises(Unreachable) as error:
        await outgoing.post(URL(url), b"{}", {})
    return str(error.value)


@pytest.mark.parametrize("address", [each for each in LITERALS if " " not in each])
async def test_no_socket_is_made_for_a_forbidden_address(address: str) -> None:
    sockets = Sockets(real=False)
    host = f"[{address.replace('%', '%25')}]" if ":" in address else address
    async with client(Outgoing(open_socket=sockets)) as outgoing:
        await refused(outgoing, f"http://{host}:9/")
    assert sockets.opened == 0


async def test_listeners_on_loopback_hear_nothing(listener: Sink) -> None:
    async with sink("::1") as other, client(Outgoing()) as outgoing:
        hosts = ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0", "localhost")
        for host in hosts:
            await refused(outgoing, f"http://{host}:{listener.port}/")
        await refused(outgoing, f"http://[::ffff:7f00:1]:{listener.port}/")
        await refused(outgoing, f"http://[::1]:{other.port}/")
        await refused(outgoing, f"http://localhost:{other.port}/")
        assert (listener.connections, other.connections) == (0, 0)


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["8.8.8.8", "::1"], ["10.0.0.1"]]
)
async def test_a_name_with_a_forbidden_address_is_forbidden(answer: list[str]) -> None:
    sockets = Sockets(real=False)
    async with client(Outgoing(resolver=Names(answer), open_socket=sockets)) as outgoing:
        await refused(outgoing, "https://host.example.com/")
    assert sockets.opened == 0


async def test_a_name_that_turns_after_the_check_is_caught_where_it_is_used() -> None:
    sockets = Sockets(real=False)
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    async with client(Outgoing(resolver=names, open_socket=sockets)) as outgoing:
        await refused(outgoing, "https://host.example.com/")
        assert sockets.opened == 1, "the public address was tried"
        await refused(outgoing, "https://host.example.com/")
    assert sockets.opened == 1


async def test_what_is_allowed_gets_the_request(listener: Sink) -> None:
    listener.answer = status(200, "Set-Cookie: a=b\r\n", b"fine")
    async with client(Outgoing(LOOPBACK)) as outgoing:
        for _ in range(2):
            answer = await outgoing.post(URL(listener.url("/x?y=z")), b"body", {"X-Own": "1"}, read=True)
            assert (answer.status, answer.body) == (200, b"fine")
    assert [(each.path, each.body) for each in listener.received] == [("/x?y=z", b"body")] * 2
    assert all(each.headers["x-own"] == "1" and "cookie" not in each.headers for each in listener.received)


@pytest.mark.parametrize("code", [301, 302, 307, 308])
async def test_redirects_are_not_followed(listener: Sink, code: int) -> None:
    async with sink() as other, client(Outgoing(LOOPBACK)) as outgoing:
        listener.answer = status(code, f"Location: {other.url()}\r\n")
        assert (await outgoing.post(URL(listener.url()), b"", {})).status == code
        assert other.connections == 0


async def test_proxies_of_the_environment_are_not_asked(
    listener: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sink() as proxy, client(Outgoing(LOOPBACK)) as outgoing:
        monkeypatch.setenv("http_proxy", proxy.url(""))
        await outgoing.post(URL(listener.url()), b"", {})
        assert (proxy.connections, listener.connections) == (0, 1)


async def test_blocked_refused_and_slow_look_alike(listener: Sink) -> None:
    async with client(Outgoing(total_seconds=0.3)) as guarded:
        blocked = await refused(guarded, listener.url())
    async with client(Outgoing(LOOPBACK, total_seconds=0.3)) as outgoing:
        hung_up = await refused(outgoing, f"http://127.0.0.1:{await closed_port()}/")
        listener.answer, listener.drip = status(200), 0.1
        slow = await refused(outgoing, listener.url())
    assert blocked == hung_up == slow == "unreachable"


async def test_a_drip_ends_with_the_whole_requests_time(listener: Sink) -> None:
    listener.answer, listener.drip = status(200, body=b"x" * 1000), 0.05
    async with client(Outgoing(LOOPBACK, total_seconds=0.5)) as outgoing:
        started = perf_counter()
        await refused(outgoing, listener.url())
        assert perf_counter() - started < 2


async def test_of_an_endless_answer_only_the_beginning_is_read(listener: Sink) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n"
    listener.answer = lambda request: head + b"x" * 100_000
    async with client(Outgoing(LOOPBACK)) as outgoing:
        answer = await outgoing.post(URL(listener.url()), b"", {}, read=True)
        assert len(answer.body) == LARGEST_READ
        assert (await outgoing.post(URL(listener.url()), b"", {})).status == 200


async def test_a_compressed_answer_is_not_unpacked(listener: Sink) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    listener.answer = status(200, "Content-Encoding: gzip\r\n", bomb)
    async with client(Outgoing(LOOPBACK)) as outgoing:
        answer = await outgoing.post(URL(listener.url()), b"", {}, read=True)
    assert answer.body == bomb[:LARGEST_READ]


async def closed_port() -> int:
    async with sink() as gone:
        return gone.port

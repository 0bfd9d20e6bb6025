"""Starting and stopping."""

import asyncio
import socket

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from service.http.metrics import Requests
from service.http.middleware import edge
from service.http.server import Server, new_application, serve
from tests.service.http.raw import exchange


def application() -> tuple[web.Application, asyncio.Event, asyncio.Event]:
    """`/slow` says that it has begun, and answers when it is told to."""
    app, begun, go_on = new_application(edge(Requests(CollectorRegistry()))), asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        begun.set()
        await go_on.wait()
        return web.Response(text="done")

    app.router.add_get("/slow", slow)
    return app, begun, go_on


async def started() -> tuple[Server, asyncio.Event, asyncio.Event]:
    app, begun, go_on = application()
    return await serve(app, "127.0.0.1", 0), begun, go_on


async def test_a_request_in_flight_is_finished_before_the_stop() -> None:
    server, begun, go_on = await started()
    async with aiohttp.ClientSession() as http:
        asking = asyncio.create_task(http.get(f"http://127.0.0.1:{server.port}/slow"))
        await begun.wait()
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        go_on.set()
        response = await asking
        assert (response.status, await response.text()) == (200, "done")
        await stopping


async def test_after_the_stop_nobody_is_let_in() -> None:
    server, _, _ = await started()
    await server.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)


async def test_an_idle_connection_does_not_hold_up_the_stop() -> None:
    server, _, _ = await started()
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(2):
        await server.stop()
    writer.close()


async def test_a_taken_address_is_an_error_that_leaves_nothing_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        app, _, _ = application()
        closed = asyncio.Event()

        async def note(_: web.Application) -> None:
            closed.set()

        app.on_cleanup.append(note)
        with pytest.raises(OSError, match="address already in use"):
            await serve(app, "127.0.0.1", taken.getsockname()[1])
        assert closed.is_set()


async def test_two_processes_may_share_a_port() -> None:
    first_app, _, _ = application()
    second_app, _, _ = application()
    first = await serve(first_app, "127.0.0.1", 0, reuse_port=True)
    second = await serve(second_app, "127.0.0.1", first.port, reuse_port=True)
    assert first.port == second.port
    await first.stop()
    await second.stop()


async def test_the_software_behind_it_is_not_named() -> None:
    server, _, _ = await started()
    answer, _ = await exchange(server.port, b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
    assert "aiohttp" not in answer.headers.get("server", "")
    await server.stop()

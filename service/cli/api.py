"""`statuspages api`: one API process."""

import asyncio
import sys
from typing import Literal

from service.cli.running import load_settings, run, stop_on_signals
from service.config import Settings
from service.http.server import serve
from service.wiring.api import open_api
from service.wiring.core import API_TIMEOUT, open_core

Role = Literal["query", "command", "all"]


def api(
    *,
    role: Role = "all",
    host: str = "127.0.0.1",
    port: int = 8080,
    reuse_port: bool = False,
    child: bool = False,
) -> None:
    """Serve the HTTP API: queries, commands, or both.

    Needs DATABASE_URL and STATUSPAGES_SECRET_KEY, and a migrated database. Start as many as you like.

    Parameters
    ----------
    role
        Which side to serve: GETs (query), writes (command), or all.
    host
        Address to listen on.
    port
        Port to listen on.
    reuse_port
        Share the port with other processes of this machine.
    child
        End when standard input is closed, as `up --processes` asks.
    """
    run(_api(load_settings(), role, host, port, reuse_port=reuse_port, child=child))


async def _api(
    settings: Settings, role: Role, host: str, port: int, *, reuse_port: bool, child: bool
) -> None:
    stop = stop_on_signals()
    watcher = asyncio.create_task(_stop_at_end_of_input(stop)) if child else None
    async with (
        open_core(settings, "statuspages api", API_TIMEOUT) as core,
        open_api(core, role) as app,
    ):
        server = await serve(app, host, port, reuse_port=reuse_port)
        try:
            await stop.wait()
        finally:
            await server.stop()
    if watcher is not None:
        watcher.cancel()


async def _stop_at_end_of_input(stop: asyncio.Event) -> None:
    """The pipe from the parent ends with it, however it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()
    stop.set()

"""Everything in one process: schema, workers, API, demo; further API processes beside it if asked."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.catcher import MailCatcher
from service.config import Settings, require_secret_key
from service.demo import Demo, ensure_demo
from service.http.server import serve
from service.wiring.api import open_api
from service.wiring.core import API_TIMEOUT, WORKER_TIMEOUT, Core, open_core
from service.wiring.schema import prepare_database
from service.wiring.workers import open_bus, relay_of, run_until, scheduler_of, workers_of

STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Running:
    """What is up. `background` ends early only with an error."""

    base_url: str
    mail_url: str | None
    demo: Demo | None
    background: asyncio.Task[None]


@asynccontextmanager
async def open_single(
    settings: Settings, host: str, port: int, *, demo: bool, processes: int
) -> AsyncIterator[Running]:
    """Migrates, starts everything, and stops it in order at the end: first the API, then the workers."""
    await prepare_database(settings.database_url or "")
    async with (
        _mail_server(settings) as (sending, mail_url),
        open_core(sending, "statuspages workers", WORKER_TIMEOUT) as core,
        _background(core) as background,
        open_core(settings, "statuspages api", API_TIMEOUT) as api_core,
        open_api(api_core, "all") as app,
    ):
        server = await serve(app, host, port, reuse_port=processes > 1)
        children = [await _spawn(settings, host, port) for _ in range(processes - 1)]
        try:
            made = await ensure_demo(core.commands, core.administration, settings) if demo else None
            yield Running(settings.base_url, mail_url, made, background)
        finally:
            await asyncio.gather(server.stop(), *(_end(child) for child in children))


@asynccontextmanager
async def _mail_server(settings: Settings) -> AsyncIterator[tuple[Settings, str | None]]:
    """SMTP_URL's, else a catcher of our own and the page that shows what it caught."""
    if settings.smtp_url is not None:
        yield settings, None
        return
    async with MailCatcher().listening() as catcher:
        yield settings.model_copy(update={"smtp_url": catcher.smtp_url}), catcher.mail_url


@asynccontextmanager
async def _background(core: Core) -> AsyncIterator[asyncio.Task[None]]:
    """The workers of a data directory: there is one `up` on it, so they go on at once after a crash."""
    stop = asyncio.Event()
    owner = f"up:{core.settings.data_dir.absolute()}"
    async with open_bus(core) as bus:
        work = [*workers_of(core, bus, owner).values(), scheduler_of(core, owner)]
        if core.settings.amqp_url is not None:
            work.append(relay_of(core, bus, owner))
        task = asyncio.create_task(run_until(stop, work))
        try:
            yield task
        finally:
            stop.set()
            await asyncio.wait({task}, timeout=STOP_SECONDS)
            task.cancel()


async def _spawn(settings: Settings, host: str, port: int) -> Process:
    """One more API process on the same port; it ends when the pipe to it closes."""
    environment = os.environ | {
        "DATABASE_URL": settings.database_url or "",
        "STATUSPAGES_SECRET_KEY": require_secret_key(settings).decode(),
        "STATUSPAGES_BASE_URL": settings.base_url,
    }
    command = ("-m", "service", "api", "--host", host, "--port", str(port), "--reuse-port", "--child")
    return await asyncio.create_subprocess_exec(sys.executable, *command, stdin=PIPE, env=environment)


async def _end(child: Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    await child.wait()

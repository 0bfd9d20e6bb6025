"""The whole product on one database, in this process: workers, and an API over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from aiohttp import ClientSession
from pydantic import SecretStr

from service.clock import Clock, system_clock
from service.config import Settings
from service.domain.values import Scope
from service.http.server import serve
from service.wiring.api import open_api
from service.wiring.core import API_TIMEOUT, Core, open_core
from service.wiring.workers import open_bus, relay_of, run_until, scheduler_of, workers_of
from tests.environment.waiting import eventually
from tests.service.client import Client

SECRET_KEY = SecretStr("a-key-for-tests-that-is-long-enough-0123456789")


@dataclass(frozen=True, slots=True)
class Deployment:
    core: Core
    base_url: str
    session: ClientSession

    async def organisation(self, *scopes: str) -> tuple[UUID, Client]:
        """A new organisation, and a client with a token of it; without scopes it may do everything."""
        organisation_id = await self.core.administration.create_organisation("Example")
        return organisation_id, await self.client(organisation_id, *scopes)

    async def client(self, organisation_id: UUID, *scopes: str) -> Client:
        token = await self.core.administration.issue_token(organisation_id, tuple(map(Scope, scopes)))
        client = Client(self.session, self.base_url, token.secret)
        await eventually(client.is_known)
        return client

    def visitor(self) -> Client:
        return Client(self.session, self.base_url, None)


@asynccontextmanager
async def deploy(
    settings: Settings, prefix: str = "test", clock: Clock = system_clock
) -> AsyncIterator[Deployment]:
    """On `settings.database_url`, migrated already. `prefix` begins the names on RabbitMQ, if it is used.

    `clock` is the time of commands, timers and statistics; the database keeps its own for leases.
    """
    ready = settings.model_copy(update={"secret_key": SECRET_KEY})
    async with (
        open_core(ready, "tests", API_TIMEOUT, clock) as core,
        _working(core, prefix),
        open_api(core, "all") as app,
        ClientSession() as session,
    ):
        server = await serve(app, "127.0.0.1", 0)
        try:
            yield Deployment(core, f"http://127.0.0.1:{server.port}", session)
        finally:
            await server.stop()


@asynccontextmanager
async def _working(core: Core, prefix: str) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with open_bus(core, prefix) as bus:
        work = [*workers_of(core, bus).values(), scheduler_of(core)]
        if core.settings.amqp_url is not None:
            work.append(relay_of(core, bus))
        background = asyncio.create_task(run_until(stop, work))
        try:
            yield
        finally:
            stop.set()
            await background

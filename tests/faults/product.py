"""The product as it runs in earnest: separate processes on one database, with writers at work on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ServerDisconnectedError,
    TCPConnector,
)

from eventstore.pool import connection
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, Core, open_core
from service.wiring.schema import prepare_database
from tests.environment.rabbitmq import free_ports
from tests.environment.waiting import eventually
from tests.faults.chance import seeded
from tests.faults.checker import check
from tests.faults.history import History
from tests.faults.load import Caller, Writer, create_page
from tests.faults.program import START_SECONDS, Program
from tests.service.client import Client

SECRET_KEY = "a-key-for-tests-that-is-long-enough-0123456789"
REQUEST_SECONDS = 15
SEED = 20250131
PROGRESS = "SELECT sum(position)::bigint FROM es.checkpoints WHERE name LIKE '%@%'"
PUBLISHED = "SELECT coalesce(max(position), 0) FROM es.checkpoints WHERE name = 'relay'"


@dataclass(frozen=True, slots=True)
class Product:
    core: Core
    organisation_id: UUID
    client: Client
    apis: list[Program]
    addresses: list[str]
    worker: Program
    relay: Program | None
    history: History = field(default_factory=History)

    @property
    def api(self) -> Program:
        return self.apis[0]

    @property
    def programs(self) -> list[Program]:
        return [*self.apis, self.worker, *([self.relay] if self.relay else [])]

    def at(self, number: int) -> Client:
        """The same client, calling API process `number`."""
        return Client(self.client.session, self.addresses[number], self.client.token)

    async def progress(self) -> int:
        """Grows whenever a read model takes in an event."""
        return await self._number(PROGRESS)

    async def published(self) -> int:
        """How much of the log is on the broker."""
        return await self._number(PUBLISHED)

    async def _number(self, query: str) -> int:
        async with connection(self.core.pool) as conn:
            return int(await conn.fetchval(query))

    async def check(self) -> int:
        """See checker.check."""
        return await check(self.core, self.history, [program.log for program in self.programs])


@asynccontextmanager
async def running(
    folder: Path, dsn: str, amqp_url: str | None = None, *, apis: int = 1, instance: str | None = "one"
) -> AsyncIterator[Product]:
    """A whole deployment, each process started again when it ends; the API knows its client."""
    settings = {"DATABASE_URL": dsn, "STATUSPAGES_SECRET_KEY": SECRET_KEY}
    if amqp_url is not None:
        settings["AMQP_URL"] = amqp_url
    await prepare_database(dsn)
    ports = free_ports(apis)
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(
            open_core(Settings.model_validate(settings), "tests", WORKER_TIMEOUT)
        )
        session = await stack.enter_async_context(_session())
        start = stack.enter_async_context
        processes = [
            await start(Program(f"api-{port}", ["api", "--port", str(port)], settings, folder))
            for port in ports
        ]
        named = ["--instance", instance] if instance else []
        worker = await start(Program("worker", ["worker", "all", *named], settings, folder))
        relay = await start(Program("relay", ["relay", *named], settings, folder)) if amqp_url else None
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        organisation_id = await core.administration.create_organisation("Example")
        token = await core.administration.issue_token(organisation_id)
        product = Product(
            core,
            organisation_id,
            Client(session, addresses[0], token.secret),
            processes,
            addresses,
            worker,
            relay,
        )
        for number in range(apis):
            await eventually(partial(_knows, product.at(number)), START_SECONDS, "the API knowing its token")
        yield product


class AnswerLost(ClientError):
    """The connection broke after the request had been sent."""


async def _sent_once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Hides a broken connection from the client library, which would send a PUT or DELETE again by itself."""
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError) as error:
        raise AnswerLost(str(error)) from error


def _session() -> ClientSession:
    return ClientSession(
        connector=TCPConnector(limit=0),
        timeout=ClientTimeout(total=REQUEST_SECONDS),
        middlewares=(_sent_once,),
    )


async def _knows(client: Client) -> bool:
    try:
        return (await client.get("/v1/statuspages")).status == 200
    except (ClientError, TimeoutError):
        return False


@asynccontextmanager
async def under_load(product: Product, writers: int = 8, pause: float = 0.02) -> AsyncIterator[Writer]:
    """Writers at work, each pausing `pause` seconds on average; at the end they finish what they began.

    Yields one more, at rest, for the test itself.
    """
    caller = Caller(product.client, product.history)
    stop = asyncio.Event()
    chance = seeded(SEED)
    shared = await create_page(caller, chance)
    async with asyncio.TaskGroup() as group:
        for number in range(writers):
            writer = Writer(caller, shared, seeded(SEED + number), pause)
            group.create_task(writer.run(stop))
        try:
            yield Writer(caller, shared, seeded(SEED), pause)
        finally:
            stop.set()

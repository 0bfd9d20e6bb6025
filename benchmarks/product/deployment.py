"""A whole deployment on a database of its own: API, workers, relay, each in its process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import aio_pika

from benchmarks.load.exchange import exchange_with
from benchmarks.load.http import request
from benchmarks.product.processes import process
from benchmarks.product.seeding import Seed, seed
from benchmarks.row import Servers
from eventstore.pool import connection
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, Core, open_core
from service.wiring.schema import prepare_database
from tests.environment.postgres import fresh_database
from tests.environment.rabbitmq import free_ports
from tests.environment.waiting import eventually
from workers.policies import confirmation, erasure, notifications, timers
from workers.projections.registry import PROJECTIONS

SECRET_KEY = "a-key-for-benchmarks-that-is-long-enough-01234"
START_SECONDS = 30.0
CATCH_UP_SECONDS = 120.0
Past = Callable[[Core], Awaitable[Seed]]
AT_HEAD = "SELECT min(position) = (SELECT max(position) FROM es.events) FROM es.checkpoints"


@dataclass(frozen=True, slots=True)
class Product:
    """`port`: the API's."""

    dsn: str
    core: Core
    port: int
    seed: Seed

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.seed.token}"}


@asynccontextmanager
async def migrated(servers: Servers) -> AsyncIterator[Core]:
    """A fresh database with our tables, and what works on it within this process."""
    async with fresh_database(servers.postgres) as dsn:
        await prepare_database(dsn)
        settings = Settings.model_validate({"DATABASE_URL": dsn})
        async with open_core(settings, "benchmark", WORKER_TIMEOUT) as core:
            yield core


@asynccontextmanager
async def deployed(
    servers: Servers, *, on_rabbitmq: bool = True, past: Past | None = None
) -> AsyncIterator[Product]:
    """Ready: every page is readable. Without RabbitMQ the workers follow the log itself.

    `past` makes the pages instead, and what happened to them before the processes start.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(migrated(servers))
        seeded = await (seed(core) if past is None else past(core))
        [port], prefix = free_ports(1), f"bench-{uuid4().hex[:12]}"
        settings = {
            "DATABASE_URL": core.dsn,
            "STATUSPAGES_SECRET_KEY": SECRET_KEY,
            "STATUSPAGES_LOG_LEVEL": "warning",
        }
        processes = [api(port), background(prefix, "workers")]
        if on_rabbitmq:
            settings["AMQP_URL"] = servers.rabbitmq
            processes.append(background(prefix, "relay"))
            stack.push_async_callback(_clean_up, servers.rabbitmq, prefix)
        for arguments in processes:
            await stack.enter_async_context(process(arguments, settings))
        product = Product(core.dsn, core, port, seeded)
        await eventually(_readable(product), START_SECONDS, "the last page is readable")
        yield product


async def caught_up(core: Core) -> None:
    """Wait until the workers and the relay have finished the whole log."""

    async def at_head() -> bool:
        async with connection(core.pool) as conn:
            return bool(await conn.fetchval(AT_HEAD))

    await eventually(at_head, CATCH_UP_SECONDS, "every consumer is at the head of the log")


def api(port: int) -> list[str]:
    return ["service", "api", "--port", str(port), "--child"]


def background(prefix: str, part: str) -> list[str]:
    return ["benchmarks.product.background", prefix, part]


def _readable(product: Product) -> Callable[[], Awaitable[bool]]:
    path = f"/v1/statuspage/{product.seed.pages[-1]}"

    async def readable() -> bool:
        try:
            async with exchange_with(product.port) as exchange:
                head, _ = await exchange.ask(request("GET", path, product.authorization))
        except OSError:
            return False
        return head.status == 200

    return readable


async def _clean_up(url: str, prefix: str) -> None:
    policies = (confirmation.NAME, erasure.NAME, notifications.NAME, timers.NAME)
    consumers = [*(f"projection:{name}" for name in PROJECTIONS), *policies]
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        for name in (*consumers, "dead"):
            await channel.queue_delete(f"{prefix}.{name}")
        for name in ("events", "dead"):
            await channel.exchange_delete(f"{prefix}.{name}")

"""What everything around the INSERT costs a write over HTTP: rules, log, and what the workers do with it.

By default a write is answered when it is readable; `Prefer: wait=0` asks for the answer once it is recorded.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import product as each_with

from benchmarks.bare.serving import bare_server
from benchmarks.load.generator import Order
from benchmarks.load.http import request
from benchmarks.load.ordering import Load
from benchmarks.product.deployment import Product, caught_up, deployed
from benchmarks.row import Pair, Row, Servers, Target

CONNECTIONS = 32
NOT_WAITING = {"Prefer": "wait=0"}
STATUSES = ("partial_outage", "operational")


@asynccontextmanager
async def opened(servers: Servers, count: int, *, on_rabbitmq: bool, waits: bool) -> AsyncIterator[Pair]:
    async with (
        deployed(servers, on_rabbitmq=on_rabbitmq) as product,
        bare_server(product.core) as bare_port,
    ):
        requests = status_reports(product, **({} if waits else NOT_WAITING))
        load = Load(Order(product.port, requests, CONNECTIONS, count))
        bare = Load(Order(bare_port, requests, CONNECTIONS, count))

        async def ours() -> float:
            rate = await load()
            await caught_up(product.core)  # else the workers would be at work during the bare round
            return rate

        pair = Pair(ours, bare)
        yield pair
        pair.remarks.append(bare.remark)


def status_reports(product: Product, **headers: str) -> list[str]:
    """In turn, each changes its component's status: every component once, then again with another status."""
    return [
        request(
            "PUT",
            f"/v1/component/{component_id}/status",
            product.authorization | headers,
            {"status": status, "reason": "One region does not answer"},
        ).decode()
        for status, (component_id, _) in each_with(STATUSES, product.seed.components)
    ]


def _row(name: str, how: str, *, on_rabbitmq: bool, waits: bool) -> Row:
    return Row(
        name=name,
        what=f"PUT component status, {CONNECTIONS} connections, {how}",
        against="a bare aiohttp handler with one INSERT per request",
        unit="/s",
        target=Target("at least", 0.5),
        count=3_000,
        open=partial(opened, on_rabbitmq=on_rabbitmq, waits=waits),
    )


ROWS = (
    _row("put", "readable when answered, on RabbitMQ", on_rabbitmq=True, waits=True),
    _row("put-recorded", "recorded when answered, on RabbitMQ", on_rabbitmq=True, waits=False),
    _row("put-alone", "readable when answered, on PostgreSQL alone", on_rabbitmq=False, waits=True),
    _row("put-alone-recorded", "recorded when answered, on PostgreSQL alone", on_rabbitmq=False, waits=False),
)

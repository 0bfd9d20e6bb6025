"""What everything around the INSERT costs a write over HTTP: rules, log, waiting until it is readable."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product as each_with

from benchmarks.bare.serving import bare_server
from benchmarks.load.generator import Order
from benchmarks.load.http import request
from benchmarks.load.ordering import Load
from benchmarks.product.deployment import Product, deployed
from benchmarks.row import Pair, Row, Servers, Target

CONNECTIONS = 32
STATUSES = ("partial_outage", "operational")


@asynccontextmanager
async def opened(servers: Servers, count: int) -> AsyncIterator[Pair]:
    async with deployed(servers) as product, bare_server(product.core) as bare_port:
        requests = status_reports(product)
        ours = Load(Order(product.port, requests, CONNECTIONS, count))
        bare = Load(Order(bare_port, requests, CONNECTIONS, count))
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


ROW = Row(
    name="put",
    what=f"PUT component status, {CONNECTIONS} connections",
    against="a bare aiohttp handler with one INSERT per request",
    unit="/s",
    target=Target("at least", 0.5),
    count=4_000,
    open=opened,
)

"""What token, scope, freshness, headers and metrics cost a read that is answered from memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.bare.serving import bare_server
from benchmarks.load.exchange import exchange_with
from benchmarks.load.generator import Order
from benchmarks.load.http import request
from benchmarks.load.ordering import Load
from benchmarks.product.deployment import deployed
from benchmarks.row import Pair, Row, Servers, Target

CONNECTIONS = 64


@asynccontextmanager
async def opened(servers: Servers, count: int) -> AsyncIterator[Pair]:
    async with deployed(servers) as product:
        path = f"/v1/statuspage/{product.seed.pages[0]}/unified"
        asking = request("GET", path, product.authorization)
        async with exchange_with(product.port) as exchange:
            _, content = await exchange.ask(asking)
        async with bare_server(product.core, content) as bare_port:
            ours = Load(Order(product.port, [asking.decode()], CONNECTIONS, count))
            bare = Load(Order(bare_port, [asking.decode()], CONNECTIONS, count))
            pair = Pair(ours, bare)
            yield pair
            pair.remarks.append(bare.remark)


ROW = Row(
    name="get",
    what=f"GET unified with a token, {CONNECTIONS} connections",
    against="a bare aiohttp handler returning the same bytes",
    unit="/s",
    target=Target("at least", 0.8),
    count=10_000,
    open=opened,
)

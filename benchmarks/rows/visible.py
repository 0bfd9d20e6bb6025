"""How long after the answer to a write readers get the new bytes, on RabbitMQ.

A read that waits for the write's position is answered as soon as the read models hold it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle
from statistics import median

import orjson

from benchmarks.bare.steps import bare_steps
from benchmarks.load.exchange import Exchange, exchange_with
from benchmarks.load.http import request
from benchmarks.product.deployment import Product, deployed
from benchmarks.row import Pair, Row, Servers, Target
from benchmarks.rows.put_status import NOT_WAITING, status_reports

PAUSE_SECONDS = 0.02  # so that each change comes alone


@asynccontextmanager
async def opened(servers: Servers, count: int) -> AsyncIterator[Pair]:
    async with (
        deployed(servers) as product,
        bare_steps(product.core.pool, servers.rabbitmq) as steps,
        exchange_with(product.port) as exchange,
    ):
        changes = Changes(product, exchange)
        component_id, page_id = product.seed.components[0]
        document = orjson.loads(await changes.read(page_id))
        event = {"page_id": str(page_id), "status": "partial_outage", "at": "2025-01-31T12:00:00.000000Z"}
        bare = partial(steps, component_id, event, document)
        yield Pair(ours=lambda: _median(changes.visible, count), bare=lambda: _median(bare, count))


class Changes:
    """Status reports, one after the other, each of another page than the one before."""

    def __init__(self, product: Product, exchange: Exchange) -> None:
        self._product = product
        self._exchange = exchange
        self._reports = cycle(status_reports(product, **NOT_WAITING))
        self._pages = cycle(page_id for _, page_id in product.seed.components)

    async def visible(self) -> float:
        """Seconds from the answer of a PUT to the end of a GET's answer that holds it."""
        page_id = next(self._pages)
        before = await self.read(page_id)
        head, _ = await self._exchange.ask(next(self._reports).encode())
        started = time.perf_counter()
        after = await self.read(page_id, {"Statuspages-Min-Position": head.headers["statuspages-position"]})
        seconds = time.perf_counter() - started
        assert after != before
        return seconds

    async def read(self, page_id: object, headers: dict[str, str] | None = None) -> bytes:
        sent = self._product.authorization | (headers or {})
        head, body = await self._exchange.ask(request("GET", f"/v1/statuspage/{page_id}/unified", sent))
        assert head.status == 200
        return body


async def _median(once: Callable[[], Awaitable[float]], count: int) -> float:
    """Milliseconds."""
    seconds = []
    for _ in range(count):
        seconds.append(await once())
        await asyncio.sleep(PAUSE_SECONDS)
    return median(seconds) * 1000


ROW = Row(
    name="visible",
    what="change to visible on RabbitMQ: PUT answered until GET has the new bytes, median",
    against="one bare append + one confirmed publish + one read-model commit, median",
    unit="ms",
    target=Target("at most", 3),
    count=100,
    open=opened,
)

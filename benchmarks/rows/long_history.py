"""Whether what happened before makes what happens now slower: 1,000,000 events beside 10,000.

Both logs cover ninety days. A tenth of each is of one component, the rest of all the others, in equal parts;
requests go to that one and to the others in turn.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import cycle
from statistics import median

from benchmarks.load.exchange import Exchange, exchange_with
from benchmarks.load.http import request
from benchmarks.product.built import build_read_models
from benchmarks.product.deployment import Product, caught_up, deployed
from benchmarks.product.history import DAYS
from benchmarks.product.long_log import write_rounds
from benchmarks.product.seeding import Seed, seed
from benchmarks.row import Pair, Row, Servers, Target
from benchmarks.rows.put_status import STATUSES
from eventstore.pool import connection
from service.commands.cache import StateCache
from service.commands.streams import Streams
from service.domain.component import COMPONENT, ComponentStatusChanged
from service.wiring.core import Core

ROUND = 10_000
"""Events written at once, and those of the short log."""
SHARE = 10
"""One component has one in so many."""
REQUESTS = 100
OLD = timedelta(days=DAYS + 1)
PAUSE_SECONDS = 0.005  # so that what follows an answer is not in the next one's time
# Policies would read a million events that tell them nothing while we measure.
PASS_BY = """
UPDATE es.checkpoints SET position = (SELECT max(position) FROM es.events) WHERE name LIKE 'policy:%'
"""
Requests = Iterator[bytes]


@asynccontextmanager
async def opened(servers: Servers, count: int, *, method: str) -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        products = [await stack.enter_async_context(_with_past(servers, each)) for each in (count, ROUND)]
        for product in products:
            await caught_up(product.core)
        ours, bare = (Side(product, method) for product in products)
        pair = Pair(ours, bare)
        yield pair
        for number, whose in enumerate(("the one with a tenth of all events", "the others")):
            times = [median(side.times[number]) * 1000 for side in (ours, bare)]
            pair.remarks.append(f"{whose}: {times[0]:.2f} ms and {times[1]:.2f} ms")


def _with_past(servers: Servers, events: int) -> AbstractAsyncContextManager[Product]:
    return deployed(servers, on_rabbitmq=False, past=partial(_write_past, rounds=events // ROUND))


async def _write_past(core: Core, rounds: int) -> Seed:
    seeded = await seed(replace(core, clock=lambda: core.clock() - OLD))
    long, *others = seeded.components
    rest = (ROUND - ROUND // SHARE) // len(others)
    await build_read_models(core)
    await write_rounds(core, seeded, rounds, {long: ROUND // SHARE, **dict.fromkeys(others, rest)})
    await build_read_models(core, {ComponentStatusChanged.__name__})
    await _keep_snapshots(core, seeded)
    async with connection(core.pool) as conn:
        await conn.execute(PASS_BY)
    return seeded


async def _keep_snapshots(core: Core, seed: Seed) -> None:
    """As the processes would have done that appended all this."""
    streams = Streams(core.store, core.codec, StateCache())
    for component_id, _ in seed.components:
        await streams.read(COMPONENT, COMPONENT.stream(component_id))


class Side:
    """Rounds of `count` requests, one after the other. `times` in seconds: of the one, of the others."""

    def __init__(self, product: Product, method: str, count: int = REQUESTS) -> None:
        self._port = product.port
        self._count = count
        self._requests = _requests(product, method)
        self.times: tuple[list[float], list[float]] = ([], [])

    async def __call__(self) -> float:
        """The mean of the two medians, in milliseconds."""
        found: tuple[list[float], list[float]] = ([], [])
        async with exchange_with(self._port) as exchange:
            for number in range(self._count):
                found[number % 2].append(await _timed(exchange, next(self._requests)))
                await asyncio.sleep(PAUSE_SECONDS)
        for kept, new in zip(self.times, found, strict=True):
            kept.extend(new)
        return 1000 * sum(map(median, found)) / len(found)


async def _timed(exchange: Exchange, sent: bytes) -> float:
    started = time.perf_counter()
    head, _ = await exchange.ask(sent)
    seconds = time.perf_counter() - started
    assert head.status == 200
    return seconds


def _requests(product: Product, method: str) -> Requests:
    """The one component and one of the others in turn; each gets another status each time."""
    long, *others = [component_id for component_id, _ in product.seed.components]
    rest = cycle(others)
    for status in cycle(("degraded_performance", *STATUSES)):
        for component_id in (long, next(rest)):
            path = f"/v1/component/{component_id}"
            if method == "GET":
                yield request("GET", f"{path}/statistics", product.authorization)
            else:
                yield request("PUT", f"{path}/status", product.authorization, {"status": status})


def _row(name: str, what: str, method: str, events: int) -> Row:
    return Row(
        name=name,
        what=f"{what} at {events:,} events, median",
        against=f"the same at {ROUND:,} events",
        unit="ms",
        target=Target("at most", 1.2),
        count=events,
        open=partial(opened, method=method),
    )


MILLION = 1_000_000
ROWS = (
    _row("put-million", "PUT component status, readable when answered,", "PUT", MILLION),
    _row("statistics-million", "GET statistics", "GET", MILLION),
)

"""The example subscriber has each event exactly once, though it and the API are killed all the time."""

import asyncio
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
from aiohttp import ClientError

from docs.examples.subscriber import TABLES, take
from tests.environment.waiting import eventually
from tests.faults.product import Product, running
from tests.service.api.seed import minimal_body

SUBSCRIBER = Path(__file__).parents[2] / "docs" / "examples" / "subscriber.py"
PAUSE = 0.1
PATIENCE = 30


class Subscriber:
    """The example as a process of its own, with its database in a file."""

    def __init__(self, product: Product, path: Path) -> None:
        self._environment = {"BASE": product.addresses[0], "TOKEN": str(product.client.token)}
        self._path = path
        self._process: Process | None = None

    async def start(self) -> None:
        command = (sys.executable, str(SUBSCRIBER), str(self._path))
        self._process = await asyncio.create_subprocess_exec(*command, env=self._environment, stderr=PIPE)

    async def kill(self) -> None:
        assert self._process is not None
        assert self._process.returncode is None, "it ended by itself"
        self._process.send_signal(signal.SIGKILL)
        await self._process.communicate()

    def positions(self) -> list[int]:
        """Of the events that it had, in the order in which it had them."""
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as database:
            try:
                return [row[0] for row in database.execute("SELECT position FROM happened ORDER BY rowid")]
            except sqlite3.OperationalError:  # it has not made its tables yet
                return []

    async def goes_on(self) -> None:
        """It has some more events than now."""
        before = len(self.positions())
        await eventually(lambda: len(self.positions()) >= before + 5, PATIENCE, "more events")


async def write(product: Product, stop: asyncio.Event) -> None:
    """Pages, one after the other; while the API is away none."""
    while not stop.is_set():
        with suppress(ClientError, TimeoutError):
            await product.client.post("/v1/statuspage", minimal_body(), Prefer="wait=0")
        await asyncio.sleep(PAUSE)


@asynccontextmanager
async def writing(product: Product) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(write(product, stop))
        try:
            yield
        finally:
            stop.set()


async def published(product: Product) -> list[int]:
    """Every position that the feed has."""
    found: list[int] = []
    after, head = 0, 1
    while after < head:
        part = (await product.client.get(f"/v1/events?limit=200&after={after}")).json
        found += [event["position"] for event in part["events"]]
        after, head = part["next_after"], part["head"]
    return found


async def test_each_event_is_had_once_whatever_is_killed(database: str, tmp_path: Path) -> None:
    async with running(tmp_path, database) as product:
        subscriber = Subscriber(product, tmp_path / "events.db")
        await subscriber.start()
        async with writing(product):
            for kills_the_api in (False, True, False, False):
                await subscriber.goes_on()
                if kills_the_api:
                    await product.api.kill()
                    await subscriber.goes_on()
                await subscriber.kill()
                await subscriber.start()
        everything = await published(product)
        assert len(everything) > 20
        await eventually(lambda: len(subscriber.positions()) >= len(everything), PATIENCE)
        await subscriber.kill()
        assert subscriber.positions() == everything


def test_an_effect_without_its_position_is_not_kept() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(TABLES)
        take(database, {"position": 1, "type": "PageCreated"})
        database.execute("DROP TABLE progress")
        with pytest.raises(sqlite3.OperationalError):
            take(database, {"position": 2, "type": "PageDeleted"})
        assert database.execute("SELECT position FROM happened").fetchall() == [(1,)]

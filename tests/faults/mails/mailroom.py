"""Deliverers as processes, each with a mail server of its own, and an incident that is told to thousands."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from eventstore.pool import Pool, connect_pool
from service.wiring.schema import prepare_database
from tests.environment.mails.mail_sink import MailSink, mail_sink
from tests.environment.mails.record import Record
from tests.environment.waiting import eventually
from tests.faults.product import SECRET_KEY
from tests.faults.program import Program
from tests.workers.crowd import crowd
from tests.workers.subscribers import Subscribers

UNSETTLED = "SELECT count(*) FROM notify.deliveries WHERE state IN ('pending', 'sending')"
STATES = "SELECT state, count(*) FROM notify.deliveries GROUP BY state"


@dataclass(frozen=True, slots=True)
class Desk:
    """A deliverer, and the mail server that it alone sends to: its mails show that it is at work."""

    deliverer: Program
    sink: MailSink


@dataclass(frozen=True, slots=True)
class Mailroom:
    """`addresses`: of the readers of one page, on which an incident has been opened."""

    pool: Pool
    desks: list[Desk]
    addresses: list[str]

    @property
    def records(self) -> list[Record]:
        return [desk.sink.record for desk in self.desks]

    async def states(self) -> dict[str, int]:
        """How many deliveries are in each."""
        return {row["state"]: row["count"] for row in await self.pool.fetch(STATES)}

    async def settled(self, within: float) -> None:
        """Wait until every delivery has come to an end."""

        async def none_is_left() -> bool:
            return not await self.pool.fetchval(UNSETTLED)

        await eventually(none_is_left, within, "every delivery settled")
        for desk in self.desks:
            desk.sink.record.look()


@asynccontextmanager
async def mailroom(
    folder: Path, dsn: str, amqp_url: str | None, *, readers: int, rate: float
) -> AsyncIterator[Mailroom]:
    """Two deliverers, each of which gets rid of at most `rate` mails a second, and what makes deliveries."""
    await prepare_database(dsn)
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(await connect_pool(dsn, command_timeout=60))
        subscribers = Subscribers(pool)
        page_id = await subscribers.page()
        addresses = await crowd(subscribers, page_id, readers)
        await subscribers.open_incident(page_id)
        settings = {"DATABASE_URL": dsn, "STATUSPAGES_SECRET_KEY": SECRET_KEY}
        if amqp_url is not None:
            settings["AMQP_URL"] = amqp_url
        planning = ["worker", "notifications", "planner"]
        await stack.enter_async_context(Program("planning", planning, settings, folder))
        desks = []
        for number in range(2):
            sink = await stack.enter_async_context(mail_sink(folder, f"mails-{number}", rate))
            sending = settings | {"SMTP_URL": sink.url}
            program = Program(f"deliverer-{number}", ["worker", "deliverer"], sending, folder)
            desks.append(Desk(await stack.enter_async_context(program), sink))
        yield Mailroom(pool, desks, list(addresses.values()))

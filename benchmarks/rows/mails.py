"""What sending a notice to everybody costs beside sending as many mails with nothing around it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from benchmarks.bare.mailing import SENDER, Bare, bare_clients, smtp_sink
from benchmarks.product.deployment import SECRET_KEY, migrated
from benchmarks.product.readers import page_with_readers
from benchmarks.row import Pair, Row, Servers, Target
from eventstore.pool import connection
from service.config import Settings
from service.wiring.core import Core
from service.wiring.delivering import deliver
from tests.workers.subscribers import Subscribers
from workers.delivery.channels.email import EmailChannel
from workers.delivery.choice import Choice, Kind
from workers.delivery.email import Mailer
from workers.delivery.gate import MAILS
from workers.delivery.ledger import Ledger
from workers.delivery.mailers import Mailers
from workers.delivery.outcomes import Untried
from workers.delivery.smtp_url import parse_smtp_url

ROUND_SECONDS = 120.0
POLL_SECONDS = 0.05
LEFT = "SELECT EXISTS (SELECT FROM notify.deliveries WHERE phase = 'waiting' AND channel_type = 'email')"
SENT = "SELECT count(*) FROM notify.deliveries WHERE state = 'sent'"


@asynccontextmanager
async def opened(servers: Servers, count: int) -> AsyncIterator[Pair]:
    async with migrated(servers) as core, smtp_sink() as port, bare_clients(port, MAILS.sending) as bare:
        page_id = await page_with_readers(core, count)
        sending = _sending(core, port)
        message = await _one_message(core, page_id)
        yield Pair(
            ours=lambda: _ours(sending, page_id, count),
            bare=lambda: _bare(bare, message, count),
            remarks=[f"{len(message):,} bytes each, {MAILS.sending} connections, to 200 domains."],
        )


async def _ours(core: Core, page_id: UUID, count: int) -> float:
    await _planned(core, page_id)
    stop = asyncio.Event()
    started = time.perf_counter()
    task = asyncio.create_task(deliver(core, stop))
    await _all_sent(core)
    seconds = time.perf_counter() - started
    stop.set()
    await task
    async with connection(core.pool) as conn:
        assert await conn.fetchval(SENT) == count
    return count / seconds


async def _bare(bare: Bare, message: bytes, count: int) -> float:
    started = time.perf_counter()
    await bare.send(message, count)
    return count / (time.perf_counter() - started)


async def _planned(core: Core, page_id: UUID) -> None:
    async with connection(core.pool) as conn:
        await conn.execute("TRUNCATE notify.deliveries")
    subscribers = Subscribers(core.pool)
    await subscribers.open_incident(page_id)
    await subscribers.plan()


async def _all_sent(core: Core) -> None:
    """Looks seldom: looking takes from what is measured."""
    async with asyncio.timeout(ROUND_SECONDS), connection(core.pool) as conn:
        while await conn.fetchval(LEFT):  # noqa: ASYNC110 - nothing rings when the last one is settled
            await asyncio.sleep(POLL_SECONDS)


async def _one_message(core: Core, page_id: UUID) -> bytes:
    """As our side makes them."""
    await _planned(core, page_id)
    ledger = Ledger(core.pool)
    [delivery] = await ledger.claim(Kind.MAILS, Choice(1, 1))
    await ledger.settle([(delivery, Untried())])
    message = await Subscribers(core.pool).composer().compose(delivery)
    assert delivery.address is not None
    channel = EmailChannel(SENDER, Mailers(lambda: Mailer(parse_smtp_url("smtp://nowhere"), "nowhere")))
    return channel.bytes_of(message, delivery.address)


def _sending(core: Core, port: int) -> Core:
    settings = {
        "DATABASE_URL": core.dsn,
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "STATUSPAGES_SECRET_KEY": SECRET_KEY,
    }
    return replace(core, settings=Settings.model_validate(settings))


ROW = Row(
    name="mails",
    what="a notice is sent to everybody whose delivery is planned, and every one is settled",
    against="aiosmtplib with as many kept connections, the same mail to the same sink",
    unit="mails/s",
    target=Target("at least", 0.8),
    count=12_000,
    open=opened,
)

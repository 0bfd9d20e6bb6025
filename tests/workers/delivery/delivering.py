"""A deliverer at work, and the ledger once it has nothing to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from typing import Any
from uuid import UUID

from service.domain.values import ChannelType, IncidentStatus
from tests.environment.scripted_smtp import ScriptedSmtp
from tests.environment.waiting import eventually
from tests.workers.subscribers import Subscribers
from workers.delivery.channel import Channel
from workers.delivery.channels.email import EmailChannel
from workers.delivery.choice import Choice, Kind
from workers.delivery.deliverer import Deliverer
from workers.delivery.delivery import Delivery
from workers.delivery.email import Mailer
from workers.delivery.from_ledger import FromLedger
from workers.delivery.gate import MAILS, Bounds, Gate
from workers.delivery.ledger import Ledger
from workers.delivery.mailers import Mailers
from workers.delivery.resting import Resting
from workers.delivery.sending import Sending
from workers.delivery.settling import Settling
from workers.delivery.smtp_url import parse_smtp_url
from workers.delivery.source import Source


def deliverer_of(subscribers: Subscribers, smtp: ScriptedSmtp, bounds: Bounds = MAILS) -> Deliverer:
    return deliverer_by(subscribers, email_by(smtp), Gate(bounds))


def email_by(smtp: ScriptedSmtp) -> EmailChannel:
    server = parse_smtp_url(f"smtp://127.0.0.1:{smtp.port}")
    return EmailChannel("status@example.net", Mailers(lambda: Mailer(server, "example.net", timeout=5)))


def deliverer_by(subscribers: Subscribers, channel: Channel, gate: Gate) -> Deliverer:
    """Of mails, by any channel that takes them."""

    async def bell(timeout: float) -> None:  # noqa: ASYNC109 - of the bell
        await asyncio.sleep(0.02)

    source = FromLedger(Kind.MAILS, Ledger(subscribers.pool), bell)
    return deliverer_from(subscribers, source, channel, gate)


def deliverer_from(subscribers: Subscribers, source: Source, channel: Channel, gate: Gate) -> Deliverer:
    resting = Resting(subscribers.commands, subscribers.clock)
    sending = Sending(subscribers.composer(), {ChannelType.EMAIL: channel}, resting)
    return Deliverer(source, Settling(Ledger(subscribers.pool)), sending, gate)


async def claim(subscribers: Subscribers, limit: int = 10, per_host: int = 10) -> list[Delivery]:
    return await Ledger(subscribers.pool).claim(Kind.MAILS, Choice(limit, per_host))


@asynccontextmanager
async def running(deliverer: Deliverer) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(deliverer.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def planned(subscribers: Subscribers, page_id: UUID, count: int = 1) -> list[UUID]:
    subscription_ids = [await subscribers.request(page_id) for _ in range(count)]
    await subscribers.catch_up(subscribers.confirming())
    return subscription_ids


async def settled(subscribers: Subscribers, page_id: UUID) -> list[dict[str, Any]]:
    """The page's deliveries, once none is about to be sent."""

    async def none_is_due() -> bool:
        query = """
        SELECT count(*) = 0 FROM notify.deliveries WHERE page_id = $1
        AND (state = 'sending' OR state = 'pending' AND next_attempt_at < clock_timestamp())
        """
        return bool(await subscribers.pool.fetchval(query, page_id))

    await eventually(none_is_due, 10, "every delivery settled")
    return await subscribers.deliveries(page_id)


async def make_due(subscribers: Subscribers, page_id: UUID) -> None:
    """Also what is in somebody's hand: its lease is over."""
    await subscribers.pool.execute(
        "UPDATE notify.deliveries SET next_attempt_at = clock_timestamp(), lease_until = NULL"
        " WHERE page_id = $1",
        page_id,
    )


async def in_hand_and_newer(subscribers: Subscribers, page_id: UUID) -> tuple[UUID, UUID]:
    """The ids of a notice that a deliverer has claimed, and of one that follows it."""
    await subscribers.reader(page_id)
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    [older] = await claim(subscribers)
    await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
    await subscribers.plan()
    [newer] = [row for row in await subscribers.deliveries(page_id) if row["state"] == "pending"]
    return older.delivery_id, newer["delivery_id"]


async def attempted(subscribers: Subscribers, page_id: UUID, attempts: int) -> None:
    async def done() -> bool:
        query = "SELECT attempts = $2 AND state <> 'sending' FROM notify.deliveries WHERE page_id = $1"
        return bool(await subscribers.pool.fetchval(query, page_id, attempts))

    await eventually(done, 10, f"attempt {attempts}")


def message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"])

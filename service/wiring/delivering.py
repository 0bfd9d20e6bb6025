"""The deliverers of one process, and what they get their work from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from urllib.parse import urlsplit

import structlog

from eventstore.bus.work import WorkQueue
from eventstore.doorbell import Doorbell
from service.config import require_secret_key
from service.vault.links import Links
from service.wiring.channels import mail_of, posts_of
from service.wiring.core import Core
from workers.delivery.choice import Kind
from workers.delivery.compose import Composer
from workers.delivery.deliverer import Deliverer
from workers.delivery.dispatcher import Dispatcher
from workers.delivery.from_ledger import FromLedger
from workers.delivery.from_queue import FromQueue
from workers.delivery.gate import POSTS, Bounds, Gate, mails
from workers.delivery.ledger import Ledger
from workers.delivery.resting import Resting
from workers.delivery.sending import Sending
from workers.delivery.settling import Settling
from workers.delivery.smtp_url import parse_smtp_url
from workers.delivery.source import Source
from workers.delivery.tidings import TidingsDesk

log = structlog.get_logger()


async def deliver(core: Core, stop: asyncio.Event) -> None:
    """Run deliverers; without SMTP_URL the mails wait. Raises BadSmtpUrl, SecretKeyMissing.

    Mails have one of their own, which no receiver that is slow to answer can hold up. With RabbitMQ each gets
    its work from a queue, which one of all the processes fills.
    """
    composer = _composer(core)
    async with Doorbell(core.dsn, "deliveries_due") as bell, asyncio.TaskGroup() as group:
        if core.settings.smtp_url is None:
            log.warning("no mails are sent: SMTP_URL is not set")
        else:
            server = parse_smtp_url(core.settings.smtp_url)
            sending = Sending(composer, mail_of(core, server), _resting(core))
            group.create_task(_deliver(core, Kind.MAILS, sending, mails(server.connections), bell, stop))
        posts = Sending(composer, posts_of(core), _resting(core))
        group.create_task(_deliver(core, Kind.POSTS, posts, POSTS, bell, stop))


async def _deliver(
    core: Core, kind: Kind, sending: Sending, bounds: Bounds, bell: Doorbell, stop: asyncio.Event
) -> None:
    ledger = Ledger(core.pool)
    direct = FromLedger(kind, ledger, bell.wait)
    async with _source(core, direct, bounds, stop) as source:
        await Deliverer(source, Settling(ledger), sending, Gate(bounds)).run(stop)


@asynccontextmanager
async def _source(
    core: Core, direct: FromLedger, bounds: Bounds, stop: asyncio.Event
) -> AsyncIterator[Source]:
    if core.settings.amqp_url is None:
        yield direct
        return
    queue = WorkQueue(core.settings.amqp_url, "statuspages", _queue_name(core, direct.kind), bounds.in_hand)
    dispatcher = Dispatcher(direct.kind, direct.ledger, queue, bounds.per_host, core.leases, direct.bell)
    async with queue.consuming(), asyncio.TaskGroup() as group:
        group.create_task(dispatcher.run(stop))
        yield FromQueue(queue, direct)


def _queue_name(core: Core, kind: Kind) -> str:
    """Of this deployment alone: an id that another one took would be sent a minute later."""
    secret = require_secret_key(core.settings) + urlsplit(core.dsn).path.encode()
    return f"{kind.name.lower()}.{sha256(secret).hexdigest()[:12]}"


def _composer(core: Core) -> Composer:
    tidings = TidingsDesk(core.store, core.codec, core.commands, core.places)
    links = Links(core.pool)
    return Composer(core.commands, links, tidings, core.places.base_url, require_secret_key(core.settings))


def _resting(core: Core) -> Resting:
    return Resting(core.commands, core.clock)

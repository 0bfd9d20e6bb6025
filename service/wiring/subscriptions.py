"""Subscriptions and their mails: what the API, the policies, the deliverer and the scheduler are made of."""

import asyncio
from collections.abc import Mapping

import structlog

from eventstore.doorbell import Doorbell
from eventstore.shared_moves import SharedMoves
from service.config import require_secret_key
from service.deliveries.retention import Retention
from service.deliveries.tally import Tally
from service.domain.values import ChannelType
from service.http.idempotency.postgres import PostgresKeys
from service.own_subscriptions import OwnSubscriptions
from service.readmodels.subscriptions import SubscriptionList
from service.subscriber_import import SubscriberImport
from service.subscriptions import Subscriptions
from service.vault.confirmations import Confirmations
from service.vault.contacts import Contacts
from service.vault.leavers import Leavers
from service.vault.links import Links
from service.vault.passwords import Passwords
from service.wiring.channels import mail_of, posts_of
from service.wiring.core import Core
from workers.consume import Reaction
from workers.delivery.channel import Channel
from workers.delivery.choice import Kind
from workers.delivery.compose import Composer
from workers.delivery.deliverer import Deliverer
from workers.delivery.gate import MAILS, POSTS, Bounds, Gate
from workers.delivery.ledger import Ledger
from workers.delivery.planner import Planner
from workers.delivery.resting import Resting
from workers.delivery.sending import Sending
from workers.delivery.tidings import TidingsDesk
from workers.policies import confirmation, erasure, notifications, timers
from workers.policies.bookmark import Bookmark
from workers.scheduler import Scheduler
from workers.upkeep import Upkeep

log = structlog.get_logger()


def subscriptions_of(core: Core) -> Subscriptions:
    contacts, links = Contacts(core.pool), Links(core.pool)
    return Subscriptions(core.commands, contacts, links, _confirmations(core), _leavers(core), core.clock)


def own_subscriptions_of(core: Core) -> OwnSubscriptions:
    contacts = Contacts(core.pool)
    return OwnSubscriptions(core.commands, contacts, _confirmations(core), _leavers(core), core.clock)


def subscriber_import_of(core: Core) -> SubscriberImport:
    return SubscriberImport(core.commands, Contacts(core.pool), _leavers(core), core.clock)


def policies_of(core: Core, moves: SharedMoves) -> dict[str, Reaction]:
    """By their names on the command line."""

    def bookmark(name: str) -> Bookmark:
        return Bookmark(name, core.pool, core.store, moves)

    vault = erasure.Vault(Contacts(core.pool), Passwords(core.pool), _leavers(core))
    return {
        "confirmations": confirmation.ConfirmationPolicy(
            core.pool, bookmark(confirmation.NAME), core.store, core.codec
        ),
        "erasure": erasure.ErasurePolicy(
            core.pool,
            bookmark(erasure.NAME),
            core.store,
            core.codec,
            core.commands,
            vault,
        ),
        "notifications": notifications.NotificationPolicy(
            core.pool, bookmark(notifications.NAME), core.store, core.codec, core.commands
        ),
        "timers": timers.TimerPolicy(core.pool, bookmark(timers.NAME), core.codec),
    }


async def deliver(core: Core, stop: asyncio.Event) -> None:
    """Run deliverers; without SMTP_URL the mails wait. Raises BadSmtpUrl, SecretKeyMissing.

    Mails have one of their own, which no receiver that is slow to answer can hold up.
    """
    composer, resting = _composer(core), Resting(core.commands, core.clock)
    async with Doorbell(core.dsn, "deliveries_due") as bell, asyncio.TaskGroup() as group:

        def start(kind: Kind, channels: Mapping[ChannelType, Channel], bounds: Bounds) -> None:
            sending = Sending(composer, channels, resting)
            deliverer = Deliverer(kind, Ledger(core.pool), sending, Gate(bounds), bell.wait)
            group.create_task(deliverer.run(stop))

        if core.settings.smtp_url is None:
            log.warning("no mails are sent: SMTP_URL is not set")
        else:
            start(Kind.MAILS, mail_of(core, core.settings.smtp_url), MAILS)
        start(Kind.POSTS, posts_of(core), POSTS)


async def plan(core: Core, stop: asyncio.Event) -> None:
    """Run a planner."""
    async with Doorbell(core.dsn, "plans_due") as bell:
        await Planner(core.pool, bell.wait).run(stop)


def _composer(core: Core) -> Composer:
    tidings = TidingsDesk(core.store, core.codec, core.commands, core.places)
    links = Links(core.pool)
    return Composer(core.commands, links, tidings, core.places.base_url, require_secret_key(core.settings))


def upkeep_of(core: Core, owner: str | None = None) -> Scheduler:
    """`owner`: see eventstore.leases.holding."""
    return Scheduler(upkeep(core).jobs(), core.leases, owner)


def upkeep(core: Core) -> Upkeep:
    return Upkeep(
        core.commands,
        SubscriptionList(core.pool),
        Contacts(core.pool),
        _confirmations(core),
        Links(core.pool),
        PostgresKeys(core.pool).purge,
        Tally(core.pool),
        Retention(core.pool),
        core.clock,
    )


def _leavers(core: Core) -> Leavers:
    return Leavers(core.pool, require_secret_key(core.settings))


def _confirmations(core: Core) -> Confirmations:
    return Confirmations(core.pool, require_secret_key(core.settings))

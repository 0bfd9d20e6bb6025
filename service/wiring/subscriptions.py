"""Subscriptions and their mails: what the API, the policies, the deliverer and the scheduler are made of."""

import asyncio

from eventstore.doorbell import Doorbell
from eventstore.shared_moves import SharedMoves
from service.config import require_secret_key
from service.deliveries.retention import Retention
from service.deliveries.tally import Tally
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
from service.wiring.core import Core
from workers.consume import Reaction
from workers.delivery.planner import Planner
from workers.policies import confirmation, erasure, notifications, timers
from workers.policies.bookmark import Bookmark
from workers.scheduler import Scheduler
from workers.upkeep import Upkeep


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


async def plan(core: Core, stop: asyncio.Event) -> None:
    """Run a planner."""
    async with Doorbell(core.dsn, "plans_due") as bell:
        await Planner(core.pool, bell.wait).run(stop)


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

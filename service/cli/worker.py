"""`statuspages worker`, `relay` and `scheduler`: the background, one process each or all in one."""

import os

from service.cli.running import CommandFailed, load_settings, run, stop_on_signals
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, open_core
from service.wiring.workers import open_bus, relay_of, run_until, scheduler_of, workers_of

BULK = frozenset({"planner", "deliverer"})
"""Their work can wait a little and comes in heaps: alone in a process they take what others leave."""
NICENESS = 10


def worker(*names: str, instance: str | None = None) -> None:
    """Run workers: projections, policies and deliverers.

    Needs DATABASE_URL and STATUSPAGES_SECRET_KEY. Of each worker one copy works at a time, by lease; the
    others stand by. Deliverers share their work, so start as many as you want. A process of planners and
    deliverers alone runs at a low priority: a hundred thousand mails slow nobody else down.

    Parameters
    ----------
    names
        Workers by name, or `all`. A wrong name lists those there are.
    instance
        A name of this copy, where a supervisor sees to it that it runs once at a time: after a crash it goes
        on at once. Without it the leases of the crashed copy have to end first, which takes 10 s.
    """
    run(_worker(load_settings(), names or ("all",), instance))


def relay(*, instance: str | None = None) -> None:
    """Publish the log to RabbitMQ.

    Needs DATABASE_URL and AMQP_URL. One copy works at a time, by lease; the others stand by.

    Parameters
    ----------
    instance
        A name of this copy, where a supervisor sees to it that it runs once at a time: after a crash it goes
        on at once. Without it the lease of the crashed copy has to end first, which takes 10 s.
    """
    run(_relay(load_settings(), instance))


def scheduler() -> None:
    """Run what happens at its time: expiry of unverified subscriptions, clean-up.

    Needs DATABASE_URL and STATUSPAGES_SECRET_KEY. One copy works at a time, by lease.
    """
    run(_scheduler(load_settings()))


async def _worker(settings: Settings, names: tuple[str, ...], instance: str | None) -> None:
    stop = stop_on_signals()
    async with open_core(settings, "statuspages worker", WORKER_TIMEOUT) as core, open_bus(core) as bus:
        known = workers_of(core, bus, instance)
        wrong = [name for name in names if name not in known and name != "all"]
        if wrong:
            raise CommandFailed(f"There is no worker {wrong[0]}; there are: {', '.join(known)}, all.")
        chosen = known if "all" in names else dict.fromkeys(names)
        if BULK.issuperset(chosen):
            os.nice(NICENESS)
        await run_until(stop, [known[name] for name in chosen])


async def _relay(settings: Settings, instance: str | None) -> None:
    if settings.amqp_url is None:
        raise CommandFailed("The relay needs AMQP_URL; without RabbitMQ consumers read the log themselves.")
    stop = stop_on_signals()
    async with open_core(settings, "statuspages relay", WORKER_TIMEOUT) as core, open_bus(core) as bus:
        await run_until(stop, [relay_of(core, bus, instance)])


async def _scheduler(settings: Settings) -> None:
    stop = stop_on_signals()
    async with open_core(settings, "statuspages scheduler", WORKER_TIMEOUT) as core:
        await run_until(stop, [scheduler_of(core)])

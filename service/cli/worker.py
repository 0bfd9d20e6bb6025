"""`statuspages worker`, `relay` and `scheduler`: the background, one process each or all in one."""

from service.cli.running import CommandFailed, load_settings, run, stop_on_signals
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, open_core
from service.wiring.workers import open_bus, relay_of, run_until, scheduler_of, workers_of


def worker(*names: str) -> None:
    """Run workers: projections, policies and deliverers.

    Needs DATABASE_URL and STATUSPAGES_SECRET_KEY. Of each worker one copy works at a time, by lease; the
    others stand by. Deliverers share their work, so start as many as you want.

    Parameters
    ----------
    names
        Workers by name, or `all`. A wrong name lists those there are.
    """
    run(_worker(load_settings(), names or ("all",)))


def relay() -> None:
    """Publish the log to RabbitMQ.

    Needs DATABASE_URL and AMQP_URL. One copy works at a time, by lease; the others stand by.
    """
    run(_relay(load_settings()))


def scheduler() -> None:
    """Run what happens at its time: expiry of unverified subscriptions, clean-up.

    Needs DATABASE_URL and STATUSPAGES_SECRET_KEY. One copy works at a time, by lease.
    """
    run(_scheduler(load_settings()))


async def _worker(settings: Settings, names: tuple[str, ...]) -> None:
    stop = stop_on_signals()
    async with open_core(settings, "statuspages worker", WORKER_TIMEOUT) as core, open_bus(core) as bus:
        known = workers_of(core, bus)
        wrong = [name for name in names if name not in known and name != "all"]
        if wrong:
            raise CommandFailed(f"There is no worker {wrong[0]}; there are: {', '.join(known)}, all.")
        chosen = known if "all" in names else dict.fromkeys(names)
        await run_until(stop, [known[name] for name in chosen])


async def _relay(settings: Settings) -> None:
    if settings.amqp_url is None:
        raise CommandFailed("The relay needs AMQP_URL; without RabbitMQ consumers read the log themselves.")
    stop = stop_on_signals()
    async with open_core(settings, "statuspages relay", WORKER_TIMEOUT) as core, open_bus(core) as bus:
        await run_until(stop, [relay_of(core, bus)])


async def _scheduler(settings: Settings) -> None:
    stop = stop_on_signals()
    async with open_core(settings, "statuspages scheduler", WORKER_TIMEOUT) as core:
        await run_until(stop, [scheduler_of(core)])

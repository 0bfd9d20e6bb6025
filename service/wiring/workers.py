"""The background of the product, by name: relay, projections, policies, planner, deliverers, scheduler."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from eventstore.bus.fallback import WithFallback
from eventstore.bus.postgres import PostgresBus
from eventstore.bus.protocol import Bus
from eventstore.bus.rabbit import RabbitBus
from eventstore.recent import RecentLog
from eventstore.shared_moves import SharedMoves
from service.wiring.core import Core
from service.wiring.delivering import deliver
from service.wiring.subscriptions import plan, policies_of, upkeep_of
from workers import timekeeper
from workers.consume import Consumer, Reaction
from workers.projections.registry import PROJECTIONS
from workers.projector import BELL, Projector
from workers.relay import Relay
from workers.scheduler import Scheduler
from workers.timekeeper import Timekeeper

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@asynccontextmanager
async def open_bus(core: Core, prefix: str = "statuspages") -> AsyncIterator[Bus]:
    """RabbitMQ where AMQP_URL names one, else the log's own feed. `prefix` begins the names on the broker."""
    if core.settings.amqp_url is None:
        yield PostgresBus(core.feed)
        return
    bus = RabbitBus(core.settings.amqp_url, prefix)
    try:
        yield WithFallback(bus, core.feed)
    finally:
        await bus.close()


def workers_of(core: Core, bus: Bus, owner: str | None = None) -> dict[str, Work]:
    """Every worker by its name on the command line. `owner`: see eventstore.leases.holding."""
    moves = SharedMoves(core.pool, BELL)
    reactions: dict[str, Reaction] = {
        name: Projector(projection, core.pool, core.codec, moves) for name, projection in PROJECTIONS.items()
    }
    reactions |= policies_of(core, moves)
    log = RecentLog(core.store)
    workers: dict[str, Work] = {
        name: Consumer(reaction, log, bus, core.leases, owner).run for name, reaction in reactions.items()
    }
    return workers | {"planner": partial(plan, core), "deliverer": partial(deliver, core)}


def relay_of(core: Core, bus: Bus, owner: str | None = None) -> Work:
    return Relay(core.store, bus, core.pool, core.feed, owner).run


def scheduler_of(core: Core, owner: str | None = None) -> Work:
    """Upkeep, and timers beside it: however long its jobs take, these come at their time."""
    keeper = Timekeeper(core.pool, core.commands, core.clock)
    timers = Scheduler(keeper.jobs(), core.leases, owner, timekeeper.NAME)
    upkeep = upkeep_of(core, owner)

    async def run(stop: asyncio.Event) -> None:
        await run_until(stop, [upkeep.run, timers.run])

    return run


async def run_until(stop: asyncio.Event, work: Sequence[Work]) -> None:
    """Run all of it; when one fails for good, all of it ends with that error."""
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each(stop))

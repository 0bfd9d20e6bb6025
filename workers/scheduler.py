"""What happens at its time rather than because of an event: jobs, run by one process at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from eventstore.leases import Lease, Leases, holding
from eventstore.store import StoreUnavailable
from service.commands.handler import TooManyConflicts
from service.domain.errors import Rejected

NAME = "scheduler"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """Runs when the scheduler starts, then every `period` seconds. It may be repeated without harm."""

    name: str
    period: float
    run: Callable[[], Awaitable[None]]


class Scheduler:
    """`name` is its lease's: schedulers of one name take turns, those of different names run side by side."""

    def __init__(
        self, jobs: Sequence[Job], leases: Leases, owner: str | None = None, name: str = NAME
    ) -> None:
        self._jobs = jobs
        self._leases = leases
        self._owner = owner
        self._name = name

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; the job in hand is finished."""
        while not stop.is_set():
            async with holding(self._leases, self._name, stop, owner=self._owner) as lease:
                if lease is not None:
                    await self._work(lease, stop)

    async def _work(self, lease: Lease, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        due_at = dict.fromkeys(self._jobs, loop.time())
        while not (stop.is_set() or lease.lost.is_set()):
            job = min(due_at, key=lambda each: due_at[each])
            if due_at[job] > loop.time():
                await _pause(stop, min(due_at[job] - loop.time(), 1.0))
                continue
            await _run(job)
            due_at[job] = loop.time() + job.period


async def _run(job: Job) -> None:
    try:
        await job.run()
    except (StoreUnavailable, Rejected, TooManyConflicts) as error:
        log.warning("job failed, to be tried at its next time", job=job.name, error=str(error))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()

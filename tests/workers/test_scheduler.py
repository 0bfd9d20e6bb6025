"""Jobs at their times, in one process at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from eventstore.leases import Leases
from eventstore.store import StoreUnavailable
from tests.environment.waiting import eventually
from tests.workers.subscribers import Subscribers
from workers.scheduler import Job, Scheduler


class Counter:
    """A job that counts its runs; the first ones fail."""

    def __init__(self, failures: int = 0) -> None:
        self.runs = 0
        self._failures = failures

    async def run(self) -> None:
        self.runs += 1
        if self.runs <= self._failures:
            raise StoreUnavailable("away")


@asynccontextmanager
async def running(subscribers: Subscribers, *jobs: Job) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(Scheduler(jobs, Leases(subscribers.pool)).run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def test_a_job_runs_at_the_start_and_then_by_its_period(subscribers: Subscribers) -> None:
    often, seldom = Counter(), Counter()
    async with running(subscribers, Job("often", 0.05, often.run), Job("seldom", 3600, seldom.run)):
        await eventually(lambda: often.runs >= 3)
    assert seldom.runs == 1


async def test_a_job_that_fails_is_run_again_and_costs_no_other(subscribers: Subscribers) -> None:
    failing, other = Counter(failures=2), Counter()
    async with running(subscribers, Job("failing", 0.05, failing.run), Job("other", 0.05, other.run)):
        await eventually(lambda: failing.runs >= 3 and other.runs >= 3)


async def test_of_two_schedulers_one_works_and_the_other_takes_over(subscribers: Subscribers) -> None:
    first, second = Counter(), Counter()
    async with running(subscribers, Job("job", 0.05, first.run)) as stop:
        await eventually(lambda: first.runs >= 1)
        async with running(subscribers, Job("job", 0.05, second.run)):
            await eventually(lambda: first.runs >= 3)
            assert second.runs == 0
            stop.set()
            await eventually(lambda: second.runs >= 1)

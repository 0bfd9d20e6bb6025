"""Who kills: each time at a random moment while the victim is at work."""

import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable

from eventstore.store import StoreUnavailable
from tests.environment.waiting import eventually
from tests.faults.program import START_SECONDS, Program

KILLS = int(os.environ.get("FAULTS_KILLS", "100"))
LONGEST_LIFE = 0.5
EVERY = 10

Measure = Callable[[], Awaitable[int]]
End = Callable[[Program], Awaitable[None]]


async def kill_repeatedly(
    victim: Program,
    times: int,
    work_done: Measure,
    chance: random.Random,
    *,
    within: float = START_SECONDS,
    end: End = Program.kill,
) -> float:
    """kill -9, or another `end`, whenever work goes on, at most half a second later.

    Answers with the longest time (s) from then to work.
    """
    longest = 0.0
    for number in range(1, times + 1):
        await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))
        killed_at = time.monotonic()
        await end(victim)
        await grows(work_done, f"{victim.name} at work again", within)
        longest = max(longest, time.monotonic() - killed_at)
        if number % EVERY == 0:
            say(f"{victim.name}: ended {number} times, at work again within {longest:.1f} s")
    return longest


async def grows(measure: Measure, description: str, within: float = START_SECONDS, *, by: int = 1) -> None:
    """Until the measure is more than it was, by so much at least."""
    before = await measure()

    async def more() -> bool:
        try:
            return await measure() >= before + by
        except StoreUnavailable:
            return False

    await eventually(more, within, description)


def say(line: str) -> None:
    """Progress, for those who run with -s."""
    sys.stdout.write(f"\n  {line}")
    sys.stdout.flush()

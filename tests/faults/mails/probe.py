"""What a client of the API feels: a page read and written at a modest, fixed rate."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import cycle
from statistics import median

from tests.faults.mails.fan_out import FanOut
from tests.service.client import Answer

READS, WRITES = 40, 10
"""A second."""
WINDOW_SECONDS = 10
STATUSES = cycle(("partial_outage", "operational"))
Ask = Callable[[], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Felt:
    """Milliseconds: the p99 of one window, or what is typical of several."""

    read: float
    write: float

    def __str__(self) -> str:
        return f"GET {self.read:.1f} ms, PUT {self.write:.1f} ms"


async def window(fan_out: FanOut) -> Felt:
    """Requests begin at their times, whether or not earlier ones have been answered."""
    page, owner = fan_out.busy, fan_out.owner

    async def read() -> Answer:
        return await owner.get(f"/v1/statuspage/{page.page_id}/unified")

    async def write() -> Answer:
        body = {"status": next(STATUSES), "reason": "One region does not answer"}
        return await owner.put(f"/v1/component/{page.component_id}/status", body)

    reads, writes = await asyncio.gather(_p99(read, READS), _p99(write, WRITES))
    return Felt(reads, writes)


def typical(windows: list[Felt]) -> Felt:
    return Felt(median(each.read for each in windows), median(each.write for each in windows))


async def _p99(ask: Ask, rate: int) -> float:
    begin = time.monotonic()
    due = [begin + number / rate for number in range(rate * WINDOW_SECONDS)]
    seconds = sorted(await asyncio.gather(*(_seconds(at, ask) for at in due)))
    return seconds[len(seconds) * 99 // 100] * 1000


async def _seconds(due: float, ask: Ask) -> float:
    """From when it is sent: how late this process wakes up (1 ms as a rule, 95 ms while it collects garbage)
    says nothing about the API."""
    await asyncio.sleep(due - time.monotonic())
    begun = time.monotonic()
    answer = await ask()
    assert answer.status == 200, answer.json
    return time.monotonic() - begun

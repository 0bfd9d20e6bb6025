"""An answer in time: what hangs with the database goes on by itself while its caller is told."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from service.http.problems import unavailable

SECONDS = 4.5
"""Several steps of one write may hang one after the other; clients are promised 503 within 6 s."""

Result = TypeVar("Result")
_left_behind: set[asyncio.Task[Any]] = set()


async def in_time(work: Coroutine[Any, Any, Result], seconds: float) -> Result:
    """The result of `work`, which is never cancelled: what it has begun it sees through.

    Raises Problem 503 after `seconds`, and what `work` raises before.
    """
    task = asyncio.create_task(work)
    _left_behind.add(task)
    task.add_done_callback(_let_go)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        raise unavailable("No verdict in time: it may or may not be recorded.")
    return task.result()


def _let_go(task: asyncio.Task[Any]) -> None:
    _left_behind.discard(task)
    if not task.cancelled():
        task.exception()  # its caller is gone and was told

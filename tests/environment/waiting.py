"""Wait on a condition, never for a fixed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

POLL_SECONDS = 0.02


async def eventually(
    predicate: Callable[[], bool | Awaitable[bool]],
    timeout: float = 5,  # noqa: ASYNC109 (the deadline is in the failure's text)
    description: str = "the condition",
) -> None:
    """Return as soon as `predicate` (plain or async) is true; AssertionError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not await _holds(predicate):
        if time.monotonic() > deadline:
            raise AssertionError(f"{description} did not come true within {timeout} s")
        await asyncio.sleep(POLL_SECONDS)


async def _holds(predicate: Callable[[], bool | Awaitable[bool]]) -> bool:
    answer = predicate()
    return answer if isinstance(answer, bool) else await answer

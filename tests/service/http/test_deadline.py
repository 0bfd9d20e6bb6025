"""What hangs is answered in time and seen through all the same."""

import asyncio

import pytest

from service.http.deadline import in_time
from service.http.problems import Problem


async def test_a_result_that_comes_in_time_is_passed_on() -> None:
    assert await in_time(asyncio.sleep(0, "done"), 5) == "done"


async def test_an_error_that_comes_in_time_is_passed_on() -> None:
    async def fails() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await in_time(fails(), 5)


async def test_what_hangs_is_503_and_goes_on_to_its_end() -> None:
    released, finished = asyncio.Event(), asyncio.Event()

    async def hangs() -> None:
        await released.wait()
        finished.set()

    with pytest.raises(Problem) as refused:
        await in_time(hangs(), 0.01)
    assert refused.value.status == 503
    assert "Retry-After" in refused.value.headers
    released.set()
    await asyncio.wait_for(finished.wait(), 5)


async def test_a_caller_that_is_cancelled_does_not_cancel_the_work() -> None:
    released, finished = asyncio.Event(), asyncio.Event()

    async def hangs() -> None:
        await released.wait()
        finished.set()

    waiting = asyncio.create_task(in_time(hangs(), 5))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    released.set()
    await asyncio.wait_for(finished.wait(), 5)

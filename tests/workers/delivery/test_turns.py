"""Turns: bounded, and not to be held by those who wait."""

import asyncio

from workers.delivery.turns import Turns


async def begun(turns: Turns, count: int, within: float) -> int:
    """How many of `count` that never end by themselves have begun by then; then they are ended."""
    started = 0

    async def hold() -> None:
        nonlocal started
        async with turns.taken():
            started += 1
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(hold()) for _ in range(count)]
    await asyncio.wait(tasks, timeout=within)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return started


async def test_no_more_begin_than_there_are_turns() -> None:
    turns = Turns(2, aside=3, aside_seconds=60)
    assert [await begun(turns, 5, within=0.1) for _ in range(3)] == [2] * 3


async def test_who_takes_long_lets_others_begin_as_far_as_there_is_room_aside() -> None:
    turns = Turns(2, aside=3, aside_seconds=0.01)
    assert [await begun(turns, 10, within=0.5) for _ in range(3)] == [5] * 3

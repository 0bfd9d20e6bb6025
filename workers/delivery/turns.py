"""So many at a time; what takes long steps aside, so that others don't wait for whoever it waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

ASIDE_SECONDS = 0.5


@dataclass(slots=True)
class Turn:
    is_aside: bool = False


class Turns:
    """`most`: at a time; `aside`: how many more, while as many have stepped aside."""

    def __init__(self, most: int, aside: int, aside_seconds: float = ASIDE_SECONDS) -> None:
        self._free = asyncio.Semaphore(most)
        self._room_aside = aside
        self._aside_seconds = aside_seconds

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        await self._free.acquire()
        turn = Turn()
        stepping = asyncio.get_running_loop().call_later(self._aside_seconds, self._step_aside, turn)
        try:
            yield
        finally:
            stepping.cancel()
            self._end(turn)

    def _step_aside(self, turn: Turn) -> None:
        if self._room_aside:
            turn.is_aside = True
            self._room_aside -= 1
            self._free.release()

    def _end(self, turn: Turn) -> None:
        if turn.is_aside:
            self._room_aside += 1
        else:
            self._free.release()

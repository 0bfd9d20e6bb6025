"""So many at a time; what takes long steps aside, so that others don't wait for whoever it waits for."""

import asyncio

ASIDE_SECONDS = 0.5


class Turns:
    """`most`: at a time; `aside`: how many more, while as many have stepped aside."""

    def __init__(self, most: int, aside: int, aside_seconds: float = ASIDE_SECONDS) -> None:
        self.free = asyncio.Semaphore(most)
        self.room_aside = aside
        self.aside_seconds = aside_seconds

    def taken(self) -> "Turn":
        """To be entered once."""
        return Turn(self)


class Turn:
    """A class, not a generator: every message takes one."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._is_aside = False

    async def __aenter__(self) -> None:
        await self._turns.free.acquire()
        loop = asyncio.get_running_loop()
        self._stepping = loop.call_later(self._turns.aside_seconds, self._step_aside)

    async def __aexit__(self, *_: object) -> None:
        self._stepping.cancel()
        if self._is_aside:
            self._turns.room_aside += 1
        else:
            self._turns.free.release()

    def _step_aside(self) -> None:
        if self._turns.room_aside:
            self._is_aside = True
            self._turns.room_aside -= 1
            self._turns.free.release()

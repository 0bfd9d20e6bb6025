"""So many at a time; what takes long steps aside, so that others don't wait for whoever it waits for."""

import asyncio

ASIDE_SECONDS = 0.5


class Turns:
    """`most`: at a time; `aside`: how many more, while as many have stepped aside."""

    def __init__(self, most: int, aside: int, aside_seconds: float = ASIDE_SECONDS) -> None:
        self._free = asyncio.Semaphore(most)
        self._room_aside = aside
        self._aside_seconds = aside_seconds

    def taken(self) -> "Turn":
        """To be entered once."""
        return Turn(self, self._aside_seconds)

    async def take(self) -> None:
        await self._free.acquire()

    def step_aside(self) -> bool:
        """Whether there was room aside; the turn is then another's."""
        if not self._room_aside:
            return False
        self._room_aside -= 1
        self._free.release()
        return True

    def give_back(self, *, is_aside: bool) -> None:
        if is_aside:
            self._room_aside += 1
        else:
            self._free.release()


class Turn:
    """A class, not a generator: every message takes one."""

    def __init__(self, turns: Turns, aside_seconds: float) -> None:
        self._turns = turns
        self._aside_seconds = aside_seconds
        self._is_aside = False

    async def __aenter__(self) -> None:
        await self._turns.take()
        self._stepping = asyncio.get_running_loop().call_later(self._aside_seconds, self._step_aside)

    async def __aexit__(self, *_: object) -> None:
        self._stepping.cancel()
        self._turns.give_back(is_aside=self._is_aside)

    def _step_aside(self) -> None:
        self._is_aside = self._turns.step_aside()

"""A few connections to the mail server that are kept, each with one conversation at a time."""

import asyncio
from collections.abc import Callable

from workers.delivery.email import Mailer
from workers.delivery.outcomes import Outcome

CONNECTIONS = 8


class Mailers:
    """`make` makes a mailer, which connects when it is first needed."""

    def __init__(self, make: Callable[[], Mailer], connections: int = CONNECTIONS) -> None:
        self._all = [make() for _ in range(connections)]
        self._free = list(reversed(self._all))
        self._turns = asyncio.Semaphore(connections)

    async def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """By the one that was used last: what is not needed stays closed, or is left to end."""
        async with self._turns:
            mailer = self._free.pop()
            try:
                return await mailer.send(sender, recipient, message)
            finally:
                self._free.append(mailer)

    async def close(self) -> None:
        await asyncio.gather(*(mailer.close() for mailer in self._all))

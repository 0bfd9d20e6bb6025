"""A few connections to the mail server that are kept, each with one conversation at a time."""

import asyncio
from collections.abc import Callable

from workers.delivery.email import Mailer
from workers.delivery.outcomes import Outcome


class Mailers:
    """As many as mails are sent at a time. `make` makes one, which connects when it is first needed."""

    def __init__(self, make: Callable[[], Mailer]) -> None:
        self._make = make
        self._free: list[Mailer] = []

    async def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """By the one that was used last: those that are not needed any more are left to end."""
        mailer = self._free.pop() if self._free else self._make()
        try:
            return await mailer.send(sender, recipient, message)
        finally:
            self._free.append(mailer)

    async def close(self) -> None:
        """Once nothing is sent any more."""
        await asyncio.gather(*(mailer.close() for mailer in self._free))

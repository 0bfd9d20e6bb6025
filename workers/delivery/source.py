"""The port: where a deliverer gets its work. tests/workers/delivery/test_sources.py is its contract."""

from typing import Protocol

from workers.delivery.choice import Choice
from workers.delivery.delivery import Delivery


class Source(Protocol):
    async def claim(self, choice: Choice) -> list[Delivery]:
        """What is due and chosen, claimed. Raises StoreUnavailable."""

    async def settled(self, delivery: Delivery) -> None:
        """What became of it is noted, or could not be, and then it comes again."""

    async def news(self, timeout: float) -> None:  # noqa: ASYNC109 - silence is an answer
        """Until there may be something to claim, at most `timeout` seconds."""

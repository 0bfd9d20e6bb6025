"""The live connections of one process: how many there may be, how long they keep quiet, when they all end."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from service.domain.errors import TooMany

MOST = 20
BEAT_SECONDS = 15.0
WRITE_SECONDS = 30.0
RETRY_AFTER = 10


class Connections:
    """`most`: of one organisation, in this process. `beat_seconds`: of silence before a comment is sent.
    `write_seconds`: that a client may take to read what it was sent."""

    def __init__(
        self, most: int = MOST, beat_seconds: float = BEAT_SECONDS, write_seconds: float = WRITE_SECONDS
    ) -> None:
        self._most = most
        self._open: Counter[UUID] = Counter()
        self.beat_seconds = beat_seconds
        self.write_seconds = write_seconds
        self.closing = asyncio.Event()

    @contextmanager
    def place(self, organisation_id: UUID) -> Iterator[None]:
        """Raises TooMany when the organisation has its share."""
        if self._open[organisation_id] >= self._most:
            raise TooMany(f"More than {self._most} live connections at once.", RETRY_AFTER)
        self._open[organisation_id] += 1
        try:
            yield
        finally:
            self._open[organisation_id] -= 1
            self._open += Counter()  # forgets those who have none

    def close(self) -> None:
        """Each connection ends within about a second."""
        self.closing.set()

"""A circuit breaker: after failures in a row nothing is tried for a while, then one thing, then all again."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

THRESHOLD = 5
REST_SECONDS, LONGEST_REST_SECONDS = 5.0, 30.0


@dataclass(slots=True)
class Circuit:
    """`clock` is in seconds. It opens after THRESHOLD failures; each trial that fails doubles the rest."""

    clock: Callable[[], float] = monotonic
    failures: int = 0
    _closed_from: float | None = None
    _trying: bool = False

    @property
    def is_open(self) -> bool:
        """Also while one is tried."""
        return self._closed_from is not None

    def room(self, most: int) -> int:
        """How many of `most` may begin now."""
        if self._closed_from is None:
            return most
        return 0 if self._trying or self.clock() < self._closed_from else min(most, 1)

    @property
    def may_begin(self) -> bool:
        """Whether what was given room may go on."""
        return self._trying or not self.is_open

    def begin(self) -> None:
        self._trying = self.is_open

    def succeeded(self) -> None:
        self.failures, self._closed_from, self._trying = 0, None, False

    def failed(self) -> None:
        """Failures of what began before it opened say nothing new."""
        if self.is_open and not self._trying:
            return
        self.failures += 1
        self._trying = False
        if self.failures >= THRESHOLD:
            rest: float = REST_SECONDS * 2 ** (self.failures - THRESHOLD)
            self._closed_from = self.clock() + min(rest, LONGEST_REST_SECONDS)

    def undecided(self) -> None:
        """What was begun says nothing about the other side."""
        self._trying = False

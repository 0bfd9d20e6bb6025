"""How a move tells what it is doing."""

from typing import Protocol


class Progress(Protocol):
    def begins(self, step: str) -> None:
        """The table at hand."""

    def folded(self, position: int, head: int) -> None:
        """The log is through up to `position` of `head`."""

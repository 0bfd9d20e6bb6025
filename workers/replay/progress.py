"""How a replay tells what it is doing."""

from typing import Protocol


class Progress(Protocol):
    def begins(self, step: str) -> None:
        """A step in words, such as `indexes`."""

    def folded(self, position: int, head: int) -> None:
        """The log is folded up to `position`; `head` is the end as last seen."""

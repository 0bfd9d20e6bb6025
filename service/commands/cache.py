"""Folded states by stream, the most recently used ones.

An entry may be stale when another process writes. That is safe: an append names the version it was decided
on, and a refusal that rests on a cached state is decided again with what was appended since.
"""

from collections import OrderedDict
from typing import Any


class StateCache:
    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    def get(self, stream: str) -> tuple[int, Any] | None:
        entry = self._entries.get(stream)
        if entry is not None:
            self._entries.move_to_end(stream)
        return entry

    def put(self, stream: str, version: int, state: Any) -> None:
        self._entries[stream] = (version, state)
        self._entries.move_to_end(stream)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)

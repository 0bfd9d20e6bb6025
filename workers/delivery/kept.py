"""What was made of the last few things, while they are the very same things."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

KEPT = 32
Thing = TypeVar("Thing")
Made = TypeVar("Made")


class Kept(Generic[Thing, Made]):
    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[Thing, Made]] = OrderedDict()

    def of(self, thing: Thing, make: Callable[[], Made]) -> Made:
        """By identity: comparing what a whole notice says would cost more than it saves."""
        known = self._known.get(id(thing))
        if known is not None:
            return known[1]
        made = make()
        self._known[id(thing)] = thing, made  # kept with it, so that its identity is nobody else's
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return made

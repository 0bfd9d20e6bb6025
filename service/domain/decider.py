"""The shape of every aggregate: where it starts, how it answers a command, how a fact changes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")
Command = TypeVar("Command")
Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class Kept:
    """States of this class may be kept beside the events; `fold_version` goes up when `evolve` or the class
    changes: what was kept before is then not looked at."""

    cls: type
    fold_version: int


@dataclass(frozen=True, slots=True)
class Decider(Generic[State, Command, Event]):
    """`decide(state, command)` returns events or raises Rejected; `evolve(state, event)` the next state.

    Both are pure: times, ids and looked-up facts come in with the command. `kept` None: streams are short.
    """

    category: str
    initial: State
    decide: Callable[[State, Command], list[Event]]
    evolve: Callable[[State, Event], State]
    kept: Kept | None = None

    def stream(self, key: object) -> str:
        return f"{self.category}-{key}"

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current

"""Given what happened, when somebody asks, then this follows: the rules of an aggregate, spoken aloud."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import pytest

from service.domain.decider import Decider
from service.domain.errors import Rejected

State = TypeVar("State")
Command = TypeVar("Command")
Event = TypeVar("Event")
Refusal = TypeVar("Refusal", bound=Rejected)


@dataclass(frozen=True)
class Asked(Generic[State, Command, Event]):
    decider: Decider[State, Command, Event]
    state: State
    command: Command

    def then(self, *events: Event) -> None:
        """It is decided so; the same command once more adds nothing or is refused."""
        assert self.decider.decide(self.state, self.command) == list(events)
        self._again_adds_nothing(events)

    def then_nothing(self) -> None:
        self.then()

    def then_refused(self, refusal: type[Refusal]) -> Refusal:
        """Exactly this refusal, returned for a closer look."""
        with pytest.raises(refusal) as caught:
            self.decider.decide(self.state, self.command)
        assert type(caught.value) is refusal
        return caught.value

    def _again_adds_nothing(self, events: tuple[Event, ...]) -> None:
        after = self.decider.fold(events, self.state)
        try:
            again = self.decider.decide(after, self.command)
        except Rejected:
            return
        assert again == []


@dataclass(frozen=True)
class Given(Generic[State, Command, Event]):
    decider: Decider[State, Command, Event]
    state: State

    def when(self, command: Command) -> Asked[State, Command, Event]:
        return Asked(self.decider, self.state, command)


def given(decider: Decider[State, Command, Event], *events: Event) -> Given[State, Command, Event]:
    return Given(decider, decider.fold(events))

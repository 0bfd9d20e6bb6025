"""What the rules need to know of a component, and how a fact changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, assert_never
from uuid import UUID

from service.domain.component.details import Details
from service.domain.component.events import (
    ComponentAdded,
    ComponentBackfilled,
    ComponentDetailsChanged,
    ComponentHeld,
    ComponentHoldRetracted,
    ComponentReleased,
    ComponentRemoved,
    ComponentStatusChanged,
    ComponentStatusCorrected,
    ComponentWindowEntered,
    ComponentWindowLeft,
    Event,
)
from service.domain.errors import NotFound
from service.domain.values import SEVERITY, ComponentStatus

Kept = TypeVar("Kept")
Source = UUID | None
"""Whose word: an incident's or a window's id; None for the reports."""


@dataclass(frozen=True, slots=True)
class Word:
    """`status` None: the source let go, and the holds and windows that are left decide."""

    order: int
    at: datetime
    status: ComponentStatus | None


@dataclass(frozen=True, slots=True)
class Component:
    """`holds`: what open incidents say. `times`: when each incident said something."""

    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    details: Details
    words: Mapping[Source, Word]
    holds: Mapping[UUID, ComponentStatus] = field(default_factory=dict)
    windows: frozenset[UUID] = frozenset()
    times: Mapping[UUID, tuple[datetime, ...]] = field(default_factory=dict)
    removed: bool = False
    last_correction: ComponentStatusCorrected | None = None

    @property
    def last_word(self) -> Word:
        return max(self.words.values(), key=lambda word: word.order)

    @property
    def status(self) -> ComponentStatus:
        word = self.last_word
        return word.status if word.status is not None else self.left_to_itself

    @property
    def status_at(self) -> datetime:
        return self.last_word.at

    @property
    def left_to_itself(self) -> ComponentStatus:
        """The worst that open incidents say, else what running windows make of it, else operational."""
        if self.holds:
            return max(self.holds.values(), key=SEVERITY.__getitem__)
        return ComponentStatus.UNDER_MAINTENANCE if self.windows else ComponentStatus.OPERATIONAL

    def saying(self, source: Source, at: datetime, status: ComponentStatus | None) -> "Component":
        word = Word(self.last_word.order + 1, at, status)
        return replace(self, words={**self.words, source: word})

    def without_hold(self, incident_id: UUID) -> "Component":
        return replace(self, holds=_left_out(self.holds, incident_id))

    def without(self, incident_id: UUID) -> "Component":
        """As if the incident had said nothing."""
        return replace(
            self,
            words={source: word for source, word in self.words.items() if source != incident_id},
            holds=_left_out(self.holds, incident_id),
            times=_left_out(self.times, incident_id),
        )


State = Component | None


def existing(state: State) -> Component:
    """Raises NotFound for a component that was never added or has been removed."""
    if state is None or state.removed:
        raise NotFound("There is no such component.")
    return state


def evolve(state: State, event: Event) -> State:
    match event:
        case ComponentAdded():
            return _added(event)
        case ComponentDetailsChanged():
            return replace(existing(state), details=event.details)
        case ComponentStatusChanged():
            return existing(state).saying(None, event.at, event.status)
        case ComponentStatusCorrected():
            return replace(existing(state), last_correction=event)
        case ComponentHeld():
            return _held(existing(state), event)
        case ComponentReleased():
            return _released(existing(state), event)
        case ComponentHoldRetracted():
            return existing(state).without(event.incident_id)
        case ComponentBackfilled():
            return _backfilled(existing(state), event)
        case ComponentWindowEntered():
            return _entered(existing(state), event)
        case ComponentWindowLeft():
            return _left(existing(state), event)
        case ComponentRemoved():
            return replace(existing(state), removed=True)
        case _:
            assert_never(event)


def _added(event: ComponentAdded) -> Component:
    words: dict[Source, Word] = {None: Word(0, event.at, event.status)}
    return Component(event.component_id, event.page_id, event.organisation_id, event.details, words)


def _held(state: Component, event: ComponentHeld) -> Component:
    said = state.saying(event.incident_id, event.at, event.status)
    holds = {**state.holds, event.incident_id: event.status}
    return replace(said, holds=holds, times=_noted(state, event.incident_id, event.at))


def _released(state: Component, event: ComponentReleased) -> Component:
    said = state.saying(event.incident_id, event.at, event.status if event.said else None)
    holds = _left_out(state.holds, event.incident_id)
    return replace(said, holds=holds, times=_noted(state, event.incident_id, event.at))


def _backfilled(state: Component, event: ComponentBackfilled) -> Component:
    return replace(state, times=_noted(state, event.incident_id, event.start))


def _entered(state: Component, event: ComponentWindowEntered) -> Component:
    inside = replace(state, windows=state.windows | {event.maintenance_id})
    return (
        inside
        if event.status == state.status
        else inside.saying(event.maintenance_id, event.at, event.status)
    )


def _left(state: Component, event: ComponentWindowLeft) -> Component:
    outside = replace(state, windows=state.windows - {event.maintenance_id})
    return outside if event.status == state.status else outside.saying(event.maintenance_id, event.at, None)


def _noted(state: Component, incident_id: UUID, at: datetime) -> Mapping[UUID, tuple[datetime, ...]]:
    return {**state.times, incident_id: (*state.times.get(incident_id, ()), at)}


def _left_out(entries: Mapping[UUID, Kept], key: UUID) -> dict[UUID, Kept]:
    return {each: value for each, value in entries.items() if each != key}

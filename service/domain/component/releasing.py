"""How an incident lets go of a component, now or as of a time that is over."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from service.domain.component.backfilling import backfilled, past
from service.domain.component.commands import ReleaseComponent
from service.domain.component.events import ComponentBackfilled, ComponentReleased, Event
from service.domain.component.state import Component, State
from service.domain.values import ComponentStatus


def release(state: State, command: ReleaseComponent) -> list[Event]:
    """A component that was removed meanwhile, or that the incident does not hold, is left alone."""
    if state is None or state.removed or command.incident_id not in state.holds:
        return []
    since = command.since or state.not_before(command.at)
    at = state.not_before(since)
    left = state.released(command.incident_id, at, since, command.status)
    holds, otherwise = _owed(left, command.incident_id)
    released = ComponentReleased(
        state.component_id,
        state.page_id,
        command.incident_id,
        left.status,
        command.status is not None,
        holds,
        otherwise,
        at,
        since,
    )
    until = state.overtaken_at(command.incident_id, since) or at
    said = backfilled(state, command.incident_id, command.status or left.status, (since, until), command.at)
    return [released, *past(state, said if command.status else _lent(said, left.held_before(since)))]


def _owed(left: Component, released: UUID) -> tuple[Mapping[UUID, ComponentStatus], ComponentStatus]:
    """Which other incidents the status is from that is left, and what it were without them."""
    if left.last_word.status is None:
        return left.holds, left.unheld
    if left.last != released and left.last in left.times:
        return {left.last: left.status}, left.without(left.last).status
    return {}, left.unheld


def _lent(said: ComponentBackfilled, left: Component) -> ComponentBackfilled:
    """The status is what others leave it; an incident that lent one may be taken back."""
    otherwise = left.unheld if left.holds else None
    return replace(said, status=left.left_to_itself, holds=left.holds, otherwise=otherwise)

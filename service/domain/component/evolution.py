"""How a fact changes what is known of a component."""

from dataclasses import replace
from typing import assert_never

from service.domain.component.alerts import Heard, hearing
from service.domain.component.events import (
    ComponentAdded,
    ComponentAlertFired,
    ComponentAlertResolved,
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
from service.domain.component.state import REPORTS, Component, State, Word, existing, left_out, noted
from service.domain.values import ComponentStatus


def evolve(state: State, event: Event) -> State:
    match event:
        case ComponentAdded():
            return _added(event)
        case ComponentDetailsChanged():
            return _changed(existing(state), event)
        case ComponentStatusChanged():
            return existing(state).saying(REPORTS, event.at, event.status)
        case ComponentStatusCorrected():
            return _corrected(existing(state), event)
        case ComponentAlertFired() | ComponentAlertResolved():
            return _heard(existing(state), event)
        case ComponentHeld():
            return _held(existing(state), event)
        case ComponentReleased():
            return _released(existing(state), event)
        case ComponentHoldRetracted():
            return existing(state).without(event.incident_id)
        case ComponentBackfilled():
            return _backfilled(existing(state), event)
        case ComponentWindowEntered() | ComponentWindowLeft():
            return _windowed(existing(state), event)
        case ComponentRemoved():
            return replace(existing(state), removed=True)
        case _:
            assert_never(event)


def _added(event: ComponentAdded) -> Component:
    return Component(
        event.component_id,
        event.page_id,
        event.organisation_id,
        event.details,
        words={REPORTS: Word(0, event.at, event.status, event.at)},
        last=REPORTS,
        known_since=event.at,
    )


def _changed(state: Component, event: ComponentDetailsChanged) -> Component:
    """Alerts are about what it shows."""
    alerts = state.alerts if event.details.shown_resource == state.details.shown_resource else {}
    return replace(state, details=event.details, alerts=alerts)


def _heard(state: Component, event: ComponentAlertFired | ComponentAlertResolved) -> Component:
    if isinstance(event, ComponentAlertFired):
        heard = Heard(event.status, event.starts_at, event.at)
    else:
        heard = Heard(None, event.ends_at, event.at)
    return replace(state, alerts=hearing(state.alerts, event.fingerprint, heard))


def _corrected(state: Component, event: ComponentStatusCorrected) -> Component:
    if event.incident_id is not None:
        return replace(state, begun={**state.begun, event.incident_id: event.at})
    return replace(state, last_correction=event, known_since=min(state.known_since, event.at))


def _held(state: Component, event: ComponentHeld) -> Component:
    said = state.saying(event.incident_id, event.at, event.status, event.since)
    holds = {**state.holds, event.incident_id: event.status}
    return replace(said, holds=holds, times=noted(state, [event.incident_id], event.at))


def _released(state: Component, event: ComponentReleased) -> Component:
    left = state.released(event.incident_id, event.at, event.since, event.status if event.said else None)
    return replace(left, times=noted(state, [event.incident_id, *event.holds], event.at))


def _backfilled(state: Component, event: ComponentBackfilled) -> Component:
    borrowers = {each: (*state.borrowers.get(each, ()), event.incident_id) for each in event.holds}
    return replace(
        state,
        last_backfill=event,
        times=noted(state, [event.incident_id], event.start),
        borrowers={**state.borrowers, **borrowers},
    )


def _windowed(state: Component, event: ComponentWindowEntered | ComponentWindowLeft) -> Component:
    return _entered(state, event) if isinstance(event, ComponentWindowEntered) else _left(state, event)


def _entered(state: Component, event: ComponentWindowEntered) -> Component:
    inside = replace(state, windows=state.windows | {event.maintenance_id})
    if event.said:
        return inside.saying(event.maintenance_id, event.at, event.status)
    if not event.hidden_by:
        return inside
    status = ComponentStatus.UNDER_MAINTENANCE
    return inside.saying_unseen(event.maintenance_id, event.at, status, event.hidden_by)


def _left(state: Component, event: ComponentWindowLeft) -> Component:
    windows = state.windows - {event.maintenance_id}
    outside = replace(state, windows=windows, hidden=left_out(state.hidden, event.maintenance_id))
    if event.hidden_by:
        hiding = replace(outside, times=noted(outside, list(event.holds), event.at))
        return hiding.saying_unseen(event.maintenance_id, event.at, None, event.hidden_by)
    if not event.said:
        return outside
    left = outside.saying(event.maintenance_id, event.at, None)
    return replace(left, times=noted(state, list(event.holds), event.at))

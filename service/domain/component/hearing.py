"""What alerts make of a component.

They raise its status and never lower what somebody else said; what is still theirs when they end goes back to
what it is without them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from service.domain.component.alerts import Alert, Alerts, Heard, hearing, news, worst
from service.domain.component.commands import HearAlerts
from service.domain.component.events import (
    ComponentAlertFired,
    ComponentAlertResolved,
    ComponentStatusChanged,
    Event,
)
from service.domain.component.state import Component
from service.domain.errors import NotFound
from service.domain.values import SEVERITY, ComponentStatus


def hear(state: Component, command: HearAlerts) -> list[Event]:
    """The status holds from when the alerts are heard: its history is what the page showed."""
    if state.organisation_id != command.organisation_id:
        raise NotFound("There is no such component.")
    told = news(state.alerts, command.alerts, command.at)
    alerts = state.alerts
    for alert in told:
        alerts = hearing(alerts, alert.fingerprint, _heard(alert, command.at))
    fired = [alert for alert in told if alert.ends_at is None]
    changed = _changed(state, alerts, fired, command.at)
    return [*changed, *(_noted(state, alert, command.at) for alert in told)]


def deafen(state: Component, at: datetime) -> list[Event]:
    """It shows another resource from now on; what alerts said of the old one is no longer about it."""
    return _changed(state, {}, (), at)


def speak_up(state: Component) -> list[Event]:
    """What alerts that still fire said behind the back of somebody whose word is gone now: as if that had
    never been, each holds from when it was heard, unless somebody else has spoken since."""
    since, said = state.status_at, list[Event]()
    status = state.held_before(since).status
    unseen = [alert for alert in state.alerts.values() if alert.status is not None and alert.at >= since]
    for heard in sorted(unseen, key=lambda each: each.at):
        if heard.status is not None and SEVERITY[heard.status] > SEVERITY[status]:
            status = heard.status
            said.append(_saying(state, status, heard.at))
    return said


def _changed(state: Component, alerts: Alerts, fired: Iterable[Alert], at: datetime) -> list[Event]:
    before, after = worst(state.alerts), worst(alerts)
    eased = before is not None and (after is None or SEVERITY[after] < SEVERITY[before])
    theirs = eased and state.status is before
    rest = replace(state, alerts=alerts).left_to_itself if theirs else state.status
    status = max([rest, *(alert.status for alert in fired)], key=SEVERITY.__getitem__)
    if status is state.status:
        return []
    speaker = next((alert for alert in fired if alert.status is status), None)
    return [_saying(state, status, at, f"Alert {speaker.name}" if speaker else None)]


def _saying(
    state: Component, status: ComponentStatus, at: datetime, reason: str | None = None
) -> ComponentStatusChanged:
    return ComponentStatusChanged(state.component_id, state.page_id, status, max(at, state.status_at), reason)


def _heard(alert: Alert, at: datetime) -> Heard:
    if alert.ends_at is not None:
        return Heard(None, alert.ends_at, at)
    return Heard(alert.status, alert.starts_at, at)


def _noted(state: Component, alert: Alert, at: datetime) -> Event:
    if alert.ends_at is not None:
        return ComponentAlertResolved(state.component_id, state.page_id, alert.fingerprint, alert.ends_at, at)
    return ComponentAlertFired(
        state.component_id, state.page_id, alert.fingerprint, alert.name, alert.status, alert.starts_at, at
    )

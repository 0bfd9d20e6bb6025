"""What a maintenance's events tell.

Of an edit only another time is told, and a window that follows in a series by itself is not announced: its
reminder tells of it. When somebody starts or ends it with an update, the update alone tells, with its text.
"""

from collections.abc import Sequence

from service.domain.maintenance import (
    MAINTENANCE,
    Event,
    Maintenance,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceEdited,
    MaintenanceReminded,
    MaintenanceScheduled,
    MaintenanceStarted,
    MaintenanceUpdated,
)
from service.domain.values import MaintenanceStatus
from service.notices.kinds import Kind
from service.notices.told import Told, Window

TURNS: dict[type[Event], tuple[Kind, MaintenanceStatus]] = {
    MaintenanceStarted: (Kind.MAINTENANCE_STARTED, MaintenanceStatus.IN_PROGRESS),
    MaintenanceCompleted: (Kind.MAINTENANCE_COMPLETED, MaintenanceStatus.COMPLETED),
    MaintenanceCancelled: (Kind.MAINTENANCE_CANCELLED, MaintenanceStatus.CANCELLED),
}
TELLING = (
    MaintenanceScheduled,
    MaintenanceEdited,
    MaintenanceReminded,
    MaintenanceStarted,
    MaintenanceUpdated,
    MaintenanceCompleted,
    MaintenanceCancelled,
)


def told_of_maintenance(stream: Sequence[Event], version: int) -> Told | None:
    """What the event at `version` of a maintenance's stream tells; None: nothing.

    `stream` holds what was recorded together with the event, too.
    """
    event = stream[version - 1]
    before, after = MAINTENANCE.fold(stream[: version - 1]), MAINTENANCE.fold(stream[:version])
    if after is None:
        return None
    plan = after.plan
    match event:
        case MaintenanceScheduled() if event.place.number == 1:
            return _told(after, Kind.MAINTENANCE_SCHEDULED, plan.body, notify=plan.notify)
        case MaintenanceEdited() if _moved(before, after):
            return _told(after, Kind.MAINTENANCE_MOVED, plan.body, notify=plan.notify)
        case MaintenanceReminded():
            return _told(after, Kind.MAINTENANCE_REMINDED, plan.body, notify=plan.notify)
        case MaintenanceUpdated():
            kind = _kind(before, stream[version - 2], event)
            return _told(after, kind, event.body, notify=event.notify)
        case MaintenanceStarted() | MaintenanceCompleted() | MaintenanceCancelled():
            return _turned(after, event, stream[version : version + 1])
        case _:
            return None


def _turned(after: Maintenance, turn: Event, following: Sequence[Event]) -> Told | None:
    if any(_comes_with(turn, event) for event in following):
        return None
    body = after.plan.body if isinstance(turn, MaintenanceStarted) else ""
    return _told(after, TURNS[type(turn)][0], body, notify=after.plan.notify)


def _kind(before: Maintenance | None, previous: Event, update: MaintenanceUpdated) -> Kind:
    if _comes_with(previous, update):
        return TURNS[type(previous)][0]
    verifying = MaintenanceStatus.VERIFYING
    if update.status is verifying and before is not None and before.status is not verifying:
        return Kind.MAINTENANCE_VERIFYING
    return Kind.MAINTENANCE_UPDATED


def _comes_with(turn: Event, update: Event) -> bool:
    """Whether the one is the change of status that the other brought about: the two have one time."""
    if type(turn) not in TURNS or not isinstance(update, MaintenanceUpdated):
        return False
    return turn.at == update.at and TURNS[type(turn)][1] is update.status


def _moved(before: Maintenance | None, after: Maintenance) -> bool:
    plan = after.plan
    return before is not None and (before.plan.starts_at, before.plan.ends_at) != (
        plan.starts_at,
        plan.ends_at,
    )


def _told(maintenance: Maintenance, kind: Kind, body: str, *, notify: bool) -> Told:
    plan = maintenance.plan
    return Told(
        kind,
        maintenance.page_id,
        maintenance.maintenance_id,
        plan.name,
        maintenance.status,
        body,
        dict.fromkeys(plan.component_ids),
        None,
        Window(plan.starts_at, plan.ends_at),
        notify,
    )

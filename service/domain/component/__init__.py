"""A component of a page: what it is, and the statuses that reports, incidents and windows give it.

Its status is the last word said about it. Each source (the reports together, each incident, each window) has
its latest word kept; what a source takes back uncovers the latest word of the others.
"""

from service.domain.component.alerts import Alert
from service.domain.component.commands import (
    AddComponent,
    BackfillStatus,
    ChangeDetails,
    Command,
    EnterWindow,
    HearAlerts,
    HoldComponent,
    LeaveWindow,
    ReleaseComponent,
    RemoveComponent,
    ReportStatus,
    RetractHold,
)
from service.domain.component.details import Details
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
from service.domain.component.evolution import evolve
from service.domain.component.rules import decide
from service.domain.component.state import Component, State, existing
from service.domain.decider import Decider, Kept

COMPONENT: Decider[State, Command, Event] = Decider(
    "component", None, decide, evolve, Kept(Component, fold_version=3)
)

__all__ = [
    "COMPONENT",
    "AddComponent",
    "Alert",
    "BackfillStatus",
    "ChangeDetails",
    "Command",
    "Component",
    "ComponentAdded",
    "ComponentAlertFired",
    "ComponentAlertResolved",
    "ComponentBackfilled",
    "ComponentDetailsChanged",
    "ComponentHeld",
    "ComponentHoldRetracted",
    "ComponentReleased",
    "ComponentRemoved",
    "ComponentStatusChanged",
    "ComponentStatusCorrected",
    "ComponentWindowEntered",
    "ComponentWindowLeft",
    "Details",
    "EnterWindow",
    "Event",
    "HearAlerts",
    "HoldComponent",
    "LeaveWindow",
    "ReleaseComponent",
    "RemoveComponent",
    "ReportStatus",
    "RetractHold",
    "State",
    "decide",
    "evolve",
    "existing",
]

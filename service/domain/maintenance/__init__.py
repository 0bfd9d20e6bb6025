"""A maintenance: a window in which components are worked on, by plan, once or again and again.

It says when it starts and ends; what that does to its components is their own rule. Both are recorded in one
append.
"""

from service.domain.decider import Decider
from service.domain.maintenance.commands import (
    CancelMaintenance,
    Command,
    CompleteMaintenance,
    EditMaintenance,
    RemindOfMaintenance,
    ScheduleMaintenance,
    StartMaintenance,
    UpdateMaintenance,
)
from service.domain.maintenance.events import (
    Event,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceEdited,
    MaintenanceReminded,
    MaintenanceScheduled,
    MaintenanceStarted,
    MaintenanceUpdated,
)
from service.domain.maintenance.plan import Place, Plan
from service.domain.maintenance.rules import decide
from service.domain.maintenance.state import Maintenance, State, evolve, existing

MAINTENANCE: Decider[State, Command, Event] = Decider("maintenance", None, decide, evolve)

__all__ = [
    "MAINTENANCE",
    "CancelMaintenance",
    "Command",
    "CompleteMaintenance",
    "EditMaintenance",
    "Event",
    "Maintenance",
    "MaintenanceCancelled",
    "MaintenanceCompleted",
    "MaintenanceEdited",
    "MaintenanceReminded",
    "MaintenanceScheduled",
    "MaintenanceStarted",
    "MaintenanceUpdated",
    "Place",
    "Plan",
    "RemindOfMaintenance",
    "ScheduleMaintenance",
    "StartMaintenance",
    "State",
    "UpdateMaintenance",
    "decide",
    "evolve",
    "existing",
]

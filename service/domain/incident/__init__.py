"""An incident: what went wrong, what is said about it, which components it holds.

It says which components it holds; that they take the status is the components' own rule. Both are recorded in
one append.
"""

from service.domain.decider import Decider
from service.domain.incident.commands import (
    BackfillIncident,
    Command,
    CorrectUpdate,
    EditIncident,
    OpenIncident,
    PublishPostmortem,
    RetractIncident,
    UpdateIncident,
)
from service.domain.incident.events import (
    Event,
    IncidentBackfilled,
    IncidentEdited,
    IncidentOpened,
    IncidentPostmortemPublished,
    IncidentRetracted,
    IncidentUpdateCorrected,
    IncidentUpdated,
)
from service.domain.incident.rules import decide
from service.domain.incident.state import OVER, Incident, State, evolve, existing

INCIDENT: Decider[State, Command, Event] = Decider("incident", None, decide, evolve)

__all__ = [
    "INCIDENT",
    "OVER",
    "BackfillIncident",
    "Command",
    "CorrectUpdate",
    "EditIncident",
    "Event",
    "Incident",
    "IncidentBackfilled",
    "IncidentEdited",
    "IncidentOpened",
    "IncidentPostmortemPublished",
    "IncidentRetracted",
    "IncidentUpdateCorrected",
    "IncidentUpdated",
    "OpenIncident",
    "PublishPostmortem",
    "RetractIncident",
    "State",
    "UpdateIncident",
    "decide",
    "evolve",
    "existing",
]

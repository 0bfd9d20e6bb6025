"""Everything that a notice says in words of ours. A language is one file that fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.values import ComponentStatus, Impact, IncidentStatus, MaintenanceStatus
from service.notices.kinds import Kind


@dataclass(frozen=True, slots=True)
class Question:
    """What asks somebody to confirm. `subject`, `asked` and `channel` have a place for {page}: whoever it is,
    somebody wants a page's updates sent to this address, or told in this chat."""

    subject: str
    heading: str
    asked: str
    channel: str
    please: str
    button: str
    terms: str
    otherwise: str
    erase: str


@dataclass(frozen=True, slots=True)
class Words:
    """`moment`: how a time reads but for its zone, as a CLDR pattern.

    `window` has places for {starts} and {ends}; `subjects` have some for {status} and {name}. `leads`: the
    sentence that a notice begins with. `reason`, with a place for {page}, and `leave`: why somebody gets it,
    and how to stop that.
    """

    moment: str
    window: str
    subjects: Mapping[Kind, str]
    leads: Mapping[Kind, str]
    incident: Mapping[IncidentStatus, str]
    maintenance: Mapping[MaintenanceStatus, str]
    component: Mapping[ComponentStatus, str]
    impact: Mapping[Impact, str]
    status_label: str
    impact_label: str
    window_label: str
    components_label: str
    gathered_label: str
    link_label: str
    reason: str
    leave: str
    question: Question

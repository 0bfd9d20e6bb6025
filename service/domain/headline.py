"""A page's state in one line, for those who read only one."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.values import ComponentStatus


@dataclass(frozen=True, slots=True)
class Headline:
    """`indicator` is none, maintenance, minor, major or critical."""

    indicator: str
    description: str


OPERATIONAL = Headline("none", "All Systems Operational")
MAINTENANCE = Headline("maintenance", "Service Under Maintenance")
PARTIALLY_DEGRADED = Headline("minor", "Partially Degraded Service")
DEGRADED = Headline("minor", "Degraded System Service")
MINOR_OUTAGE = Headline("minor", "Minor Service Outage")
PARTIAL_OUTAGE = Headline("major", "Partial System Outage")
MAJOR_OUTAGE = Headline("critical", "Major System Outage")

BY_IMPACT = {"none": OPERATIONAL, "minor": MINOR_OUTAGE, "major": PARTIAL_OUTAGE, "critical": MAJOR_OUTAGE}
GRAVITY = {"none": 0, "maintenance": 1, "minor": 2, "major": 3, "critical": 4}


def headline(statuses: Sequence[ComponentStatus], worst_impact: str | None) -> Headline:
    """`worst_impact` of the open incidents (none, minor, major, critical); None if none is open."""
    of_components = _of_components(statuses)
    of_incidents = BY_IMPACT[worst_impact or "none"]
    return max(of_components, of_incidents, key=lambda line: GRAVITY[line.indicator])


def _of_components(statuses: Sequence[ComponentStatus]) -> Headline:
    different = set(statuses)
    if different == {ComponentStatus.MAJOR_OUTAGE}:
        return MAJOR_OUTAGE
    if ComponentStatus.MAJOR_OUTAGE in different or different == {ComponentStatus.PARTIAL_OUTAGE}:
        return PARTIAL_OUTAGE
    if ComponentStatus.PARTIAL_OUTAGE in different:
        return MINOR_OUTAGE
    if different == {ComponentStatus.DEGRADED_PERFORMANCE} and len(statuses) > 1:
        return DEGRADED
    if ComponentStatus.DEGRADED_PERFORMANCE in different:
        return PARTIALLY_DEGRADED
    return MAINTENANCE if ComponentStatus.UNDER_MAINTENANCE in different else OPERATIONAL

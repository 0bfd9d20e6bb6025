"""What becomes of an end that was told late when an incident that lent it a status is taken back."""

from service.domain import component
from service.domain.values import ComponentStatus
from tests.workers.projections.story import AT, FALSE_ALARM, FIRST, GROUP, INCIDENT, LATER, PAGE
from tests.workers.projections.test_folds import shown

DEGRADED, PARTIAL = ComponentStatus.DEGRADED_PERFORMANCE, ComponentStatus.PARTIAL_OUTAGE
OPERATIONAL = ComponentStatus.OPERATIONAL
OTHER = GROUP
LATE_END = component.ComponentBackfilled(
    FIRST, PAGE, INCIDENT, PARTIAL, AT, LATER, LATER, {FALSE_ALARM: PARTIAL, OTHER: DEGRADED}, OPERATIONAL
)
RETRACTED = component.ComponentHoldRetracted(
    FIRST, PAGE, FALSE_ALARM, (AT,), OPERATIONAL, AT, LATER, (INCIDENT,)
)
OTHER_RETRACTED = component.ComponentHoldRetracted(
    FIRST, PAGE, OTHER, (AT,), OPERATIONAL, AT, LATER, (INCIDENT,)
)
OF_OLD = component.ComponentBackfilled(FIRST, PAGE, INCIDENT, PARTIAL, AT, LATER, LATER)


async def overlaid(*events: component.Event) -> list[str]:
    """The statuses that the incident gave the past."""
    hold = (await shown("holds", [(f"component-{FIRST}", event) for event in events]))[f"{FIRST}/{INCIDENT}"]
    assert hold is not None
    return [overlay[2] for overlay in hold["overlays"]]


async def test_it_takes_the_worst_of_those_that_are_left() -> None:
    assert await overlaid(LATE_END) == ["partial_outage"]
    assert await overlaid(LATE_END, RETRACTED) == ["degraded_performance"]
    assert await overlaid(LATE_END, OTHER_RETRACTED) == ["partial_outage"]
    assert await overlaid(LATE_END, RETRACTED, OTHER_RETRACTED) == ["operational"]


async def test_what_the_incident_said_itself_stays() -> None:
    assert await overlaid(OF_OLD, LATE_END, RETRACTED) == ["partial_outage", "degraded_performance"]

"""The headline of a page, row by row, and how an open incident raises it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.headline import Headline, headline
from service.domain.values import ComponentStatus

UP = ComponentStatus.OPERATIONAL
WORK = ComponentStatus.UNDER_MAINTENANCE
SLOW = ComponentStatus.DEGRADED_PERFORMANCE
PART = ComponentStatus.PARTIAL_OUTAGE
DOWN = ComponentStatus.MAJOR_OUTAGE


@pytest.mark.parametrize(
    ("statuses", "indicator", "description"),
    [
        ([], "none", "All Systems Operational"),
        ([UP], "none", "All Systems Operational"),
        ([UP, UP], "none", "All Systems Operational"),
        ([DOWN], "critical", "Major System Outage"),
        ([DOWN, DOWN], "critical", "Major System Outage"),
        ([DOWN, UP], "major", "Partial System Outage"),
        ([UP, DOWN, WORK], "major", "Partial System Outage"),
        ([DOWN, PART], "major", "Partial System Outage"),
        ([PART], "major", "Partial System Outage"),
        ([PART, PART], "major", "Partial System Outage"),
        ([PART, UP], "minor", "Minor Service Outage"),
        ([SLOW, PART, WORK], "minor", "Minor Service Outage"),
        ([SLOW, SLOW], "minor", "Degraded System Service"),
        ([SLOW], "minor", "Partially Degraded Service"),
        ([SLOW, UP], "minor", "Partially Degraded Service"),
        ([SLOW, SLOW, WORK], "minor", "Partially Degraded Service"),
        ([WORK], "maintenance", "Service Under Maintenance"),
        ([WORK, UP], "maintenance", "Service Under Maintenance"),
    ],
)
def test_the_components_speak(statuses: list[ComponentStatus], indicator: str, description: str) -> None:
    expected = Headline(indicator, description)
    assert headline(statuses, None) == expected
    assert headline(statuses, "none") == expected


@pytest.mark.parametrize(
    ("statuses", "impact", "indicator", "description"),
    [
        ([], "minor", "minor", "Minor Service Outage"),
        ([UP], "minor", "minor", "Minor Service Outage"),
        ([UP], "major", "major", "Partial System Outage"),
        ([UP], "critical", "critical", "Major System Outage"),
        ([WORK], "minor", "minor", "Minor Service Outage"),
        ([SLOW], "minor", "minor", "Partially Degraded Service"),
        ([SLOW, SLOW], "minor", "minor", "Degraded System Service"),
        ([SLOW], "major", "major", "Partial System Outage"),
        ([PART], "critical", "critical", "Major System Outage"),
        ([PART], "minor", "major", "Partial System Outage"),
        ([DOWN], "minor", "critical", "Major System Outage"),
        ([DOWN], "none", "critical", "Major System Outage"),
    ],
)
def test_an_open_incident_raises_but_never_lowers(
    statuses: list[ComponentStatus], impact: str, indicator: str, description: str
) -> None:
    assert headline(statuses, impact) == Headline(indicator, description)


@given(st.lists(st.sampled_from(ComponentStatus), min_size=1), st.sampled_from([None, "none", "minor"]))
def test_maintenance_never_hides_an_outage(statuses: list[ComponentStatus], impact: str | None) -> None:
    indicator = headline([*statuses, WORK], impact).indicator
    if {SLOW, PART, DOWN} & set(statuses) or impact == "minor":
        assert indicator in ("minor", "major")
    else:
        assert indicator == "maintenance"

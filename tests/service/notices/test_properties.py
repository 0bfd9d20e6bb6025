"""What holds of notices whatever is asked of an incident or a maintenance, in whatever order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.decider import Decider
from service.domain.errors import Rejected
from service.domain.incident import INCIDENT
from service.domain.maintenance import MAINTENANCE
from service.notices import TELLING, Told, told
from tests.service.domain.commands import incident_commands
from tests.service.domain.maintenance_commands import maintenance_commands

THINGS = [
    pytest.param(INCIDENT, incident_commands, id="incident"),
    pytest.param(MAINTENANCE, maintenance_commands, id="maintenance"),
]


def told_by_each(decider: Decider[Any, Any, Any], commands: list[Any]) -> list[list[Told]]:
    """What each command that was not refused tells, by the stream as it stood when it was recorded."""
    stream: list[Any] = []
    found = []
    for command in commands:
        try:
            events = decider.decide(decider.fold(stream), command)
        except Rejected:
            continue
        stream += events
        versions = range(len(stream) - len(events) + 1, len(stream) + 1)
        found.append([each for each in (told(stream, version) for version in versions) if each is not None])
    return found


@pytest.mark.parametrize(("decider", "commands"), THINGS)
@given(data=st.data())
def test_whatever_is_asked_tells_at_most_one_thing(
    decider: Decider[Any, Any, Any], commands: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    assert all(len(each) <= 1 for each in told_by_each(decider, data.draw(st.lists(commands))))


@pytest.mark.parametrize(("decider", "commands"), THINGS)
@given(data=st.data())
def test_only_types_that_say_so_tell(
    decider: Decider[Any, Any, Any], commands: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    stream: list[Any] = []
    for command in data.draw(st.lists(commands)):
        try:
            stream += decider.decide(decider.fold(stream), command)
        except Rejected:
            continue
    for version, event in enumerate(stream, start=1):
        assert type(event).__name__ in TELLING or told(stream, version) is None

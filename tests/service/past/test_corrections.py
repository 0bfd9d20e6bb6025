"""Which later events speak of a moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from service.codec import build_codec
from service.past.corrections import corrections
from tests.service.domain.facts import DAY, MINUTE, NOON
from tests.service.domain.samples import SAMPLES
from tests.service.domain.stored import recorded

CODEC = build_codec()
INSTANT = timedelta(microseconds=1)


def speaks_of(type_: str, moment: datetime, **data: Any) -> bool:
    stored = CODEC.encode(SAMPLES[type_, 1])
    event = recorded(type_, 1, {**stored.data, **data})
    return bool(corrections([event], moment))


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        ("ComponentStatusChanged", "at"),
        ("ComponentStatusCorrected", "at"),
        ("ComponentHeld", "since"),
        ("ComponentReleased", "since"),
        ("ComponentBackfilled", "start"),
        ("IncidentOpened", "started_at"),
        ("IncidentBackfilled", "started_at"),
        ("IncidentUpdated", "since"),
        ("MaintenanceStarted", "at"),
        ("PageSettingsChanged", "at"),
    ],
)
def test_an_event_speaks_of_the_time_from_where_it_begins(type_: str, field: str) -> None:
    said = {field: NOON.isoformat()}
    assert speaks_of(type_, NOON + MINUTE, **said)
    assert not speaks_of(type_, NOON - MINUTE, **said)


@pytest.mark.parametrize(
    "type_", ["IncidentRetracted", "IncidentUpdateCorrected", "IncidentEdited", "MaintenanceEdited"]
)
def test_what_changes_earlier_words_speaks_of_whatever_they_spoke_of(type_: str) -> None:
    assert speaks_of(type_, NOON - DAY, at=NOON.isoformat())


def test_what_is_said_of_the_moments_own_millisecond_is_not_said_of_the_time_before_it() -> None:
    at = NOON.isoformat()
    assert not speaks_of("ComponentStatusChanged", NOON, at=at)
    assert not speaks_of("ComponentStatusChanged", NOON + 999 * INSTANT, at=at)
    assert speaks_of("ComponentStatusChanged", NOON + 1000 * INSTANT, at=at)

"""What has been stored once can be read for ever: one sample of every event type and schema version.

golden/<Type>.<version>.json is written once, when the type or its new version is born, and never changed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from eventstore.codec import EventType
from service.codec import build_codec
from service.domain.subscription import CancelReason, QuarantineReason
from service.domain.values import (
    ChannelType,
    ComponentStatus,
    ComponentType,
    Impact,
    IncidentStatus,
    PageType,
    Scope,
)
from tests.service.domain.samples import SAMPLES
from tests.service.domain.stored import recorded

GOLDEN = Path(__file__).parent / "golden"
CODEC = build_codec()
FILES = sorted(GOLDEN.glob("*.json"))
TYPES = {event_type.name: event_type for event_type in CODEC.types}


def key_of(file: Path) -> tuple[str, int]:
    name, version, _ = file.name.split(".")
    return name, int(version)


def stored(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text())
    return data


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_stored_is_read_as_it_was_meant(file: Path) -> None:
    name, version = key_of(file)
    event = CODEC.decode(recorded(name, version, stored(file)))
    assert event == SAMPLES[name, version]
    assert type(event) is TYPES[name].cls


@pytest.mark.parametrize("event_type", CODEC.types, ids=lambda event_type: event_type.name)
def test_the_newest_version_is_written_exactly_as_its_sample(event_type: EventType) -> None:
    key = event_type.name, event_type.schema_version
    written = CODEC.encode(SAMPLES[key])
    assert (written.type, written.schema_version) == key
    assert json.dumps(written.data) == json.dumps(stored(GOLDEN / f"{key[0]}.{key[1]}.json"))


@pytest.mark.parametrize("event_type", CODEC.types, ids=lambda event_type: event_type.name)
def test_every_version_of_every_type_has_a_sample(event_type: EventType) -> None:
    found = {version for name, version in map(key_of, FILES) if name == event_type.name}
    assert found == set(range(1, event_type.schema_version + 1))


def test_no_type_that_was_ever_stored_has_vanished() -> None:
    assert {name for name, _ in map(key_of, FILES)} == set(TYPES)
    assert set(map(key_of, FILES)) == set(SAMPLES)


@pytest.mark.parametrize("event_type", CODEC.types, ids=lambda event_type: event_type.name)
def test_a_sample_fills_every_field(event_type: EventType) -> None:
    """Else a field could change its stored form unseen."""
    assert not [path for path, value in leaves(stored_newest(event_type)) if value in (None, [], {}, "")]


def stored_newest(event_type: EventType) -> dict[str, Any]:
    return stored(GOLDEN / f"{event_type.name}.{event_type.schema_version}.json")


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{path}/{key}")]
    if isinstance(value, list) and value:
        return [leaf for i, inner in enumerate(value) for leaf in leaves(inner, f"{path}/{i}")]
    return [(path, value)]


def test_the_words_inside_payloads_are_frozen_too() -> None:
    """A word may be added here; one that was stored can never be taken away."""
    assert [word.value for word in PageType] == ["public", "private"]
    assert [word.value for word in ComponentType] == ["resource", "manual"]
    assert [word.value for word in ComponentStatus] == [
        "operational",
        "under_maintenance",
        "degraded_performance",
        "partial_outage",
        "major_outage",
    ]
    assert [word.value for word in IncidentStatus] == [
        "investigating",
        "identified",
        "monitoring",
        "resolved",
        "postmortem",
    ]
    assert [word.value for word in Impact] == ["none", "minor", "major", "critical"]
    assert [word.value for word in ChannelType] == ["email", "webhook", "slack", "discord", "teams"]
    assert {word.value for word in CancelReason} == {
        "unsubscribed",
        "expired",
        "page_deleted",
        "removed",
        "incident_over",
    }
    assert {word.value for word in QuarantineReason} == {"mailbox_gone", "endpoint_gone"}
    assert {word.value for word in Scope} == {
        "pages:read",
        "pages:write",
        "status:write",
        "incidents:write",
        "subscriptions:read",
        "subscriptions:write",
        "events:read",
        "admin",
    }

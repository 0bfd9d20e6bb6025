from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import ValidationError

from eventstore.codec import Codec, EventType, UnknownEventType
from eventstore.events import NewEvent, RecordedEvent
from tests.eventstore.making import a_recorded_event


@dataclass(frozen=True)
class Moved:
    thing_id: UUID
    to: Literal["here", "there"]
    at: datetime
    tags: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Removed:
    thing_id: UUID


THING = UUID("00000000-0000-4000-8000-000000000001")
AT = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


def rename_where(data: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in data.items() if key != "where"}, "to": data["where"]}


def add_time(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "at": "2026-05-06T07:08:09Z"}


@pytest.fixture
def codec() -> Codec:
    return Codec(
        [EventType("ThingMoved", Moved, {1: rename_where, 2: add_time}), EventType("ThingRemoved", Removed)]
    )


def recorded(type_: str, schema_version: int, data: dict[str, Any]) -> RecordedEvent:
    return replace(a_recorded_event(1), type=type_, schema_version=schema_version, data=data)


def test_an_event_is_stored_under_its_registered_name_and_newest_version(codec: Codec) -> None:
    assert codec.encode(Moved(THING, "here", AT, ("a",))) == NewEvent(
        "ThingMoved", {"thing_id": str(THING), "to": "here", "at": "2026-05-06T07:08:09Z", "tags": ["a"]}, 3
    )


def test_an_event_comes_back_as_it_was(codec: Codec) -> None:
    event = Moved(THING, "there", AT, ("a", "b"))
    stored = codec.encode(event)
    assert codec.decode(recorded(stored.type, stored.schema_version, stored.data)) == event


def test_a_malformed_event_is_not_stored(codec: Codec) -> None:
    with pytest.raises(ValidationError):
        codec.encode(Moved(THING, "nowhere", AT))  # type: ignore[arg-type]


def test_a_class_that_is_not_registered_is_not_stored(codec: Codec) -> None:
    with pytest.raises(KeyError):
        codec.encode(object())


def test_an_old_payload_is_lifted_through_every_version(codec: Codec) -> None:
    old = recorded("ThingMoved", 1, {"thing_id": str(THING), "where": "here"})
    assert codec.decode(old) == Moved(THING, "here", AT)
    assert codec.upcast(old).schema_version == 3
    newer = recorded("ThingMoved", 2, {"thing_id": str(THING), "to": "there"})
    assert codec.decode(newer) == Moved(THING, "there", AT)


def test_an_unknown_key_is_ignored_and_a_missing_one_takes_its_default(codec: Codec) -> None:
    data = {"thing_id": str(THING), "to": "here", "at": "2026-05-06T07:08:09Z", "from_the_future": 1}
    assert codec.decode(recorded("ThingMoved", 4, data)) == Moved(THING, "here", AT, ())


def test_an_unknown_type_says_so_and_is_not_touched_by_upcasting(codec: Codec) -> None:
    unknown = recorded("ThingTeleported", 1, {})
    assert codec.upcast(unknown) is unknown
    with pytest.raises(UnknownEventType, match="ThingTeleported"):
        codec.decode(unknown)


def test_upcasters_have_no_hole() -> None:
    with pytest.raises(ValueError, match="upcasters"):
        Codec([EventType("ThingMoved", Moved, {2: add_time})])


def test_a_name_or_class_is_registered_once() -> None:
    for twice in (EventType("ThingMoved", Removed), EventType("Other", Moved)):
        with pytest.raises(ValueError, match="twice"):
            Codec([EventType("ThingMoved", Moved), twice])


def test_its_types_are_known_by_name(codec: Codec) -> None:
    assert [event_type.name for event_type in codec.types] == ["ThingMoved", "ThingRemoved"]

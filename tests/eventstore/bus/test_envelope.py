from dataclasses import replace
from uuid import UUID

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from eventstore.bus import envelope
from tests.eventstore.making import a_recorded_event

TENANT = UUID("00000000-0000-4000-8000-00000000000a")


def test_an_envelope_is_a_valid_cloudevent() -> None:
    event = a_recorded_event(7, TENANT)
    read = JSONFormat().read(CloudEvent, envelope.encode(event))
    assert read.get_specversion() == "1.0"
    assert read.get_id() == str(event.event_id)
    assert read.get_type() == "Happened"
    assert read.get_source() == "/statuspages"
    assert read.get_time() == event.recorded_at
    assert read.get_data() == event.data
    assert read.get_extension("position") == 7
    assert read.get_extension("tenantid") == str(TENANT)


def test_an_event_survives_its_envelope() -> None:
    for event in (a_recorded_event(1), a_recorded_event(2, TENANT)):
        assert envelope.decode(envelope.encode(event)) == event


def test_absent_ids_are_left_out() -> None:
    attributes = envelope.envelope(a_recorded_event(1))
    assert "tenantid" not in attributes
    assert "causationid" not in attributes
    assert None not in attributes.values()


def test_a_routing_key_always_has_four_words() -> None:
    event = a_recorded_event(1)
    assert envelope.routing_key(event) == "thing.Happened._._"
    full = replace(event, tenant_id=TENANT, subject_id=TENANT)
    assert envelope.routing_key(full) == f"thing.Happened.{TENANT}.{TENANT}"


@pytest.mark.parametrize(
    "change",
    [
        {"position": None},
        {"position": "7"},
        {"position": True},
        {"id": "no uuid"},
        {"id": 7},
        {"time": "yesterday"},
        {"time": None},
        {"data": []},
        {"tenantid": 5},
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(change: dict[str, object]) -> None:
    attributes = envelope.envelope(a_recorded_event(7)) | change
    with pytest.raises(envelope.NotAnEnvelope):
        envelope.decode(orjson.dumps(attributes))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff\xfe", b"{}"])
def test_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(envelope.NotAnEnvelope):
        envelope.decode(body)

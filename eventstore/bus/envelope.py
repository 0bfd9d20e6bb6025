"""An event on the wire: a CloudEvents 1.0 envelope in structured JSON mode (https://cloudevents.io).

Beside CloudEvents' own attributes it carries `position`, `stream`, `version` and the correlation ids as
extension attributes, so a consumer can tell a gap, a repetition or a reordering by integer arithmetic.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from eventstore.events import RecordedEvent

CONTENT_TYPE = "application/cloudevents+json"
SOURCE = "/statuspages"


def envelope(event: RecordedEvent) -> dict[str, Any]:
    """The event as CloudEvents attributes; absent ids are left out, as CloudEvents asks."""
    optional = {
        "subject": event.subject_id,
        "tenantid": event.tenant_id,
        "correlationid": event.correlation_id,
        "causationid": event.causation_id,
    }
    return {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": SOURCE,
        "type": event.type,
        "time": _timestamp(event.recorded_at),
        "datacontenttype": "application/json",
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "schemaversion": event.schema_version,
        "actor": event.actor,
        **{name: str(value) for name, value in optional.items() if value is not None},
        "data": event.data,
    }


def encode(event: RecordedEvent) -> bytes:
    return orjson.dumps(envelope(event))


class NotAnEnvelope(ValueError):
    """The bytes are no event that `encode` could have written."""


def decode(body: bytes) -> RecordedEvent:
    """The event an envelope carries. Raises NotAnEnvelope."""
    try:
        attributes = orjson.loads(body)
        event = _event(attributes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnEnvelope(f"{type(error).__name__}: {error}") from error
    if not (type(event.position) is type(event.version) is int and isinstance(event.data, dict)):
        raise NotAnEnvelope("position, version or data has the wrong type")
    return event


def _event(attributes: dict[str, Any]) -> RecordedEvent:
    return RecordedEvent(
        position=attributes["position"],
        stream=attributes["stream"],
        version=attributes["version"],
        event_id=UUID(attributes["id"]),
        type=attributes["type"],
        schema_version=attributes["schemaversion"],
        data=attributes["data"],
        recorded_at=datetime.fromisoformat(attributes["time"]),
        actor=attributes["actor"],
        correlation_id=_id(attributes.get("correlationid")),
        causation_id=_id(attributes.get("causationid")),
        tenant_id=_id(attributes.get("tenantid")),
        subject_id=_id(attributes.get("subject")),
    )


def routing_key(event: RecordedEvent) -> str:
    """`<category>.<EventType>.<tenant>.<subject>`; an absent id is a `_`: always four words."""
    return f"{event.category}.{event.type}.{event.tenant_id or '_'}.{event.subject_id or '_'}"


def key_of_type(name: str) -> str:
    """What to bind a queue with, for the events of one type."""
    return f"*.{name}.*.*"


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None

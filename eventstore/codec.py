"""Event classes to stored events and back: frozen names, schema versions, upcasters.

Strict on write, tolerant on read: an unknown key in a stored payload is ignored, a missing one takes its
default, and a payload of an older schema version is lifted to the newest before anything else sees it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from eventstore.events import NewEvent, RecordedEvent

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class UnknownEventType(LookupError):
    """The log holds an event type that this code does not know (written by a newer release)."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One registered event type.

    `name` is stored and never changes; `upcasters[n]` lifts a payload of schema version n to n + 1.
    """

    name: str
    cls: type[Any]
    upcasters: Mapping[int, Upcaster] = field(default_factory=dict)

    @property
    def schema_version(self) -> int:
        return len(self.upcasters) + 1


class Codec:
    """Translates between an application's event classes and what the store holds."""

    def __init__(self, types: Iterable[EventType]) -> None:
        self._by_name: dict[str, EventType] = {}
        self._by_class: dict[type[Any], EventType] = {}
        self._adapters: dict[type[Any], TypeAdapter[Any]] = {}
        for event_type in types:
            self._register(event_type)

    def _register(self, event_type: EventType) -> None:
        if event_type.name in self._by_name or event_type.cls in self._by_class:
            raise ValueError(f"event type {event_type.name} is registered twice")
        if sorted(event_type.upcasters) != list(range(1, event_type.schema_version)):
            raise ValueError(f"event type {event_type.name}: upcasters must cover 1, 2, ... in a row")
        self._by_name[event_type.name] = event_type
        self._by_class[event_type.cls] = event_type
        self._adapters[event_type.cls] = TypeAdapter(event_type.cls)

    @property
    def types(self) -> list[EventType]:
        return list(self._by_name.values())

    def json_schema(self, name: str) -> dict[str, Any]:
        """What payloads of the type look like in its newest version (JSON Schema, draft 2020-12).

        A field that has a default may be missing. Raises KeyError for an unregistered name.
        """
        return self._adapters[self._by_name[name].cls].json_schema(mode="validation")

    def encode(self, event: object) -> NewEvent:
        """Raises KeyError for an unregistered class and pydantic.ValidationError for a malformed event."""
        event_type = self._by_class[type(event)]
        adapter = self._adapters[event_type.cls]
        data = adapter.dump_python(event, mode="json", warnings=False)
        adapter.validate_python(data)  # an instance would pass unlooked at; what is stored must be readable
        return NewEvent(event_type.name, data, event_type.schema_version)

    def upcast(self, event: RecordedEvent) -> RecordedEvent:
        """The same event in its newest schema version; an unknown type is returned as it is."""
        event_type = self._by_name.get(event.type)
        if event_type is None or event.schema_version >= event_type.schema_version:
            return event
        data = event.data
        for version in range(event.schema_version, event_type.schema_version):
            data = event_type.upcasters[version](data)
        return replace(event, data=data, schema_version=event_type.schema_version)

    def encode_state(self, state: object) -> Any:
        """A folded state, a dataclass, as JSON types."""
        return self._adapter(type(state)).dump_python(state, mode="json", warnings=False)

    def decode_state(self, cls: type[Any], data: Any) -> Any:
        """Raises pydantic.ValidationError for what is no such state."""
        return self._adapter(cls).validate_python(data)

    def _adapter(self, cls: type[Any]) -> TypeAdapter[Any]:
        adapter = self._adapters.get(cls)
        if adapter is None:
            adapter = self._adapters[cls] = TypeAdapter(cls)
        return adapter

    def decode(self, event: RecordedEvent) -> Any:
        """The event as an instance of its class. Raises UnknownEventType."""
        event_type = self._by_name.get(event.type)
        if event_type is None:
            raise UnknownEventType(event.type)
        return self._adapters[event_type.cls].validate_python(self.upcast(event).data)

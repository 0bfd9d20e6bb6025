"""The product's event types as the event store's codec knows them, with the upcasters of older versions."""

from collections.abc import Mapping

from eventstore.codec import Codec, EventType, Upcaster
from service.domain.catalog import EVENT_TYPES

UPCASTERS: Mapping[str, Mapping[int, Upcaster]] = {}
"""By event type and schema version: how a payload of that version becomes one of the next."""


def build_codec() -> Codec:
    return Codec(EventType(name, cls, UPCASTERS.get(name, {})) for name, cls in EVENT_TYPES.items())

"""The product's event types as the event store's codec knows them, with the upcasters of older versions."""

from collections.abc import Mapping
from typing import Any

from eventstore.codec import Codec, EventType, Upcaster
from service.domain.catalog import EVENT_TYPES


def _with(**defaults: Any) -> Upcaster:
    """A payload of the next version has these fields too."""
    return lambda data: {**defaults, **data}


UPCASTERS: Mapping[str, Mapping[int, Upcaster]] = {
    "ComponentStatusCorrected": {1: _with(incident_id=None)},
    "ComponentBackfilled": {1: _with(holds={}, otherwise=None)},
    "ComponentHoldRetracted": {1: _with(borrowers=[])},
    "ComponentWindowEntered": {1: _with(hidden_by=[])},
    "ComponentWindowLeft": {1: _with(hidden_by=[])},
}
"""By event type and schema version: how a payload of that version becomes one of the next."""


def build_codec() -> Codec:
    return Codec(EventType(name, cls, UPCASTERS.get(name, {})) for name, cls in EVENT_TYPES.items())

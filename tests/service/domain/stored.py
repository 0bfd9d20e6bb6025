"""An event as the log would give it, for tests that have no log."""

from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from tests.service.domain.facts import NOON

NOBODY = UUID(int=0)


def recorded(name: str, version: int, data: dict[str, Any]) -> RecordedEvent:
    return RecordedEvent(
        1, "some-stream", 1, NOBODY, name, version, data, NOON, "system", None, None, None, None
    )

"""Which later events speak of a moment: what was known then is not what is known now."""

from collections.abc import Iterable
from datetime import datetime

from eventstore.events import RecordedEvent
from service.timestamps import parsed

SPEAKS_OF = {
    "ComponentHeld": "since",
    "ComponentReleased": "since",
    "ComponentBackfilled": "start",
    "IncidentOpened": "started_at",
    "IncidentBackfilled": "started_at",
    "IncidentUpdated": "since",
}
"""Where an event has the earliest time that it says something of; the others have it in `at`."""

OF_EARLIER_WORDS = frozenset(
    {
        "ComponentHoldRetracted",
        "IncidentUpdateCorrected",
        "IncidentEdited",
        "IncidentRetracted",
        "MaintenanceEdited",
    }
)
"""These change what earlier events said, and speak of whatever those spoke of."""


def corrections(events: Iterable[RecordedEvent], moment: datetime) -> list[RecordedEvent]:
    """Those of `events`, all recorded after `moment`, that say something of a time before it.

    Times are said in whole milliseconds, cut off: what was said of the moment's own is not before it.
    """
    limit = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return [event for event in events if _speaks_of(event, limit)]


def _speaks_of(event: RecordedEvent, limit: datetime) -> bool:
    if event.type in OF_EARLIER_WORDS:
        return True
    at = event.data.get(SPEAKS_OF.get(event.type, "at"))
    return at is not None and parsed(at) < limit

"""What an event of an incident or a maintenance tells subscribers, and which of them want to be told.

The way of a notice: `told(stream, version)` says what an event tells; `tells(page)` whether the page tells at
all; `wants(...)`, or `WANTED` and `CHOSE` in SQL, who wants it; `notice_of` writes it in the page's language,
once for everybody; `letter_of` makes text and HTML of it, with the link by which one reader unsubscribes.
"""

from collections.abc import Sequence
from typing import Any, cast

from service.domain import incident, maintenance
from service.notices import incidents, maintenances
from service.notices.audience import CHOSE, WANTED, Matter, tells, wants
from service.notices.kinds import Kind
from service.notices.letter import Letter, letter_of
from service.notices.notice import Letterhead, Notice, letterhead_of, notice_of
from service.notices.told import Told, Window

TELLING = frozenset(kind.__name__ for kind in (*incidents.TELLING, *maintenances.TELLING))
"""The types of the events that may tell something, as the log names them."""


def told(stream: Sequence[Any], version: int) -> Told | None:
    """What the event at `version` of its stream tells subscribers; None: nothing.

    `stream`: the decoded events of an incident or a maintenance from the first on, as far as recorded.
    """
    event = stream[version - 1]
    if isinstance(event, incidents.TELLING):
        return incidents.told_of_incident(cast(Sequence[incident.Event], stream), version)
    if isinstance(event, maintenances.TELLING):
        return maintenances.told_of_maintenance(cast(Sequence[maintenance.Event], stream), version)
    return None


__all__ = [
    "CHOSE",
    "TELLING",
    "WANTED",
    "Kind",
    "Letter",
    "Letterhead",
    "Matter",
    "Notice",
    "Told",
    "Window",
    "letter_of",
    "letterhead_of",
    "notice_of",
    "tells",
    "told",
    "wants",
]

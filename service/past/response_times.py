"""A component's response times as they were known at a time."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.domain.response_times import Window, whole_quarters
from service.past.reading import events_about
from service.readmodels.response_times import Counting, Days, Hour
from workers.projections.folding import Documents, fold
from workers.projections.response_times import RESPONSE_TIMES

MOST = 150_000
"""How many events are read for one answer: one a minute for ninety days, and some more."""
SKEW = timedelta(hours=1)
"""How far the clocks of API and database may differ: nothing is measured after it is recorded but by that."""


class ResponseTimesPast:
    def __init__(self, store: EventStore, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def by_day(self, component_id: UUID, window: Window, zone: ZoneInfo, moment: datetime) -> Days:
        """As ResponseTimes.by_day had it at `moment`. Raises StoreUnavailable, and NotAllowed when more
        events than are read for one answer would have to be."""
        quarters = whole_quarters(window)
        documents: Documents = {}
        async for part in self._recorded(component_id, quarters[0] - SKEW, moment):
            fold(RESPONSE_TIMES, documents, part)
        counting = Counting(window, zone)
        counting.add(_hours(documents), quarters)
        return counting.days()

    async def _recorded(
        self, component_id: UUID, start: datetime, moment: datetime
    ) -> AsyncIterator[list[RecordedEvent]]:
        after = await self._store.position_at(component_id, start)
        upto = await self._store.position_at(component_id, moment)
        types = RESPONSE_TIMES.keys
        async for part in events_about(self._store, self._codec, component_id, (after, upto), types, MOST):
            yield part


def _hours(documents: Documents) -> Iterable[Hour]:
    for key, document in documents.items():
        if document is not None:
            yield RESPONSE_TIMES.row(key, document)[1], document

"""The intervals of a component's history, the newest first, read from as few of its days as it takes."""

from datetime import UTC, datetime
from uuid import UUID

from service.domain.timeline import Interval, intervals
from service.readmodels.statistics import ComponentHistory, Present

LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class Intervals:
    """Raises StoreUnavailable."""

    def __init__(self, history: ComponentHistory) -> None:
        self._history = history

    async def before(
        self, component_id: UUID, end: datetime | None, limit: int
    ) -> tuple[list[Interval], bool]:
        """At least `limit` intervals if there are as many, and whether they reach the beginning."""
        count = limit + 1
        while True:
            days = await self._history.days_before(component_id, end or LATEST, count + 1)
            complete = len(days) <= count
            start = days[-1] if days else LATEST
            found = intervals(await self._history.statements(component_id, start, end or LATEST), end)
            known = found if complete else found[:-1]  # the oldest may have begun before what was read
            if complete or len(known) >= limit:
                return known, complete
            count *= 4

    async def status_since(self, present: Present) -> datetime:
        """When the newest interval begins; the changes are asked only if something was told late."""
        if not present.told_late:
            return present.status_since
        newest, _ = await self.before(present.component_id, None, 1)
        return newest[0].start if newest else present.status_since

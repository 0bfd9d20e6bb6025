"""What a component's status was, and when."""

from service.domain.timeline import Interval
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.statistics import owned
from service.http.routing import Endpoint
from service.http.schemas.base import Page
from service.http.schemas.components import HistoryAnswer
from service.readmodels import cursor
from service.readmodels.intervals import Intervals
from service.readmodels.statistics import ComponentHistory
from service.timestamps import text


class HistoryQueries:
    def __init__(self, history: ComponentHistory) -> None:
        self._history = history
        self._intervals = Intervals(history)

    async def get(self, call: Call) -> Reply:
        """Status intervals, the newest first; the first goes on."""
        query: Page = call.query or Page()
        present = owned(await self._history.present(call.ids["id"]), call)
        try:
            end = cursor.moment(cursor.decode(query.cursor, 1)[0]) if query.cursor else None
        except cursor.BadCursor:
            raise bad_cursor() from None
        found, complete = await self._intervals.before(present.component_id, end, query.limit)
        shown = found[: query.limit]
        more = bool(shown) and not (complete and len(found) <= query.limit)
        next_cursor = cursor.encode(shown[-1].start.isoformat()) if more else None
        return Reply(200, {"history": [_shown(each) for each in shown], "next_cursor": next_cursor})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/component/{id}/history",
                handler=self.get,
                summary="Read a component's history",
                scope=Scope.PAGES_READ,
                tag="Components",
                query=Page,
                answers={200: HistoryAnswer},
                problems=(404,),
            )
        ]


def _shown(interval: Interval) -> dict[str, object]:
    return {
        "status": interval.status,
        "from": text(interval.start),
        "to": None if interval.end is None else text(interval.end),
        "reason": interval.reason,
        "incident_id": None if interval.incident_id is None else str(interval.incident_id),
        "corrected": interval.corrected,
    }

"""A component's statistics, computed from its changes when they are asked for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.clock import Clock
from service.domain.errors import NotFound
from service.domain.uptime import Uptime, uptime
from service.domain.values import ComponentStatus, Scope
from service.http.call import Call, Reply
from service.http.problems import INVALID_QUERY, FieldError, Problem
from service.http.routing import Endpoint
from service.http.schemas import components as schemas
from service.readmodels.pages import Pages
from service.readmodels.statistics import ComponentHistory, Present
from service.timestamps import text

DEFAULT_DAYS = 90
LONGEST = timedelta(days=366)
NINETY_DAYS = schemas.StatisticsQuery.model_validate({})
Window = tuple[datetime, datetime]


class StatisticsQueries:
    def __init__(self, history: ComponentHistory, pages: Pages, clock: Clock) -> None:
        self._history = history
        self._pages = pages
        self._clock = clock

    async def get(self, call: Call) -> Reply:
        """Present status, uptime and calendar days in the page's time zone; 90 days if not told otherwise."""
        now = self._clock()
        window = window_of(call.query or NINETY_DAYS, now)
        present = await self._own(call)
        page = await self._pages.get(present.page_id)
        if page is None:
            raise NotFound("There is no such component.")
        changes = await self._history.changes(present.component_id, *window)
        figures = uptime(changes, window, ZoneInfo(page.statuspage["time_zone"]), now)
        return Reply(200, {"statistics": statistics_answer(present, figures, window, now)})

    async def _own(self, call: Call) -> Present:
        present = await self._history.present(call.ids["id"])
        if present is None or present.organisation_id != call.organisation_id:
            raise NotFound("There is no such component.")
        return present

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/component/{id}/statistics",
                handler=self.get,
                summary="Read a component's statistics",
                scope=Scope.PAGES_READ,
                tag="Components",
                query=schemas.StatisticsQuery,
                answers={200: schemas.StatisticsAnswer},
                problems=(404,),
            )
        ]


def window_of(query: schemas.StatisticsQuery, now: datetime) -> Window:
    """The range asked for. Raises Problem 400 for one that is empty, too long, or said twice."""
    if query.days is not None and (query.from_ is not None or query.to is not None):
        raise _refused("days", "Give either days, or from and to.")
    end = query.to or now
    start = query.from_ or end - timedelta(days=query.days or DEFAULT_DAYS)
    if start >= end:
        raise _refused("from", "Should lie before `to`, which is now when left out.")
    if end - start > LONGEST:
        raise _refused("from", "The range should be at most 366 days.")
    return start, end


def _refused(name: str, message: str) -> Problem:
    wrong = FieldError(f"/{name}", "not_acceptable", message)
    return Problem(INVALID_QUERY, f"Not acceptable: {name}.", errors=[wrong])


def statistics_answer(present: Present, figures: Uptime, window: Window, now: datetime) -> dict[str, object]:
    return {
        "component_id": present.component_id,
        "status": present.status,
        "status_since": text(present.status_since),
        "duration_seconds": max(0.0, (now - present.status_since).total_seconds()),
        "open_incidents": [],
        "range": {"from": text(window[0]), "to": text(window[1])},
        "uptime_percentage": figures.uptime_percentage,
        "seconds": _by_name(figures.seconds),
        "incidents": {"count": 0, "mttr_seconds": None, "mtbf_seconds": None},
        "days": [
            {
                "date": day.date,
                "uptime_percentage": day.uptime_percentage,
                "worst_status": day.worst_status,
                "seconds": _by_name(day.seconds),
                "incident_ids": [],
            }
            for day in figures.days
        ],
        "response_time_ms": None,
    }


def _by_name(seconds: Mapping[ComponentStatus, float]) -> dict[str, float]:
    return {status.value: value for status, value in seconds.items()}

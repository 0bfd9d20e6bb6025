"""A component's statistics, computed from its changes when they are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.clock import Clock
from service.domain.errors import NotFound
from service.domain.reliability import Failure, meets, reliability, touches
from service.domain.uptime import DEFAULT_WEIGHTS, Day, Uptime, Weights, uptime
from service.domain.values import ComponentStatus, Scope
from service.http.call import Call, Reply
from service.http.endpoints.moments import as_of, checked
from service.http.endpoints.response_times import response_times_answer
from service.http.problems import INVALID_QUERY, FieldError, Problem
from service.http.routing import Endpoint
from service.http.schemas import components as schemas
from service.past.components import ComponentPast, ComponentThen, Facts
from service.past.response_times import ResponseTimesPast
from service.readmodels.component_incidents import ComponentIncidents, Holding
from service.readmodels.incident_rendering import impact_of
from service.readmodels.intervals import Intervals
from service.readmodels.pages import Pages
from service.readmodels.response_times import Days, ResponseTimes
from service.readmodels.statistics import ComponentHistory, Present
from service.timestamps import parsed, shown, text

DEFAULT_DAYS = 90
LONGEST = timedelta(days=366)
NINETY_DAYS = schemas.StatisticsQuery.model_validate({})
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Sources:
    """The read models of which a component's statistics are made."""

    history: ComponentHistory
    incidents: ComponentIncidents
    response_times: ResponseTimes


@dataclass(frozen=True, slots=True)
class PastSources:
    """The same of a time, folded from the log."""

    components: ComponentPast
    response_times: ResponseTimesPast


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which component, over which range, in which zone's days, and when."""

    present: Present
    window: Window
    zone: ZoneInfo
    now: datetime


class StatisticsQueries:
    def __init__(
        self,
        sources: Sources,
        pages: Pages,
        past: PastSources,
        clock: Clock,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        self._history = sources.history
        self._intervals = Intervals(sources.history)
        self._incidents = sources.incidents
        self._response_times = sources.response_times
        self._pages = pages
        self._past = past
        self._clock = clock
        self._weights = weights

    async def get(self, call: Call) -> Reply:
        """Present status, uptime and calendar days in the page's time zone; 90 days if not told otherwise.

        With `at`: as they were shown at that time, as the log had it by then."""
        now = self._clock()
        query: schemas.StatisticsQuery = call.query or NINETY_DAYS
        if query.at is not None:
            return await self._get_at(call, query, checked(query.at, now))
        window = window_of(query, now)
        present = await self._own(call)
        page = await self._pages.get(present.page_id)
        if page is None:
            raise NotFound("There is no such component.")
        zone = ZoneInfo(page.statuspage["time_zone"])
        since = await self._intervals.status_since(present)
        course = await self._history.course(present.component_id, window, zone, now)
        holdings = await self._incidents.between(present.component_id, *window)
        measured = await self._response_times.by_day(present.component_id, window, zone)
        figures = uptime(course, window, zone, now, self._weights)
        asked = Asked(replace(present, status_since=since), window, zone, now)
        return Reply(200, {"statistics": statistics_answer(asked, figures, holdings, measured)})

    async def _get_at(self, call: Call, query: schemas.StatisticsQuery, moment: datetime) -> Reply:
        window = window_of(query, moment)
        component_id = call.ids["id"]
        then = await self._past.components.at(component_id, call.organisation_id, moment)
        if then is None:
            raise NotFound("There was no such component.")
        measured = await self._past.response_times.by_day(component_id, window, then.zone, moment)
        asked = Asked(then.shown.present, window, then.zone, moment)
        said = as_of(moment, then.position, corrected_since=self._corrected(then, asked))
        return Reply(200, {"statistics": self._answer_at(then.shown, asked, measured), "as_of": said})

    def _corrected(self, then: ComponentThen, asked: Asked) -> bool:
        """Response times that come late correct nothing: the last ones always do."""
        if then.known is None:
            return False
        known, shown = (self._settled(each, asked) for each in (then.known, then.shown))
        return known != shown

    def _settled(self, facts: Facts, asked: Asked) -> dict[str, object]:
        settled = facts.settled(asked.now)
        return self._answer_at(settled, replace(asked, present=settled.present), {})

    def _answer_at(self, facts: Facts, asked: Asked, measured: Days) -> dict[str, object]:
        figures = uptime(facts.changes(), asked.window, asked.zone, asked.now, self._weights)
        return statistics_answer(asked, figures, facts.holdings(asked.window), measured)

    async def _own(self, call: Call) -> Present:
        return owned(await self._history.present(call.ids["id"]), call)

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
                problems=(404, 409),
            )
        ]


def owned(present: Present | None, call: Call) -> Present:
    """Raises NotFound for another organisation's component too."""
    if present is None or present.organisation_id != call.organisation_id:
        raise NotFound("There is no such component.")
    return present


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


def statistics_answer(
    asked: Asked, figures: Uptime, holdings: Sequence[Holding], measured: Days
) -> dict[str, object]:
    present = asked.present
    return {
        "component_id": present.component_id,
        "status": present.status,
        "status_since": text(present.status_since),
        "duration_seconds": max(0.0, (asked.now - present.status_since).total_seconds()),
        "open_incidents": [_open(each.incident) for each in holdings if each.is_open],
        "range": {"from": text(asked.window[0]), "to": text(asked.window[1])},
        "uptime_percentage": figures.uptime_percentage,
        "seconds": _by_name(figures.seconds),
        "incidents": asdict(reliability([_failure(each.incident) for each in holdings], asked.window)),
        "days": [_day(day, asked, holdings) for day in figures.days],
        "response_time_ms": response_times_answer([day.date for day in figures.days], measured),
    }


def _open(incident: dict[str, Any]) -> dict[str, object]:
    return {
        "id": incident["id"],
        "name": incident["name"],
        "status": incident["status"],
        "impact": impact_of(incident),
        "started_at": shown(incident["started_at"]),
    }


def _failure(incident: dict[str, Any]) -> Failure:
    resolved_at = incident["resolved_at"]
    return Failure(parsed(incident["started_at"]), None if resolved_at is None else parsed(resolved_at))


def _day(day: Day, asked: Asked, holdings: Sequence[Holding]) -> dict[str, object]:
    return {
        "date": day.date,
        "uptime_percentage": day.uptime_percentage,
        "worst_status": day.worst_status,
        "seconds": _by_name(day.seconds),
        "incident_ids": [each.incident["id"] for each in holdings if _held_on(day.date, asked, each)],
    }


def _held_on(day: date, asked: Asked, holding: Holding) -> bool:
    """On the part of the day that lies in the range."""
    return any(
        touches(day, asked.zone, since, until or asked.now) and meets(asked.window, since, until or asked.now)
        for since, until in holding.spells
    )


def _by_name(seconds: Mapping[ComponentStatus, float]) -> dict[str, float]:
    return {status.value: value for status, value in seconds.items()}

"""Bodies of the component calls."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.domain.values import ComponentStatus
from service.http.schemas.base import Answer, Body, Id, Query, Timestamp

StatusName = Literal[
    "operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"
]
Shown = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment as answers show it: UTC, milliseconds, `Z`."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Moment = Annotated[Timestamp, Field(ge=EARLIEST, le=LATEST)]
"""A moment that calendars can be made of in every time zone."""


class AsOf(Answer):
    """What was known at a time in the past.

    `position`: of the last event about the page recorded by then. `corrected_since`: with what was said later
    of that time, or of the time before it, the answer would be another."""

    at: Shown
    position: int
    corrected_since: bool


class ReportStatus(Body):
    """`at` in the past corrects history; left out, the status holds from now on."""

    status: ComponentStatus
    reason: Annotated[str, StringConstraints(max_length=500)] | None = None
    at: Moment | None = None


class Component(Answer):
    id: Id
    statuspage_id: Id
    group_id: Id | None
    name: str
    description: str | None
    type: Literal["resource", "manual"]
    resource_id: Id | None
    status: StatusName
    status_since: Shown
    position: int
    only_show_if_degraded: bool
    created_at: Shown
    updated_at: Shown


class Group(Answer):
    id: Id
    statuspage_id: Id
    name: str
    position: int
    component_ids: list[Id]


class ComponentsAnswer(Answer):
    """Every component once, in page order; a group names its components by id."""

    components: list[Component]
    groups: list[Group]


class ReportedComponent(Answer):
    id: Id
    status: StatusName


class ReportedAnswer(Answer):
    message: str
    component: ReportedComponent


class BulkReport(ReportStatus):
    component_id: Id


class BulkReports(Body):
    components: Annotated[list[BulkReport], Field(min_length=1, max_length=1000)]


class Verdict(Answer):
    """`error`: why it was refused."""

    component_id: Id
    status: Literal["changed", "unchanged", "refused"]
    error: str | None = None


class BulkAnswer(Answer):
    """In the order of the request."""

    results: list[Verdict]


class OpenIncident(Answer):
    id: Id
    name: str
    status: str
    impact: str
    started_at: Shown


class Range(Answer):
    """Where a range begins and ends; it goes by the names `from` and `to`."""

    from_: Shown = Field(alias="from")
    to: Shown


class IncidentFigures(Answer):
    count: int
    mttr_seconds: float | None
    mtbf_seconds: float | None


class Day(Answer):
    """A calendar day in the page's time zone; without data it has no uptime and no worst status."""

    date: str
    uptime_percentage: float | None
    worst_status: StatusName | None
    seconds: dict[StatusName, float]
    incident_ids: list[Id]


class ResponseTimesOfDay(Answer):
    """A calendar day in the page's time zone, as far as the range goes."""

    date: str
    avg: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    count: int


class ResponseTimes(Answer):
    """In milliseconds, of the quarters of an hour that the range touches. The average is exact; percentiles
    go by nearest rank, within 0.8 %. `days` are those of the statistics; one without data has nulls."""

    avg: float
    p50: float
    p95: float
    p99: float
    days: list[ResponseTimesOfDay]


class Statistics(Answer):
    """`response_time_ms` is null when nothing was measured in the range."""

    component_id: Id
    status: StatusName
    status_since: Shown
    duration_seconds: float
    open_incidents: list[OpenIncident]
    range: Range
    uptime_percentage: float | None
    seconds: dict[StatusName, float]
    incidents: IncidentFigures
    days: list[Day]
    response_time_ms: ResponseTimes | None


class StatisticsAnswer(Answer):
    """`as_of`: only with `at`."""

    statistics: Statistics
    as_of: AsOf | None = None


class StatisticsQuery(Query):
    """Either `days`, or `from` and perhaps `to`; 90 days up to now when neither is given. `at`: as they were
    shown at that time, which is then the now."""

    from_: Moment | None = Field(None, alias="from")
    to: Moment | None = None
    days: Annotated[int, Field(ge=1, le=365)] | None = None
    at: Moment | None = None


class HistoryInterval(Answer):
    """A status and when it held; `to` null: it holds. `corrected`: it was said later."""

    status: StatusName
    from_: Shown = Field(alias="from")
    to: Shown | None
    reason: str | None
    incident_id: Id | None
    corrected: bool


class HistoryAnswer(Answer):
    """The newest first."""

    history: list[HistoryInterval]
    next_cursor: str | None

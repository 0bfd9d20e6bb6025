"""Bodies and queries of the maintenance calls."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from service.domain.values import MaintenanceStatus
from service.http.schemas.base import Body, Id, Page, Query
from service.http.schemas.components import Moment
from service.http.schemas.fields import Title
from service.http.schemas.incidents import Markdown
from service.recurrence import check_rule


def _rule(value: str) -> str:
    check_rule(value)
    return value


def _shown(moment: datetime) -> datetime:
    """Cut to the milliseconds that answers show, so that what was read can be sent back."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _each_once(ids: list[Id]) -> list[Id]:
    if len(set(ids)) < len(ids):
        raise ValueError("must name each component once")
    return ids


Time = Annotated[Moment, AfterValidator(_shown)]
Recurrence = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(_rule), Field(examples=["FREQ=WEEKLY;BYDAY=TU"])
]
"""An RRULE of RFC 5545, by days, weeks, months or years."""
ComponentIds = Annotated[list[Id], Field(max_length=200), AfterValidator(_each_once)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 30)]


class NewMaintenance(Body):
    """`recurrence` is a rule in the page's time zone; when a window is over, the next one is scheduled."""

    name: Title
    body: Markdown
    starts_at: Time
    ends_at: Time
    components: ComponentIds = Field(default_factory=list)
    auto_start: bool = True
    auto_complete: bool = True
    remind_before_minutes: Minutes | None = 60
    recurrence: Recurrence | None = None
    notify: bool = True


class EditMaintenance(Body):
    """What is left out stays; null is for `remind_before_minutes` and `recurrence` alone, and takes it away.
    A window of a series that is moved moves alone; another `recurrence` begins a pattern at its start."""

    name: Title | None = None
    body: Markdown | None = None
    starts_at: Time | None = None
    ends_at: Time | None = None
    components: ComponentIds | None = None
    auto_start: bool | None = None
    auto_complete: bool | None = None
    remind_before_minutes: Minutes | None = None
    recurrence: Recurrence | None = None
    notify: bool | None = None


class UpdateMaintenance(Body):
    """`status`: the one that it has with this; the present one says something and changes nothing."""

    status: MaintenanceStatus
    body: Markdown
    notify: bool = True


class CancelQuery(Query):
    series: bool = Field(False, description="Let no further window of the series follow.")


class MaintenancesQuery(Page):
    status: Literal["scheduled", "in_progress", "verifying", "completed", "cancelled", "all"] = "all"

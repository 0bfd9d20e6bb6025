"""Maintenances as they go out."""

from typing import Literal

from service.http.schemas.base import Answer, Id
from service.http.schemas.components import Shown

MaintenanceStatusName = Literal["scheduled", "in_progress", "verifying", "completed", "cancelled"]


class MaintenanceUpdate(Answer):
    id: Id
    status: MaintenanceStatusName
    body: str
    notify: bool
    created_at: Shown


class Maintenance(Answer):
    """`starts_at` and `ends_at` are the plan, `started_at` and `completed_at` what came of it. `series_id` is
    the same for all windows of a recurring one. Updates come with the newest first; bodies are Markdown."""

    id: Id
    statuspage_id: Id
    name: str
    body: str
    status: MaintenanceStatusName
    starts_at: Shown
    ends_at: Shown
    started_at: Shown | None
    completed_at: Shown | None
    components: list[Id]
    auto_start: bool
    auto_complete: bool
    remind_before_minutes: int | None
    recurrence: str | None
    series_id: Id | None
    notify: bool
    updates: list[MaintenanceUpdate]
    created_at: Shown
    updated_at: Shown
    url: str


class MaintenanceAnswer(Answer):
    maintenance: Maintenance


class ChangedMaintenanceAnswer(Answer):
    message: str
    maintenance: Maintenance


class MaintenancesAnswer(Answer):
    """The latest start first."""

    maintenances: list[Maintenance]
    next_cursor: str | None

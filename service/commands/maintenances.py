"""What happens to a maintenance and, in the same append, to the components in its window.

The page is the guard. When a window of a series is over, the next one is scheduled with that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from service.commands.pages import open_page
from service.commands.work import Work
from service.domain import maintenance, statuspage
from service.domain.component import COMPONENT, EnterWindow, LeaveWindow
from service.domain.errors import Fault, Invalid, NotFound
from service.domain.maintenance import MAINTENANCE, Maintenance, Place, Plan
from service.domain.statuspage import STATUSPAGE, Page
from service.recurrence import next_slot

TimerCommand = (
    maintenance.StartMaintenance | maintenance.CompleteMaintenance | maintenance.RemindOfMaintenance
)


@dataclass(frozen=True, slots=True)
class ScheduleMaintenance:
    command: maintenance.ScheduleMaintenance

    async def __call__(self, work: Work) -> None:
        command = self.command
        page = await open_page(work, command.page_id, command.organisation_id)
        _check_components(page, command.plan.component_ids)
        work.begin(MAINTENANCE, command.maintenance_id)
        await work.decide(MAINTENANCE, command.maintenance_id, command)


@dataclass(frozen=True, slots=True)
class EditMaintenance:
    """`changes`: the fields of the plan that were sent; what was not stays."""

    maintenance_id: UUID
    organisation_id: UUID
    if_match: int | None
    changes: dict[str, Any]
    at: datetime

    async def __call__(self, work: Work) -> None:
        known, page = await _own(work, self.maintenance_id, self.organisation_id, self.if_match)
        plan = replace(known.plan, **self.changes)
        if "component_ids" in self.changes:
            _check_components(page, plan.component_ids)
        await _carry_out(work, page, known, maintenance.EditMaintenance(plan, self.at))


@dataclass(frozen=True, slots=True)
class ChangeMaintenance:
    """An update or a cancellation."""

    maintenance_id: UUID
    organisation_id: UUID
    if_match: int | None
    command: maintenance.UpdateMaintenance | maintenance.CancelMaintenance

    async def __call__(self, work: Work) -> None:
        known, page = await _own(work, self.maintenance_id, self.organisation_id, self.if_match)
        await _carry_out(work, page, known, self.command)


@dataclass(frozen=True, slots=True)
class ObeyTimer:
    """Nothing happens if it was changed since the timer was set. Raises NotFound when the page is gone."""

    maintenance_id: UUID
    command: TimerCommand

    async def __call__(self, work: Work) -> None:
        known = maintenance.existing(await work.load(MAINTENANCE, self.maintenance_id))
        page = statuspage.existing(await work.load(STATUSPAGE, known.page_id))
        work.about(known.organisation_id, known.page_id)
        await _carry_out(work, page, known, self.command)


async def _own(
    work: Work, maintenance_id: UUID, organisation_id: UUID, if_match: int | None
) -> tuple[Maintenance, Page]:
    """The organisation's own maintenance on a page that is there. Raises NotFound and VersionMismatch."""
    known = maintenance.existing(await work.load(MAINTENANCE, maintenance_id))
    if known.organisation_id != organisation_id:
        raise NotFound("There is no such maintenance.")
    page = await open_page(work, known.page_id, organisation_id)
    await work.expect(MAINTENANCE, maintenance_id, if_match)
    return known, page


async def _carry_out(work: Work, page: Page, before: Maintenance, command: maintenance.Command) -> None:
    if not await work.decide(MAINTENANCE, before.maintenance_id, command):
        return
    after = maintenance.existing(await work.load(MAINTENANCE, before.maintenance_id))
    await _move_components(work, before, after)
    if after.over and not before.over and after.recurs:
        await _schedule_next(work, page, after)


async def _move_components(work: Work, before: Maintenance, after: Maintenance) -> None:
    inside, now_inside = before.held_component_ids, after.held_component_ids
    await work.preload(COMPONENT, inside ^ now_inside)
    for component_id in sorted(now_inside - inside):
        await work.decide(COMPONENT, component_id, EnterWindow(after.maintenance_id, after.last_at))
    for component_id in sorted(inside - now_inside):
        await work.decide(COMPONENT, component_id, LeaveWindow(after.maintenance_id, after.last_at))


async def _schedule_next(work: Work, page: Page, over: Maintenance) -> None:
    """The next window that isn't over already: those missed while nothing ran don't come."""
    plan, place, now = over.plan, over.place, over.last_at
    length = plan.ends_at - plan.starts_at
    zone = ZoneInfo(page.settings.time_zone)
    slot = next_slot(
        plan.recurrence or "", place.anchor, place.slot, zone, lambda start: start + length > now
    )
    if slot is None:
        return
    next_place = replace(place, number=place.number + 1, slot=slot)
    component_ids = tuple(each for each in plan.component_ids if each in page.layout.all_component_ids())
    next_plan = replace(plan, starts_at=slot, ends_at=slot + length, component_ids=component_ids)
    command = _scheduling(over, next_plan, next_place)
    await work.decide(MAINTENANCE, command.maintenance_id, command)


def _scheduling(over: Maintenance, plan: Plan, place: Place) -> maintenance.ScheduleMaintenance:
    next_id = uuid5(place.series_id, str(place.number))
    return maintenance.ScheduleMaintenance(
        next_id, over.page_id, over.organisation_id, plan, over.last_at, place
    )


def _check_components(page: Page, component_ids: Sequence[UUID]) -> None:
    """Raises Invalid."""
    of_page = set(page.layout.all_component_ids())
    faults = [
        Fault(f"/components/{i}", "unknown_id", "This page has no component with this id.")
        for i, component_id in enumerate(component_ids)
        if component_id not in of_page
    ]
    if faults:
        raise Invalid(faults)

"""Their scheduled maintenances, past and to come, told as they went; nobody is notified."""

from datetime import datetime
from uuid import UUID

from service.atlassian import objects
from service.atlassian.telling import Telling, in_order
from service.atlassian.texts import markdown
from service.commands import maintenances as use_cases
from service.commands.arrival import Step
from service.commands.handler import UseCase
from service.domain import maintenance
from service.domain.maintenance import MAINTENANCE, Plan
from service.domain.maintenance.rules import NEXT
from service.domain.values import MaintenanceStatus

SCHEDULED, IN_PROGRESS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
VERIFYING, COMPLETED = MaintenanceStatus.VERIFYING, MaintenanceStatus.COMPLETED
CANCELLED = MaintenanceStatus.CANCELLED


def tell(telling: Telling, place: str, thing: objects.Maintenance) -> None:
    _Maintenance(telling, place, thing).tell()


class _Maintenance:
    def __init__(self, telling: Telling, place: str, thing: objects.Maintenance) -> None:
        self._telling = telling
        self._place = place
        self._thing = thing
        self._id = telling.page.id_of("maintenance", thing.id)
        self._order = in_order(thing.incident_updates)
        self._status = SCHEDULED
        self._last = min(thing.created_at, thing.scheduled_for)

    def tell(self) -> None:
        updates = self._thing.incident_updates
        first = updates[self._order[0]] if self._order else None
        self._schedule(markdown(first.body) if first else "")
        told = self._order[1:] if first and first.status == SCHEDULED else self._order
        for index in told:
            self._update(index)
        if self._theirs(self._thing.status) is not self._status:
            self._telling.remark(f"{self._place}/status", f"No update says so; it is told as {self._status}.")

    def _schedule(self, body: str) -> None:
        thing, page, now = self._thing, self._telling.page, self._telling.now
        named = self._telling.here(f"{self._place}/components", [each.id for each in thing.components])
        plan = Plan(
            name=self._telling.name(self._place, thing.name),
            body=body,
            starts_at=thing.scheduled_for,
            ends_at=thing.scheduled_until,
            component_ids=tuple(own for _, own in named),
            # A timer whose time is over would do at once what they had not done.
            auto_start=thing.status != SCHEDULED or thing.scheduled_for > now,
            auto_complete=thing.status not in (IN_PROGRESS, VERIFYING) or thing.scheduled_until > now,
            notify=False,
        )
        command = maintenance.ScheduleMaintenance(
            self._id, page.page_id, page.organisation_id, plan, self._last
        )
        self._step(self._last, "", use_cases.ScheduleMaintenance(command))

    def _update(self, index: int) -> None:
        update = self._thing.incident_updates[index]
        at = self._last = max(update.moment, self._last)
        pointer = f"/incident_updates/{index}"
        wanted = self._theirs(update.status)
        if wanted in (VERIFYING, COMPLETED) and self._status is SCHEDULED and at >= self._thing.scheduled_for:
            self._start(pointer)
        status = self._fitting(wanted)
        if status is not wanted:
            self._telling.remark(f"{self._place}{pointer}/status", f"Told as {status} rather than {wanted}.")
        self._say(pointer, self._telling.page.id_of("update", update.id), status, markdown(update.body), at)

    def _start(self, pointer: str) -> None:
        """It went on without a word of its start: it started when it was due."""
        start = maintenance.StartMaintenance(self._last)
        self._step(self._last, pointer, use_cases.ObeyTimer(self._id, start))
        self._status = IN_PROGRESS

    def _fitting(self, wanted: MaintenanceStatus) -> MaintenanceStatus:
        """What over ours may become; one that ended before its time did not take place."""
        if wanted in NEXT[self._status]:
            return wanted
        return CANCELLED if self._status is SCHEDULED and wanted is COMPLETED else self._status

    def _say(self, pointer: str, update_id: UUID, status: MaintenanceStatus, body: str, at: datetime) -> None:
        command = maintenance.UpdateMaintenance(update_id, status, body, False, at)
        organisation_id = self._telling.page.organisation_id
        self._step(at, pointer, use_cases.ChangeMaintenance(self._id, organisation_id, None, command))
        self._status = status

    def _theirs(self, status: str) -> MaintenanceStatus:
        """A postmortem is a word on one that is over."""
        return COMPLETED if status == "postmortem" else MaintenanceStatus(status)

    def _step(self, moment: datetime, pointer: str, use_case: UseCase[None]) -> None:
        self._telling.steps.append(Step(moment, MAINTENANCE, self._id, f"{self._place}{pointer}", use_case))

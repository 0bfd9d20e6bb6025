"""Their incidents, told as they went: opened, updated, resolved, each at its time, and nobody is notified."""

from datetime import datetime, timedelta
from uuid import UUID

from service.atlassian import objects
from service.atlassian.telling import Telling, in_order, metadata
from service.atlassian.texts import markdown
from service.commands import incidents as use_cases
from service.commands.arrival import Step
from service.commands.handler import UseCase
from service.domain import incident
from service.domain.incident import INCIDENT, OVER
from service.domain.values import ComponentStatus, Impact, IncidentStatus

MOMENT = timedelta(milliseconds=1)
RESOLVED, POSTMORTEM = IncidentStatus.RESOLVED, IncidentStatus.POSTMORTEM


def tell(telling: Telling, place: str, thing: objects.Incident) -> None:
    _Incident(telling, place, thing).tell()


class _Incident:
    def __init__(self, telling: Telling, place: str, thing: objects.Incident) -> None:
        self._telling = telling
        self._place = place
        self._thing = thing
        self._id = telling.page.id_of("incident", thing.id)
        self._order = in_order(thing.incident_updates)
        self._last = self._started()

    def tell(self) -> None:
        first, *others = self._order
        statuses = self._statuses()
        if statuses[first] in OVER:
            self._backfill(first)
        else:
            self._open(first, statuses[first])
        for index in others:
            self._update(index, statuses[index])
        self._close_if_needed(statuses)
        if self._thing.components and not any(u.affected_components for u in self._thing.incident_updates):
            self._remark("/components", "Which status they had is not said, so they are left as they were.")

    def _started(self) -> datetime:
        first = self._thing.incident_updates[self._order[0]].moment
        return min(self._thing.started_at or first, first)

    def _statuses(self) -> dict[int, IncidentStatus]:
        """Ours ends once, before its postmortem; one that went on after an end was being watched."""
        found: dict[int, IncidentStatus] = {}
        statuses = [IncidentStatus(u.status) for u in self._thing.incident_updates]
        for place, index in enumerate(self._order):
            goes_on = any(statuses[later] not in OVER for later in self._order[place + 1 :])
            ended = any(status in OVER for status in found.values())
            found[index] = self._fitting(index, statuses[index], goes_on=goes_on, ended=ended)
        return found

    def _fitting(self, index: int, status: IncidentStatus, *, goes_on: bool, ended: bool) -> IncidentStatus:
        fits = status
        if status in OVER and goes_on:
            fits = IncidentStatus.MONITORING
        elif status is POSTMORTEM and not ended:
            fits = RESOLVED
        if fits is not status:
            self._remark(f"/incident_updates/{index}/status", f"Told as {fits} rather than {status}.")
        return fits

    def _open(self, index: int, status: IncidentStatus) -> None:
        update, page = self._thing.incident_updates[index], self._telling.page
        started_at = self._last
        command = incident.OpenIncident(
            self._id,
            page.page_id,
            page.organisation_id,
            self._telling.name(self._place, self._thing.name),
            status,
            self._update_id(update),
            markdown(update.body),
            self._components(index),
            self._impact(),
            False,
            metadata(self._thing),
            max(update.created_at, started_at),
            started_at,
        )
        self._step(started_at, index, use_cases.OpenIncident(command))

    def _backfill(self, index: int) -> None:
        """It was over when it was first told of."""
        update, page = self._thing.incident_updates[index], self._telling.page
        started_at = self._last
        resolved_at = max(self._thing.resolved_at or update.moment, update.moment)
        if resolved_at == started_at:
            self._remark("/started_at", "It began and ended at one moment; it is told as a millisecond.")
            resolved_at += MOMENT
        command = incident.BackfillIncident(
            self._id,
            page.page_id,
            page.organisation_id,
            self._telling.name(self._place, self._thing.name),
            self._update_id(update),
            markdown(update.body),
            self._components(index),
            self._impact(),
            metadata(self._thing),
            started_at,
            resolved_at,
            max(update.created_at, resolved_at),
        )
        self._last = resolved_at
        self._step(started_at, index, use_cases.BackfillIncident(command))

    def _update(self, index: int, status: IncidentStatus) -> None:
        update = self._thing.incident_updates[index]
        since = self._last = max(update.moment, self._last)
        if status is POSTMORTEM:
            published = incident.PublishPostmortem(markdown(update.body), since)
            self._step(since, index, self._changing(published))
            return
        self._say(index, self._update_id(update), status, markdown(update.body), self._components(index))

    def _say(
        self,
        index: int,
        update_id: UUID,
        status: IncidentStatus,
        body: str,
        components: dict[UUID, ComponentStatus],
    ) -> None:
        said_at = max(self._thing.incident_updates[index].created_at, self._last)
        command = incident.UpdateIncident(update_id, status, body, components, False, said_at, self._last)
        organisation_id = self._telling.page.organisation_id
        self._step(self._last, index, use_cases.UpdateIncident(self._id, organisation_id, None, command))

    def _close_if_needed(self, statuses: dict[int, IncidentStatus]) -> None:
        if IncidentStatus(self._thing.status) not in OVER or OVER & set(statuses.values()):
            return
        self._remark("/status", "No update says that it is over; one without words was added.")
        self._last = max(self._thing.resolved_at or self._last, self._last)
        end_id = self._telling.page.id_of("end", self._thing.id)
        self._say(self._order[-1], end_id, RESOLVED, "", {})

    def _changing(self, command: incident.PublishPostmortem) -> UseCase[None]:
        return use_cases.ChangeIncident(self._id, self._telling.page.organisation_id, None, command)

    def _components(self, index: int) -> dict[UUID, ComponentStatus]:
        update = self._thing.incident_updates[index]
        said = {each.code: each.new_status for each in update.affected_components or () if each.new_status}
        place = f"{self._place}/incident_updates/{index}/affected_components"
        return {own: said[theirs] for theirs, own in self._telling.here(place, said)}

    def _impact(self) -> Impact:
        return Impact.NONE if self._thing.impact == "maintenance" else Impact(self._thing.impact)

    def _update_id(self, update: objects.Update) -> UUID:
        return self._telling.page.id_of("update", update.id)

    def _remark(self, pointer: str, text: str) -> None:
        self._telling.remark(f"{self._place}{pointer}", text)

    def _step(self, moment: datetime, index: int, use_case: UseCase[None]) -> None:
        place = f"{self._place}/incident_updates/{index}"
        self._telling.steps.append(Step(moment, INCIDENT, self._id, place, use_case))

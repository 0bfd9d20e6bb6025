"""What happens to an incident and, in the same append, to the components it names; the page is the guard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.commands.pages import open_page
from service.commands.work import Work
from service.domain import incident
from service.domain.component import COMPONENT, BackfillStatus, HoldComponent, ReleaseComponent, RetractHold
from service.domain.errors import Fault, Invalid, NotFound
from service.domain.incident import INCIDENT, OVER, Incident
from service.domain.statuspage import Page
from service.domain.values import ComponentStatus, Impact


@dataclass(frozen=True, slots=True)
class OpenIncident:
    command: incident.OpenIncident

    async def __call__(self, work: Work) -> None:
        command = self.command
        await _begin(work, command)
        for component_id, status in command.components.items():
            hold = HoldComponent(command.incident_id, status, command.at, command.started_at)
            await work.decide(COMPONENT, component_id, hold)


@dataclass(frozen=True, slots=True)
class BackfillIncident:
    command: incident.BackfillIncident

    async def __call__(self, work: Work) -> None:
        command = self.command
        await _begin(work, command)
        for component_id, status in command.components.items():
            backfill = BackfillStatus(
                command.incident_id, status, command.started_at, command.resolved_at, command.at
            )
            await work.decide(COMPONENT, component_id, backfill)


@dataclass(frozen=True, slots=True)
class UpdateIncident:
    incident_id: UUID
    organisation_id: UUID
    if_match: int | None
    command: incident.UpdateIncident

    async def __call__(self, work: Work) -> None:
        known, page = await _open_incident(work, self.incident_id, self.organisation_id, self.if_match)
        _check_components(page, self.command.components)
        if not await work.decide(INCIDENT, self.incident_id, self.command):
            return
        await work.preload(COMPONENT, {*known.components, *self.command.components})
        for component_id, status in self.command.components.items():
            await self._say(work, component_id, status)
        if self.command.status in OVER:
            for component_id in known.components.keys() - self.command.components.keys():
                await work.decide(COMPONENT, component_id, self._release(None))

    async def _say(self, work: Work, component_id: UUID, status: ComponentStatus) -> None:
        """An incident that is over says what the component has now, and holds it no longer."""
        over = self.command.status in OVER
        if over and await work.decide(COMPONENT, component_id, self._release(status)):
            return
        hold = HoldComponent(self.incident_id, status, self.command.at, self.command.since)
        await work.decide(COMPONENT, component_id, hold)
        if over:
            await work.decide(COMPONENT, component_id, self._release(status))

    def _release(self, status: ComponentStatus | None) -> ReleaseComponent:
        return ReleaseComponent(self.incident_id, status, self.command.at, self.command.since)


@dataclass(frozen=True, slots=True)
class ChangeIncident:
    """For what touches no component: a corrected text, a postmortem."""

    incident_id: UUID
    organisation_id: UUID
    if_match: int | None
    command: incident.CorrectUpdate | incident.PublishPostmortem

    async def __call__(self, work: Work) -> None:
        await _open_incident(work, self.incident_id, self.organisation_id, self.if_match)
        await work.decide(INCIDENT, self.incident_id, self.command)


@dataclass(frozen=True, slots=True)
class EditIncident:
    """What is left out stays: `name` or `metadata` None; the override without `change_override`."""

    incident_id: UUID
    organisation_id: UUID
    if_match: int | None
    name: str | None
    metadata: Mapping[str, str] | None
    change_override: bool
    impact_override: Impact | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        known, _ = await _open_incident(work, self.incident_id, self.organisation_id, self.if_match)
        override = self.impact_override if self.change_override else known.impact_override
        metadata = known.metadata if self.metadata is None else self.metadata
        edit = incident.EditIncident(self.name or known.name, override, metadata, self.at)
        await work.decide(INCIDENT, self.incident_id, edit)


@dataclass(frozen=True, slots=True)
class RetractIncident:
    incident_id: UUID
    organisation_id: UUID
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        known, _ = await _open_incident(work, self.incident_id, self.organisation_id, self.if_match)
        await work.decide(INCIDENT, self.incident_id, incident.RetractIncident(self.at))
        await work.preload(COMPONENT, known.components)
        for component_id in known.components:
            await work.decide(COMPONENT, component_id, RetractHold(self.incident_id, self.at))


async def _begin(work: Work, command: incident.OpenIncident | incident.BackfillIncident) -> None:
    page = await open_page(work, command.page_id, command.organisation_id)
    _check_components(page, command.components)
    work.begin(INCIDENT, command.incident_id)
    await work.decide(INCIDENT, command.incident_id, command)
    await work.preload(COMPONENT, command.components)


async def _open_incident(
    work: Work, incident_id: UUID, organisation_id: UUID, if_match: int | None
) -> tuple[Incident, Page]:
    """The organisation's own incident on a page that is there. Raises NotFound and VersionMismatch."""
    known = incident.existing(await work.load(INCIDENT, incident_id))
    if known.organisation_id != organisation_id:
        raise NotFound("There is no such incident.")
    page = await open_page(work, known.page_id, organisation_id)
    await work.expect(INCIDENT, incident_id, if_match)
    return known, page


def _check_components(page: Page, components: Mapping[UUID, Any]) -> None:
    """They come in the order in which the caller listed them. Raises Invalid."""
    of_page = set(page.layout.all_component_ids())
    faults = [
        Fault(f"/components/{i}/id", "unknown_id", "This page has no component with this id.")
        for i, component_id in enumerate(components)
        if component_id not in of_page
    ]
    if faults:
        raise Invalid(faults)

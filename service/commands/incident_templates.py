"""What happens to an organisation's incident templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.commands.work import Work
from service.domain import incident_template
from service.domain.component import COMPONENT
from service.domain.errors import Fault, Invalid, VersionMismatch
from service.domain.incident_template import INCIDENT_TEMPLATES

VERSION = 1
"""A template is never changed."""


@dataclass(frozen=True, slots=True)
class CreateTemplate:
    command: incident_template.CreateTemplate

    async def __call__(self, work: Work) -> None:
        command = self.command
        work.about(command.organisation_id, None)
        await _check_components(work, command.components, command.organisation_id)
        await work.decide(INCIDENT_TEMPLATES, command.organisation_id, command)


@dataclass(frozen=True, slots=True)
class DeleteTemplate:
    organisation_id: UUID
    template_id: UUID
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        work.about(self.organisation_id, None)
        command = incident_template.DeleteTemplate(self.template_id, self.at)
        await work.decide(INCIDENT_TEMPLATES, self.organisation_id, command)
        if self.if_match not in (None, VERSION):
            raise VersionMismatch(VERSION)


async def _check_components(work: Work, components: Mapping[UUID, Any], organisation_id: UUID) -> None:
    """They come in the order in which the caller listed them. Raises Invalid."""
    await work.preload(COMPONENT, components)
    faults = []
    for i, component_id in enumerate(components):
        known = await work.load(COMPONENT, component_id)
        if known is None or known.removed or known.organisation_id != organisation_id:
            message = "The organisation has no component with this id."
            faults.append(Fault(f"/components/{i}/id", "unknown_id", message))
    if faults:
        raise Invalid(faults)

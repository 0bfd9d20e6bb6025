"""What monitors say of a resource, carried to the components that show it.

The resource's stream names them and guards each append: a component that is bound meanwhile is not missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.commands.work import Work
from service.domain.component import COMPONENT, Event, HearAlerts, ReportStatus
from service.domain.resource import RESOURCE, existing, key

MOST = 2_000
"""About so many events are in one append at most: others wait for it."""
LARGEST = 200
"""Components that change in one append."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Components of one page: what visitors of a page see changes at once."""

    page_id: UUID
    component_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class FindBatches:
    """Changes nothing. `events`: how many each component may have.

    Raises NotFound for a resource that no component of the organisation shows.
    """

    organisation_id: UUID
    resource_id: UUID
    events: int = 1

    async def __call__(self, work: Work) -> list[Batch]:
        resource = existing(await work.load(RESOURCE, key(self.organisation_id, self.resource_id)))
        return [
            Batch(page_id, part)
            for page_id, component_ids in resource.by_page().items()
            for part in _parts(component_ids, max(1, min(LARGEST, MOST // self.events)))
        ]


@dataclass(frozen=True, slots=True)
class TellBatch:
    """Answers with what happened to each component; those that show the resource no longer are left out."""

    organisation_id: UUID
    resource_id: UUID
    batch: Batch
    command: ReportStatus | HearAlerts

    async def __call__(self, work: Work) -> dict[UUID, list[Event]]:
        work.about(self.organisation_id, self.batch.page_id)
        resource = await work.load(RESOURCE, key(self.organisation_id, self.resource_id))
        bound = [each for each in self.batch.component_ids if each in resource.bound]
        await work.preload(COMPONENT, bound)
        return {each: await work.decide(COMPONENT, each, self.command) for each in bound}


def _parts(component_ids: Sequence[UUID], size: int) -> list[tuple[UUID, ...]]:
    return [tuple(component_ids[i : i + size]) for i in range(0, len(component_ids), size)]

"""What a page has that its owner's list of subscribers may name."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from service.commands.own_subscriptions import FindOwnPage
from service.commands.work import Work
from service.domain.incident import INCIDENT, Incident


@dataclass(frozen=True, slots=True)
class Choices:
    """`over`: of the incidents those that tell nothing more."""

    component_ids: frozenset[UUID]
    incident_ids: frozenset[UUID]
    over: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class LookAtChoices:
    """All components of the page, and which of the incidents are its own; changes nothing. Raises what `find`
    raises."""

    find: FindOwnPage
    incident_ids: Collection[UUID]

    async def __call__(self, work: Work) -> Choices:
        page = await self.find(work)
        await work.preload(INCIDENT, self.incident_ids)
        found = [await work.load(INCIDENT, incident_id) for incident_id in self.incident_ids]
        own = [each for each in found if each is not None and _is_of(each, page.page_id)]
        return Choices(
            frozenset(page.layout.all_component_ids()),
            frozenset(each.incident_id for each in own),
            frozenset(each.incident_id for each in own if each.over),
        )


def _is_of(incident: Incident, page_id: UUID) -> bool:
    return incident.page_id == page_id and not incident.retracted

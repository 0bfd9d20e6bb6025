"""Who writes to subscribers: a page as it is now, and the names of its components."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.commands.work import Work
from service.domain.component import COMPONENT
from service.domain.errors import NotFound
from service.domain.statuspage import STATUSPAGE, Page


@dataclass(frozen=True, slots=True)
class FindWriter:
    """The page, and those of the components that are on it, by name; changes nothing. Raises NotFound."""

    page_id: UUID
    component_ids: Collection[UUID] = ()

    async def __call__(self, work: Work) -> tuple[Page, Mapping[UUID, str]]:
        page = await work.load(STATUSPAGE, self.page_id)
        if page is None:
            raise NotFound("There is no such status page.")
        shown = set(page.layout.all_component_ids()).intersection(self.component_ids)
        await work.preload(COMPONENT, shown)
        components = [await work.load(COMPONENT, component_id) for component_id in shown]
        return page, {each.component_id: each.details.name for each in components if each is not None}

"""What a monitor measures of a component."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.commands.work import Work
from service.domain.component import COMPONENT, existing
from service.domain.errors import NotFound
from service.domain.measurement import MEASUREMENT, MeasureResponseTimes, Point


@dataclass(frozen=True, slots=True)
class MeasureComponent:
    """The component is only looked at: it must be there. Its measurements are about it, not about its page,
    whose own events stay few enough to be read whole."""

    component_id: UUID
    organisation_id: UUID
    points: tuple[Point, ...]
    at: datetime

    async def __call__(self, work: Work) -> None:
        component = existing(await work.load(COMPONENT, self.component_id))
        if component.organisation_id != self.organisation_id:
            raise NotFound("There is no such component.")
        work.about(component.organisation_id, component.component_id)
        measured = MeasureResponseTimes(self.component_id, component.page_id, self.points, self.at)
        work.add(MEASUREMENT, self.component_id, measured)

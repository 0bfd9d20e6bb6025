"""A page arrives from elsewhere with its past: everything of it in one append, told in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.commands.components import add
from service.commands.drafts import ComponentDraft
from service.commands.handler import UseCase
from service.commands.pages import CreatePage, open_page
from service.commands.work import Work
from service.domain.decider import Decider
from service.domain.errors import Fault, Invalid, NotFound, Rejected
from service.domain.layout import Layout
from service.domain.organisation import ORGANISATION
from service.domain.statuspage import STATUSPAGE, ArrangePage


@dataclass(frozen=True, slots=True)
class Joining:
    """A component, and since when it is known."""

    draft: ComponentDraft
    since: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a thing at `moment`. `place`: where that was read, for people."""

    moment: datetime
    decider: Decider[Any, Any, Any]
    key: UUID
    place: str
    use_case: UseCase[Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What is there before anything arrives; `component_ids` None: not even the page."""

    component_ids: frozenset[UUID] | None


@dataclass(frozen=True, slots=True)
class LookForPage:
    """Changes nothing. Raises NotFound for an organisation that is not there, and for a deleted page."""

    page_id: UUID
    organisation_id: UUID

    async def __call__(self, work: Work) -> Known:
        if (await work.load(ORGANISATION, self.organisation_id)).organisation_id is None:
            raise NotFound("There is no such organisation; see `statuspages org list`.")
        if await work.load(STATUSPAGE, self.page_id) is None:
            return Known(None)
        page = await open_page(work, self.page_id, self.organisation_id)
        return Known(frozenset(page.layout.all_component_ids()))


@dataclass(frozen=True, slots=True)
class Arrive:
    """`last`: steps of the page as it arrives; one that is there is left as its owner has it.

    Answers with the things that were new. Raises Invalid naming every step that the rules refuse.
    """

    page: CreatePage
    components: Sequence[Joining]
    layout: Layout
    steps: Sequence[Step]
    last: Sequence[Step]

    async def __call__(self, work: Work) -> frozenset[UUID]:
        new_page = await work.load(STATUSPAGE, self.page.page_id) is None
        if new_page:
            await self._begin(work)
        new = {step.key for step in self.steps if await work.load(step.decider, step.key) is None}
        steps = [step for step in self.steps if step.key in new]
        await _take(work, [*steps, *(self.last if new_page else ())])
        return frozenset(new | ({self.page.page_id} if new_page else set()))

    async def _begin(self, work: Work) -> None:
        page = self.page
        await page(work)
        for each in self.components:
            await add(work, page.page_id, page.organisation_id, each.draft, each.since)
        await work.decide(STATUSPAGE, page.page_id, ArrangePage(self.layout, page.at))


async def _take(work: Work, steps: Sequence[Step]) -> None:
    faults: list[Fault] = []
    for step in sorted(steps, key=lambda step: step.moment):
        try:
            await step.use_case(work)
        except Rejected as refusal:
            faults.append(Fault(step.place, "refused", str(refusal)))
    if faults:
        raise Invalid(faults)

"""What happens to a page's components, by the page's lists and by reports of their status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.commands.bindings import decide_component, preload_resources
from service.commands.drafts import ComponentDraft, PageDraft
from service.commands.work import Work
from service.domain.component import (
    COMPONENT,
    AddComponent,
    ChangeDetails,
    RemoveComponent,
    ReportStatus,
    existing,
)
from service.domain.errors import Fault, Invalid
from service.domain.layout import Layout
from service.domain.statuspage import Page
from service.domain.values import ComponentStatus


@dataclass(frozen=True, slots=True)
class ReportComponentStatus:
    """Answers whether the status changed. `since` in the past corrects history."""

    component_id: UUID
    organisation_id: UUID
    status: ComponentStatus
    since: datetime | None
    reason: str | None
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> bool:
        component = existing(await work.load(COMPONENT, self.component_id))
        work.about(component.organisation_id, component.page_id)
        report = ReportStatus(self.organisation_id, self.status, self.at, self.since, self.reason)
        events = await work.decide(COMPONENT, self.component_id, report)
        await work.expect(COMPONENT, self.component_id, self.if_match)
        return bool(events)


async def add(work: Work, page_id: UUID, organisation_id: UUID, draft: ComponentDraft, at: datetime) -> None:
    work.begin(COMPONENT, draft.component_id)
    command = AddComponent(draft.component_id, page_id, organisation_id, draft.details, draft.status, at)
    await decide_component(work, draft.component_id, command)


async def arrange_components(work: Work, page: Page, draft: PageDraft, at: datetime) -> None:
    """Add, change and remove components until the page has what the lists say.

    Raises Invalid for an id that is not of this page or is named twice.
    """
    _check_ids(page, draft)
    leaving = _leaving(page.layout, draft)
    known = [component for component in draft.all_components() if component.known]
    await work.preload(COMPONENT, [*leaving, *(component.component_id for component in known)])
    await preload_shown(work, page.organisation_id, draft)
    await remove_components(work, leaving, at)
    for component in draft.all_components():
        if component.known:
            change = ChangeDetails(component.details, at)
            await decide_component(work, component.component_id, change)
        else:
            await add(work, page.page_id, page.organisation_id, component, at)


async def preload_shown(work: Work, organisation_id: UUID, draft: PageDraft) -> None:
    """The resources of the components that the draft adds."""
    added = (component.details for component in draft.all_components() if not component.known)
    await preload_resources(work, organisation_id, (details.shown_resource for details in added))


async def remove_components(work: Work, component_ids: Sequence[UUID], at: datetime) -> None:
    await work.preload(COMPONENT, component_ids)
    for component_id in component_ids:
        await decide_component(work, component_id, RemoveComponent(at))


def _leaving(layout: Layout, draft: PageDraft) -> list[UUID]:
    listed = {component.component_id for component in draft.all_components()}
    replaced = set(layout.component_ids) if draft.components is not None else set()
    if draft.groups is not None:
        replaced |= {component_id for group in layout.groups for component_id in group.component_ids}
    return [component_id for component_id in layout.all_component_ids() if component_id in replaced - listed]


def _check_ids(page: Page, draft: PageDraft) -> None:
    components = dict.fromkeys(page.layout.all_component_ids(), True)
    groups = {group.group_id: True for group in page.layout.groups}
    faults = [
        *_id_faults(components, [(c.component_id, c.pointer) for c in draft.all_components() if c.known]),
        *_id_faults(groups, [(g.group_id, g.pointer) for g in draft.groups or () if g.known]),
    ]
    if faults:
        raise Invalid(faults)


def _id_faults(available: dict[UUID, bool], named: list[tuple[UUID, str]]) -> list[Fault]:
    faults = []
    for entry_id, pointer in named:
        if entry_id not in available:
            faults.append(Fault(f"{pointer}/id", "unknown_id", "This page has nothing with this id."))
        elif not available[entry_id]:
            faults.append(Fault(f"{pointer}/id", "repeated_id", "This id is listed twice."))
        else:
            available[entry_id] = False
    return faults

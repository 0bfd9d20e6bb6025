"""One component or one group of a page at a time. A group has no stream: it is a part of its page."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from service.commands.bindings import decide_component
from service.commands.components import add
from service.commands.drafts import ComponentDraft
from service.commands.pages import open_page
from service.commands.work import Work
from service.domain.component import COMPONENT, ChangeDetails, Component, Details, RemoveComponent, existing
from service.domain.errors import Fault, Invalid, NotFound
from service.domain.layout import Group, Layout
from service.domain.statuspage import STATUSPAGE, ArrangePage, Page
from service.domain.values import ComponentType


@dataclass(frozen=True, slots=True)
class AddToPage:
    page_id: UUID
    organisation_id: UUID
    draft: ComponentDraft
    group_id: UUID | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        page = await open_page(work, self.page_id, self.organisation_id)
        _check_group(page, self.group_id)
        await add(work, page.page_id, page.organisation_id, self.draft, self.at)
        await _arrange(work, page, page.layout.placing(self.draft.component_id, self.group_id), self.at)


@dataclass(frozen=True, slots=True)
class ChangeComponent:
    """`details`: the fields that were sent. `move`: into the group `group_id`, or out of any."""

    component_id: UUID
    organisation_id: UUID
    details: dict[str, Any]
    move: bool
    group_id: UUID | None
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> UUID:
        component, page = await _open_component(work, self.component_id, self.organisation_id, self.if_match)
        details = replace(component.details, **self.details)
        _check_resource(details)
        await decide_component(work, self.component_id, ChangeDetails(details, self.at))
        if self.move and page.layout.group_of(self.component_id) != self.group_id:
            _check_group(page, self.group_id)
            await _arrange(work, page, page.layout.placing(self.component_id, self.group_id), self.at)
        return page.page_id


@dataclass(frozen=True, slots=True)
class RemoveFromPage:
    component_id: UUID
    organisation_id: UUID
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        _, page = await _open_component(work, self.component_id, self.organisation_id, self.if_match)
        await decide_component(work, self.component_id, RemoveComponent(self.at))
        await _arrange(work, page, page.layout.without(frozenset({self.component_id})), self.at)


@dataclass(frozen=True, slots=True)
class PutGroup:
    """`known`: it must be there already. `name`, `component_ids` None: they stay."""

    page_id: UUID
    organisation_id: UUID
    group_id: UUID
    known: bool
    name: str | None
    component_ids: tuple[UUID, ...] | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        page = await open_page(work, self.page_id, self.organisation_id)
        known = _group(page, self.group_id) if self.known else Group(self.group_id, "")
        members = known.component_ids if self.component_ids is None else self.component_ids
        _check_members(page, members)
        group = Group(self.group_id, self.name or known.name, members)
        await _arrange(work, page, page.layout.with_group(group), self.at)


@dataclass(frozen=True, slots=True)
class RemoveGroup:
    page_id: UUID
    organisation_id: UUID
    group_id: UUID
    at: datetime

    async def __call__(self, work: Work) -> None:
        page = await open_page(work, self.page_id, self.organisation_id)
        _group(page, self.group_id)
        await _arrange(work, page, page.layout.without_group(self.group_id), self.at)


async def _open_component(
    work: Work, component_id: UUID, organisation_id: UUID, if_match: int | None
) -> tuple[Component, Page]:
    component = existing(await work.load(COMPONENT, component_id))
    if component.organisation_id != organisation_id:
        raise NotFound("There is no such component.")
    page = await open_page(work, component.page_id, organisation_id)
    await work.expect(COMPONENT, component_id, if_match)
    return component, page


async def _arrange(work: Work, page: Page, layout: Layout, at: datetime) -> None:
    await work.decide(STATUSPAGE, page.page_id, ArrangePage(layout, at))


def _group(page: Page, group_id: UUID) -> Group:
    group = page.layout.group(group_id)
    if group is None:
        raise NotFound("There is no such group.")
    return group


def _check_resource(details: Details) -> None:
    if details.type is ComponentType.RESOURCE and details.resource_id is None:
        message = "A component of type resource needs a resource_id."
        raise Invalid([Fault("/resource_id", "required", message)])


def _check_group(page: Page, group_id: UUID | None) -> None:
    if group_id is not None and page.layout.group(group_id) is None:
        raise Invalid([Fault("/group_id", "unknown_id", "This page has no group with this id.")])


def _check_members(page: Page, component_ids: tuple[UUID, ...]) -> None:
    of_page = set(page.layout.all_component_ids())
    faults = []
    for i, component_id in enumerate(component_ids):
        if component_id not in of_page:
            message = "This page has no component with this id."
            faults.append(Fault(f"/component_ids/{i}", "unknown_id", message))
        elif component_id in component_ids[:i]:
            faults.append(Fault(f"/component_ids/{i}", "repeated_id", "This id is listed twice."))
    if faults:
        raise Invalid(faults)

"""What happens to a status page as a whole: to itself, its names and its components, in one append."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from service.commands.components import add, arrange_components, preload_shown, remove_components
from service.commands.drafts import GroupDraft, PageDraft
from service.commands.work import Work
from service.domain import statuspage
from service.domain.layout import Group, Layout, rearrange
from service.domain.name import DOMAIN, SUBDOMAIN, ClaimName, NameDecider, ReleaseName
from service.domain.statuspage import STATUSPAGE, Page, Settings


@dataclass(frozen=True, slots=True)
class CreatePage:
    page_id: UUID
    organisation_id: UUID
    draft: PageDraft
    password_id: UUID | None
    domain_target: str
    at: datetime

    async def __call__(self, work: Work) -> None:
        work.about(self.organisation_id, self.page_id)
        work.begin(STATUSPAGE, self.page_id)
        settings = Settings(**self.draft.settings)
        layout = layout_of(self.draft, Layout())
        await work.decide(
            STATUSPAGE,
            self.page_id,
            statuspage.CreatePage(
                self.page_id,
                self.organisation_id,
                settings,
                self.password_id,
                self.domain_target,
                layout,
                self.at,
            ),
        )
        await _claim_names(work, self.page_id, self.organisation_id, settings, self.at)
        await preload_shown(work, self.organisation_id, self.draft)
        for component in self.draft.all_components():
            await add(work, self.page_id, self.organisation_id, component, self.at)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`change_password`: the password is replaced by `password_id`, or removed if that is None."""

    page_id: UUID
    organisation_id: UUID
    draft: PageDraft
    change_password: bool
    password_id: UUID | None
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        page = await open_page(work, self.page_id, self.organisation_id, self.if_match)
        settings = replace(page.settings, **self.draft.settings)
        change = statuspage.ChangeSettings(settings, self.change_password, self.password_id, self.at)
        await work.decide(STATUSPAGE, self.page_id, change)
        await _move_names(work, page, settings, self.at)
        await arrange_components(work, page, self.draft, self.at)
        layout = layout_of(self.draft, page.layout)
        await work.decide(STATUSPAGE, self.page_id, statuspage.ArrangePage(layout, self.at))


@dataclass(frozen=True, slots=True)
class SetPageEnabled:
    page_id: UUID
    organisation_id: UUID
    enabled: bool
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        await open_page(work, self.page_id, self.organisation_id, self.if_match)
        await work.decide(STATUSPAGE, self.page_id, statuspage.SetEnabled(self.enabled, self.at))


@dataclass(frozen=True, slots=True)
class DeletePage:
    page_id: UUID
    organisation_id: UUID
    if_match: int | None
    at: datetime

    async def __call__(self, work: Work) -> None:
        page = await open_page(work, self.page_id, self.organisation_id, self.if_match)
        await remove_components(work, page.layout.all_component_ids(), self.at)
        await _release(work, SUBDOMAIN, page.settings.subdomain, self.page_id, self.at)
        await _release(work, DOMAIN, page.settings.domain, self.page_id, self.at)
        await work.decide(STATUSPAGE, self.page_id, statuspage.DeletePage(self.at))


async def open_page(work: Work, page_id: UUID, organisation_id: UUID, if_match: int | None = None) -> Page:
    """The organisation's own page. Raises NotFound and VersionMismatch."""
    page = statuspage.owned(await work.load(STATUSPAGE, page_id), organisation_id)
    work.about(organisation_id, page_id)
    await work.expect(STATUSPAGE, page_id, if_match)
    return page


def layout_of(draft: PageDraft, current: Layout) -> Layout:
    """Where the components stand after the draft."""
    ungrouped = None if draft.components is None else tuple(c.component_id for c in draft.components)
    groups = None if draft.groups is None else tuple(_group(group) for group in draft.groups)
    return rearrange(current, ungrouped, groups)


def _group(draft: GroupDraft) -> Group:
    return Group(draft.group_id, draft.name, tuple(c.component_id for c in draft.components))


async def _claim_names(
    work: Work, page_id: UUID, organisation_id: UUID, settings: Settings, at: datetime
) -> None:
    for decider, field, value in _names(settings):
        if value is not None:
            await work.decide(decider, value, ClaimName(field, value, page_id, organisation_id, at))


async def _move_names(work: Work, page: Page, settings: Settings, at: datetime) -> None:
    for (decider, _, old), (_, _, new) in zip(_names(page.settings), _names(settings), strict=True):
        if old != new:
            await _release(work, decider, old, page.page_id, at)
    await _claim_names(work, page.page_id, page.organisation_id, settings, at)


async def _release(work: Work, decider: NameDecider, value: str | None, page_id: UUID, at: datetime) -> None:
    if value is not None:
        await work.decide(decider, value, ReleaseName(page_id, at))


def _names(settings: Settings) -> list[tuple[NameDecider, str, str | None]]:
    return [(SUBDOMAIN, "subdomain", settings.subdomain), (DOMAIN, "domain", settings.domain)]

"""Which page to subscribe to, and what of it. Pages are found by the streams of their names."""

from dataclasses import dataclass
from uuid import UUID

from service.commands.work import Work
from service.domain.errors import Fault, Invalid, NotAllowed
from service.domain.incident import INCIDENT
from service.domain.name import DOMAIN, SUBDOMAIN
from service.domain.statuspage import STATUSPAGE, Page
from service.domain.values import PageType

UNKNOWN_PAGE = "unknown_page"
"""The code of the fault of an address that leads to no page."""


@dataclass(frozen=True, slots=True)
class Address:
    """How the caller named the page: by its id, its subdomain or its own domain; exactly one is given."""

    page_id: UUID | None = None
    subdomain: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class FindPage:
    """The page that visitors reach there; changes nothing.

    Raises Invalid for a page that is unknown, hidden or private, all alike, and NotAllowed when it takes
    no subscriptions.
    """

    address: Address
    component_ids: tuple[UUID, ...] = ()
    incident_id: UUID | None = None

    async def __call__(self, work: Work) -> Page:
        page = await self._visible(work)
        if not page.settings.subscription_enabled:
            raise NotAllowed("This status page takes no subscriptions.")
        await check_choice(work, page, self.component_ids, self.incident_id)
        return page

    async def _visible(self, work: Work) -> Page:
        page_id = await _page_id(work, self.address)
        state = None if page_id is None else await work.load(STATUSPAGE, page_id)
        if state is None or state.deleted or not state.enabled or state.settings.type is PageType.PRIVATE:
            raise _unknown(self.address)
        return state


async def _page_id(work: Work, address: Address) -> UUID | None:
    if address.page_id is not None:
        return address.page_id
    if address.subdomain is not None:
        return (await work.load(SUBDOMAIN, address.subdomain)).holder
    return (await work.load(DOMAIN, address.domain)).holder


def _unknown(address: Address) -> Invalid:
    pointer = "/statuspage_id" if address.page_id else "/domain"
    return Invalid([Fault(pointer, UNKNOWN_PAGE, "There is no public status page there.")])


async def check_choice(
    work: Work, page: Page, component_ids: tuple[UUID, ...], incident_id: UUID | None
) -> None:
    """Raises Invalid for what the page has not, and for an incident that is over: it tells nothing more."""
    faults = unknown_components(page, component_ids)
    if incident_id is not None:
        faults += await _unknown_incident(work, page, incident_id)
    if faults:
        raise Invalid(faults)


async def _unknown_incident(work: Work, page: Page, incident_id: UUID) -> list[Fault]:
    incident = await work.load(INCIDENT, incident_id)
    if incident is None or incident.retracted or incident.page_id != page.page_id:
        return [Fault("/incident_id", "unknown_id", "The page has no such incident.")]
    return [Fault("/incident_id", "over", "The incident is over.")] if incident.over else []


def unknown_components(page: Page, component_ids: tuple[UUID, ...]) -> list[Fault]:
    """One for each that the page has not."""
    own = set(page.layout.all_component_ids())
    return [
        Fault(f"/component_ids/{i}", "unknown_id", "The page has no such component.")
        for i, component_id in enumerate(component_ids)
        if component_id not in own
    ]

"""Pages with components, made by the same commands that the API gives."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from service.administration import OPERATOR
from service.commands.drafts import ComponentDraft, GroupDraft, PageDraft
from service.commands.handler import Origin
from service.commands.pages import CreatePage
from service.domain.component import Details
from service.domain.name import SUBDOMAIN
from service.domain.values import ComponentStatus, PageType
from service.wiring.core import Core

PAGES = 20
COMPONENTS = 10  # of each page: half of them in a group


@dataclass(frozen=True, slots=True)
class Seed:
    """`components` by page: the first PAGES of them are of different pages, and so on."""

    organisation_id: UUID
    token: str
    pages: list[UUID]
    components: list[tuple[UUID, UUID]]
    """(component, its page)"""


async def seed(core: Core) -> Seed:
    organisation_id = await core.administration.create_organisation("Benchmarks")
    token = await core.administration.issue_token(organisation_id)
    drafts = {uuid4(): _draft() for _ in range(PAGES)}
    for page_id, draft in drafts.items():
        create = CreatePage(page_id, organisation_id, draft, None, uuid4().hex, core.clock())
        origin = Origin(uuid4(), OPERATOR)
        await core.commands.run(origin, SUBDOMAIN.stream(draft.settings["subdomain"]), create)
    ids = {page_id: [c.component_id for c in draft.all_components()] for page_id, draft in drafts.items()}
    components = [(ids[page_id][place], page_id) for place in range(COMPONENTS) for page_id in ids]
    return Seed(organisation_id, token.secret, list(drafts), components)


def _draft() -> PageDraft:
    settings = {
        "name": "A page to measure",
        "description": "It has ten components.",
        "subdomain": f"bench-{uuid4().hex[:12]}",
        "type": PageType.PUBLIC,
    }
    half = COMPONENTS // 2
    group = GroupDraft(uuid4(), "Group", tuple(map(_component, range(half))), "")
    return PageDraft(settings, tuple(map(_component, range(half, COMPONENTS))), (group,))


def _component(number: int) -> ComponentDraft:
    details = Details(f"Component {number}", f"What component {number} is for")
    return ComponentDraft(uuid4(), details, ComponentStatus.OPERATIONAL, "")

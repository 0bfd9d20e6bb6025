"""A demo organisation with a token, and a page of several components with a past."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

import orjson

from service.administration import OPERATOR, Administration
from service.clock import system_clock
from service.commands.components import ReportComponentStatus
from service.commands.drafts import ComponentDraft, GroupDraft, PageDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.pages import CreatePage
from service.config import Settings
from service.domain.component import COMPONENT, Details
from service.domain.name import SUBDOMAIN
from service.domain.values import ComponentStatus, PageType

SUBDOMAIN_NAME = "demo"
UNGROUPED = ("Website", "Mobile app")
GROUPS = {"API": ("REST API", "Webhooks"), "Infrastructure": ("Database", "Message queue", "Storage")}
KNOWN_FOR = timedelta(days=75)
PAST = (
    ("Website", 61.2, 0.6, ComponentStatus.DEGRADED_PERFORMANCE, "Slow responses from the content network"),
    ("REST API", 43.5, 0.9, ComponentStatus.PARTIAL_OUTAGE, "One region did not answer"),
    ("Database", 43.4, 1.4, ComponentStatus.MAJOR_OUTAGE, "Failover of the primary"),
    ("Webhooks", 20.1, 3.0, ComponentStatus.DEGRADED_PERFORMANCE, "Deliveries were late"),
    ("Storage", 8.3, 2.0, ComponentStatus.UNDER_MAINTENANCE, "Planned move to new disks"),
)
"""Component, days ago, hours, status, reason."""


@dataclass(frozen=True, slots=True)
class Demo:
    """`token` may do everything for the organisation; the file that keeps it is its owner's alone."""

    organisation_id: str
    statuspage_id: str
    token: str


async def ensure_demo(commands: CommandHandler, administration: Administration, settings: Settings) -> Demo:
    """Made at the first start of a data directory, remembered by the next ones. Raises NameTaken."""
    path = settings.data_dir / "demo.json"
    if path.exists():
        return Demo(**orjson.loads(path.read_bytes()))
    demo = await _make(commands, administration)
    path.touch(mode=0o600)
    path.write_bytes(orjson.dumps(asdict(demo)))
    return demo


async def _make(commands: CommandHandler, administration: Administration) -> Demo:
    organisation_id = await administration.create_organisation("Demo organisation")
    token = await administration.issue_token(organisation_id)
    page_id, now = uuid4(), system_clock()
    create = CreatePage(page_id, organisation_id, _draft(page_id), None, uuid4().hex, now)
    await commands.run(_origin(), SUBDOMAIN.stream(SUBDOMAIN_NAME), create)
    for report in _past(page_id, organisation_id, now):
        await commands.run(_origin(), COMPONENT.stream(report.component_id), report)
    return Demo(str(organisation_id), str(page_id), token.secret)


def _draft(page_id: UUID) -> PageDraft:
    settings = {
        "name": "Demo",
        "description": "A page to try things on.",
        "subdomain": SUBDOMAIN_NAME,
        "type": PageType.PUBLIC,
    }
    groups = [
        GroupDraft(uuid5(page_id, name), name, tuple(_component(page_id, each) for each in members), "")
        for name, members in GROUPS.items()
    ]
    components = tuple(_component(page_id, name) for name in UNGROUPED)
    return PageDraft(settings, components, tuple(groups))


def _component(page_id: UUID, name: str) -> ComponentDraft:
    return ComponentDraft(uuid5(page_id, name), Details(name), ComponentStatus.OPERATIONAL, "")


def _past(page_id: UUID, organisation_id: UUID, now: datetime) -> list[ReportComponentStatus]:
    def report(
        name: str, status: ComponentStatus, since: datetime, reason: str | None
    ) -> ReportComponentStatus:
        return ReportComponentStatus(uuid5(page_id, name), organisation_id, status, since, reason, None, now)

    names = [*UNGROUPED, *(name for members in GROUPS.values() for name in members)]
    reports = [report(name, ComponentStatus.OPERATIONAL, now - KNOWN_FOR, None) for name in names]
    for name, days_ago, hours, status, reason in PAST:
        start = now - timedelta(days=days_ago)
        reports.append(report(name, status, start, reason))
        reports.append(report(name, ComponentStatus.OPERATIONAL, start + timedelta(hours=hours), None))
    return reports


def _origin() -> Origin:
    return Origin(uuid4(), OPERATOR)

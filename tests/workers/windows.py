"""A page and maintenances of it on a real database, without HTTP, by a clock that a test sets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from eventstore.codec import Codec
from eventstore.pool import Pool
from eventstore.postgres import PostgresStore
from eventstore.shared_moves import SharedMoves
from service.clock import system_clock
from service.codec import build_codec
from service.commands import maintenances as use_cases
from service.commands.drafts import ComponentDraft, PageDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.pages import CreatePage, DeletePage
from service.domain import maintenance
from service.domain.component import Details
from service.domain.maintenance import MAINTENANCE, Plan
from service.domain.statuspage import STATUSPAGE
from service.domain.values import ComponentStatus, PageType
from workers.policies import timers
from workers.policies.bookmark import Bookmark
from workers.timekeeper import Timekeeper

ORGANISATION_ID = uuid4()
HOUR = timedelta(hours=1)


@dataclass
class Windows:
    pool: Pool
    now: datetime = field(default_factory=system_clock)
    codec: Codec = field(default_factory=build_codec)

    def __post_init__(self) -> None:
        self.store = PostgresStore(self.pool)
        self.commands = CommandHandler(self.store, self.codec)

    async def page(self, component_id: UUID) -> UUID:
        """With one component."""
        page_id = uuid4()
        settings = {"name": "Acme", "description": "", "type": PageType.PUBLIC, "time_zone": "Europe/Berlin"}
        component = ComponentDraft(component_id, Details("API"), ComponentStatus.OPERATIONAL, "/components/0")
        draft = PageDraft(settings | {"subdomain": f"page-{page_id.hex[:12]}"}, (component,), None)
        command = CreatePage(page_id, ORGANISATION_ID, draft, None, "target", self.now)
        await self.commands.run(Origin(uuid4(), "test"), STATUSPAGE.stream(page_id), command)
        return page_id

    async def delete(self, page_id: UUID) -> None:
        command = DeletePage(page_id, ORGANISATION_ID, None, self.now)
        await self.commands.run(Origin(uuid4(), "test"), STATUSPAGE.stream(page_id), command)

    async def schedule(self, page_id: UUID, component_id: UUID, **changes: Any) -> UUID:
        """From in one hour to in two."""
        maintenance_id = uuid4()
        times = {"starts_at": self.now + HOUR, "ends_at": self.now + 2 * HOUR}
        plan = Plan(
            **{"name": "Upgrade", "body": "Soon.", "component_ids": (component_id,), **times, **changes}
        )
        command = maintenance.ScheduleMaintenance(maintenance_id, page_id, ORGANISATION_ID, plan, self.now)
        await self._run(maintenance_id, use_cases.ScheduleMaintenance(command))
        return maintenance_id

    async def edit(self, maintenance_id: UUID, **changes: Any) -> None:
        await self._run(
            maintenance_id,
            use_cases.EditMaintenance(maintenance_id, ORGANISATION_ID, None, changes, self.now),
        )

    async def cancel(self, maintenance_id: UUID) -> None:
        command = maintenance.CancelMaintenance(False, self.now)
        use_case = use_cases.ChangeMaintenance(maintenance_id, ORGANISATION_ID, None, command)
        await self._run(maintenance_id, use_case)

    async def _run(self, maintenance_id: UUID, use_case: Any) -> None:
        await self.commands.run(Origin(uuid4(), "test"), MAINTENANCE.stream(maintenance_id), use_case)

    async def set_timers(self) -> None:
        """The policy comes to the end of the log."""
        policy = self.policy()
        while events := await self.store.read_log(await policy.position(), 500):
            await policy.apply(events, epoch=1)

    def policy(self) -> timers.TimerPolicy:
        bookmark = Bookmark(timers.NAME, self.pool, self.store, SharedMoves(self.pool, "bell"))
        return timers.TimerPolicy(self.pool, bookmark, self.codec)

    def timekeeper(self, at_once: int = 100) -> Timekeeper:
        """One of its own, as another process would have it."""
        commands = CommandHandler(PostgresStore(self.pool), self.codec)
        return Timekeeper(self.pool, commands, lambda: self.now, at_once)

    async def later(self, **parts: float) -> None:
        """That much time passes, then all that is due happens."""
        self.now += timedelta(**parts)
        await self.set_timers()
        await self.timekeeper().run()

    async def happened(self, stream: str) -> list[str]:
        return [event.type for event in await self.store.read_stream(stream)]

    async def of(self, maintenance_id: UUID) -> list[str]:
        """What happened to it, the first word left out."""
        types = await self.happened(MAINTENANCE.stream(maintenance_id))
        return [each.removeprefix("Maintenance") for each in types]

    async def waiting(self) -> int:
        """How many timers are set and not done."""
        query = "SELECT count(*) FROM notify.timers WHERE done_at IS NULL"
        count: int = await self.pool.fetchval(query)
        return count

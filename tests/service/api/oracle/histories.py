"""Random lives of pages, by the product's own commands: their log is what statistics are made of.

A life is a function of its seed. Its page has two components, one of them added late, and few incidents and
windows, so that these meet; what is told of the past reaches before the components were there, and times are
often those of other facts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.commands import incidents, maintenances
from service.commands.arrangement import AddToPage
from service.commands.components import ReportComponentStatus
from service.commands.drafts import ComponentDraft, PageDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.pages import ChangePage, CreatePage
from service.domain import incident, maintenance
from service.domain.component import Details
from service.domain.errors import Rejected
from service.domain.maintenance import Plan
from service.domain.values import ComponentStatus, IncidentStatus, MaintenanceStatus, PageType

CODEC = build_codec()
HOUR = timedelta(hours=1)
BEGINS = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""Clocks change on 8 March in New York, on 29 March in Berlin, on 5 April by half an hour on Lord Howe."""
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
]
WAYS: Mapping[str, int] = {
    "report": 6,
    "correct": 3,
    "open": 4,
    "update": 4,
    "resolve": 3,
    "backfill": 2,
    "retract": 2,
    "plan": 2,
    "turn": 6,
    "move": 1,
    "change_zone": 1,
    "add": 1,
}
TURNS = {"start": MaintenanceStatus.IN_PROGRESS, "end": MaintenanceStatus.COMPLETED}
TIMERS: Mapping[str, Callable[[datetime], maintenances.TimerCommand]] = {
    "start": maintenance.StartMaintenance,
    "end": maintenance.CompleteMaintenance,
}


@dataclass
class Life:
    """`now` goes on with every command; `told` are times that were spoken of, to be hit again."""

    seed: int
    organisation_id: UUID
    random: Random
    now: datetime
    commands: CommandHandler
    store: MemoryStore
    told: list[datetime]
    components: list[UUID] = field(default_factory=list)
    incidents: list[UUID] = field(default_factory=list)
    windows: list[UUID] = field(default_factory=list)
    zone: str = "UTC"
    asked: list[tuple[datetime, Any]] = field(default_factory=list)

    @property
    def page_id(self) -> UUID:
        return UUID(int=self.seed << 64)

    def new_id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    async def live(self, steps: int) -> None:
        await self._create()
        if self.seed % 8 == 0:
            await self._overlap()
        for _ in range(steps):
            self.now += timedelta(
                milliseconds=self.random.choice([1, 60_000, self.random.randrange(1 << 26)])
            )
            [way] = self.random.choices(list(WAYS), list(WAYS.values()))
            act: Callable[[], Any] | None = getattr(self, f"_{way}")()
            if act is not None and await self._ask(act):
                self.asked.append((self.now, act))
        await self._stop_timers()

    async def _overlap(self) -> None:
        """Two incidents hold the component; that one was over before the last word is told after it."""
        for _ in range(2):
            self.now += HOUR
            await self._ask(self._open())
        over = self.now + HOUR
        self.now = over + HOUR
        again = self._saying(self.incidents[-1], IncidentStatus.IDENTIFIED, self._named(1), None)
        await self._ask(self.random.choice([again, self._report()]))
        self.now += HOUR
        await self._ask(self._saying(self.incidents[0], IncidentStatus.RESOLVED, {}, over))

    async def _stop_timers(self) -> None:
        """Nothing shall happen by itself later on."""
        for window in self.windows:
            changes = {"auto_start": False, "auto_complete": False}
            await self._ask(
                maintenances.EditMaintenance(window, self.organisation_id, None, changes, self.now)
            )

    async def log(self) -> list[RecordedEvent]:
        return await self.store.read_log(0, 1_000_000)

    async def _ask(self, use_case: Any) -> bool:
        """What the rules refuse is not asked."""
        try:
            return (await self.commands.run(Origin(self.new_id(), "oracle"), "life", use_case)).changed
        except Rejected:
            return False

    async def _create(self) -> None:
        drafts = tuple(self._draft() for _ in range(1))
        settings = {
            "name": "Page",
            "description": "",
            "subdomain": f"life-{self.seed}",
            "type": PageType.PUBLIC,
            "time_zone": self._pick_zone(),
        }
        create = CreatePage(
            self.page_id, self.organisation_id, PageDraft(settings, drafts), None, "target", self.now
        )
        assert await self._ask(create)

    def _draft(self) -> ComponentDraft:
        component_id, name = self.new_id(), f"Component {len(self.components)}"
        self.components.append(component_id)
        status = self.random.choice([ComponentStatus.OPERATIONAL, self._status()])
        return ComponentDraft(component_id, Details(name), status, "/components/0")

    def _pick_zone(self) -> str:
        self.zone = self.random.choice(ZONES)
        return self.zone

    def _status(self) -> ComponentStatus:
        return self.random.choice(list(ComponentStatus))

    def _component(self) -> UUID:
        return self.random.choice(self.components)

    def _named(self, least: int = 0) -> dict[UUID, ComponentStatus]:
        count = self.random.randint(least, min(2, len(self.components)))
        return {each: self._status() for each in self.random.sample(self.components, count)}

    def _earlier(self) -> datetime:
        """A time of the past; one that was spoken of already, now and then."""
        moment = self.now - timedelta(milliseconds=self.random.randrange(1 << 28))
        if self.random.random() < 0.2:
            moment = min(self.now, self.random.choice(self.told))
        self.told.append(moment)
        return moment

    def _perhaps_earlier(self) -> datetime | None:
        return self._earlier() if self.random.random() < 0.3 else None

    def _report(self) -> Any:
        return self._reporting(None)

    def _correct(self) -> Any:
        return self._reporting(self._earlier())

    def _reporting(self, since: datetime | None) -> Any:
        reason = self.random.choice([None, "so it is"])
        return ReportComponentStatus(
            self._component(), self.organisation_id, self._status(), since, reason, None, self.now
        )

    def _open(self) -> Any:
        self.incidents.append(self.new_id())
        return incidents.OpenIncident(
            incident.OpenIncident(
                self.incidents[-1],
                self.page_id,
                self.organisation_id,
                "Down",
                IncidentStatus.INVESTIGATING,
                self.new_id(),
                "We look.",
                self._named(1),
                None,
                True,
                {},
                self.now,
                self._perhaps_earlier(),
            )
        )

    def _backfill(self) -> Any:
        self.incidents.append(self.new_id())
        start, end = sorted((self._earlier(), self._earlier()))
        return incidents.BackfillIncident(
            incident.BackfillIncident(
                self.incidents[-1],
                self.page_id,
                self.organisation_id,
                "Was down",
                self.new_id(),
                "It was so.",
                self._named(1),
                None,
                {},
                start,
                end,
                self.now,
            )
        )

    def _update(self) -> Any:
        return self._updating(self.random.choice([IncidentStatus.IDENTIFIED, IncidentStatus.MONITORING]))

    def _resolve(self) -> Any:
        return self._updating(IncidentStatus.RESOLVED)

    def _updating(self, status: IncidentStatus) -> Any:
        if not self.incidents:
            return None
        incident_id = self.random.choice(self.incidents)
        return self._saying(incident_id, status, self._named(), self._perhaps_earlier())

    def _saying(
        self,
        incident_id: UUID,
        status: IncidentStatus,
        named: dict[UUID, ComponentStatus],
        at: datetime | None,
    ) -> Any:
        update = incident.UpdateIncident(self.new_id(), status, "So it is.", named, True, self.now, at)
        return incidents.UpdateIncident(incident_id, self.organisation_id, None, update)

    def _retract(self) -> Any:
        if not self.incidents:
            return None
        return incidents.RetractIncident(
            self.random.choice(self.incidents), self.organisation_id, None, self.now
        )

    def _plan(self) -> Any:
        self.windows.append(self.new_id())
        starts_at = self.now + timedelta(milliseconds=self.random.randrange(1 << 25))
        ends_at = starts_at + timedelta(milliseconds=self.random.randrange(1, 1 << 26))
        plan = Plan("Upgrade", "Soon.", starts_at, ends_at, tuple(self._named(1)))
        return maintenances.ScheduleMaintenance(
            maintenance.ScheduleMaintenance(
                self.windows[-1], self.page_id, self.organisation_id, plan, self.now
            )
        )

    def _turn(self) -> Any:
        """By a timer, if it is time, or by hand."""
        if not self.windows:
            return None
        window, turn = self.random.choice(self.windows), self.random.choice(list(TURNS))
        if self.random.random() < 0.3:
            return maintenances.ObeyTimer(window, TIMERS[turn](self.now))
        update = maintenance.UpdateMaintenance(self.new_id(), TURNS[turn], "Well.", True, self.now)
        return maintenances.ChangeMaintenance(window, self.organisation_id, None, update)

    def _move(self) -> Any:
        """Other components come into a window, which may be running."""
        if not self.windows:
            return None
        changes = {"component_ids": tuple(self._named())}
        return maintenances.EditMaintenance(
            self.random.choice(self.windows), self.organisation_id, None, changes, self.now
        )

    def _change_zone(self) -> Any:
        draft = PageDraft({"time_zone": self._pick_zone()})
        return ChangePage(self.page_id, self.organisation_id, draft, False, None, None, self.now)

    def _add(self) -> Any:
        if len(self.components) > 1:
            return None
        return AddToPage(self.page_id, self.organisation_id, self._draft(), None, self.now)


async def life(seed: int, organisation_id: UUID, steps: int) -> Life:
    random = Random(seed)  # noqa: S311 - it makes examples, and hides nothing
    now = BEGINS + timedelta(days=random.randrange(30), milliseconds=random.randrange(86_400_000))
    store = MemoryStore()
    lived = Life(seed, organisation_id, random, now, CommandHandler(store, CODEC), store, [now])
    await lived.live(steps)
    return lived

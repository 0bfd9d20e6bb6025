"""An outage day as its people live it, over HTTP, on a clock that goes when the script says so."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.environment.waiting import eventually
from tests.service.api.outage_day import (
    CERTIFICATES,
    DEGRADED,
    FALSE_ALARM,
    GROUPS,
    MAIL,
    MAJOR,
    OPENED,
    OVERLOAD,
    PARTIAL,
    SLOW,
    UP,
    VIEWS,
    ZONE,
)
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client

Named = dict[str, str]
WINDOW_STARTS, WINDOW_ENDS = "29T12:00", "29T14:00"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def shown(text: str) -> str:
    """As the API shows it."""
    return f"2026-03-{text}:00.000Z"


@dataclass
class ScriptedClock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class OutageDay:
    """`ids`: of components, groups, incidents and the window, by name. `views`: the page at its moments."""

    owner: Client
    clock: ScriptedClock
    page_id: str = ""
    ids: Named = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def live(self) -> None:
        """Through the day, and the page is looked at whenever VIEWS says so."""
        for text, act in sorted([*SCRIPT, *map(look, VIEWS)], key=lambda step: step[0]):
            self.clock.now = moment(text)
            await act(self)

    async def look(self, text: str) -> None:
        self.views[text] = (await self.owner.get(f"/v1/statuspage/{self.page_id}/unified")).json["statuspage"]

    async def post(self, path: str, body: dict[str, Any]) -> Answer:
        answer = await self.owner.post(path, body)
        assert answer.status == 201, answer.json
        return answer

    async def open(self, name: str, components: Named, **fields: Any) -> None:
        body = {"name": name, "body": "We look.", "components": self.listed(components), **fields}
        answer = await self.post(f"/v1/statuspage/{self.page_id}/incident", body)
        self.ids[name] = answer.json["incident"]["id"]

    async def update(self, name: str, status: str, components: Named | None = None) -> None:
        body = {"status": status, "body": "We go on.", "components": self.listed(components or {})}
        await self.post(f"/v1/incident/{self.ids[name]}/update", body)

    async def report(self, name: str, status: str, **fields: Any) -> None:
        path = f"/v1/component/{self.ids[name]}/status"
        assert (await self.owner.put(path, {"status": status, **fields})).status == 200

    async def maintenance_is(self, status: str) -> None:
        """What a timer does comes by itself, once the clock says that it is time."""

        async def so() -> bool:
            answer = await self.owner.get(f"/v1/maintenance/{self.ids['window']}")
            return bool(answer.json["maintenance"]["status"] == status)

        await eventually(so, 10, f"the window {status}")

    def listed(self, components: Named) -> list[Named]:
        return [{"id": self.ids[name], "status": status} for name, status in components.items()]


async def make_the_page(day: OutageDay) -> None:
    late = {"GraphQL"}
    groups = [
        {"name": group, "components": [{"name": name} for name in names if name not in late]}
        for group, names in GROUPS.items()
    ]
    answer = await day.post("/v1/statuspage", minimal_body(groups=groups, time_zone=ZONE))
    page = answer.json["statuspage"]
    day.page_id = page["id"]
    for group in page["groups"]:
        day.ids[group["name"]] = group["id"]
        day.ids |= {component["name"]: component["id"] for component in group["components"]}


async def add_graphql(day: OutageDay) -> None:
    body = {"name": "GraphQL", "group_id": day.ids["API"]}
    answer = await day.post(f"/v1/statuspage/{day.page_id}/component", body)
    day.ids["GraphQL"] = answer.json["component"]["id"]


async def plan_the_window(day: OutageDay) -> None:
    names = ("Search", "Images", "Backups", "Analytics")
    body = {
        "name": "Search upgrade",
        "body": "Search *waits*.",
        "starts_at": shown(WINDOW_STARTS),
        "ends_at": shown(WINDOW_ENDS),
        "components": [day.ids[name] for name in names],
    }
    answer = await day.post(f"/v1/statuspage/{day.page_id}/maintenance", body)
    day.ids["window"] = answer.json["maintenance"]["id"]


async def take_back_the_false_alarm(day: OutageDay) -> None:
    assert (await day.owner.delete(f"/v1/incident/{day.ids[FALSE_ALARM]}")).status == 200


async def tell_of_the_certificates(day: OutageDay) -> None:
    await day.open(
        CERTIFICATES,
        {"Webhooks": MAJOR, "SDK": PARTIAL, "REST API": PARTIAL},
        status="resolved",
        started_at=shown("29T00:30"),
        resolved_at=shown("29T01:15"),
        impact_override="minor",
    )


Act = Callable[[OutageDay], Awaitable[None]]


def look(text: str) -> tuple[str, Act]:
    return text, lambda day: day.look(text)


def opens(name: str, **components: str) -> Act:
    return lambda day: day.open(name, spaced(components))


def updates(name: str, status: str, **components: str) -> Act:
    return lambda day: day.update(name, status, spaced(components))


def reports(name: str, status: str, at: str | None = None) -> Act:
    said = {} if at is None else {"at": shown(at)}
    return lambda day: day.report(name, status, **said)


def spaced(components: Named) -> Named:
    return {name.replace("_", " "): status for name, status in components.items()}


SCRIPT: Sequence[tuple[str, Act]] = [
    (OPENED, make_the_page),
    ("29T06:00", add_graphql),
    ("29T08:00", opens(OVERLOAD, Database=MAJOR, REST_API=PARTIAL, Checkout=DEGRADED)),
    ("29T08:10", plan_the_window),
    ("29T08:30", updates(OVERLOAD, "identified", Database=PARTIAL)),
    ("29T08:45", opens(SLOW, Website=DEGRADED, Checkout=PARTIAL, REST_API=DEGRADED)),
    ("29T09:15", opens(MAIL, Queue=PARTIAL, SMTP=MAJOR, Inbox=DEGRADED, Database=MAJOR)),
    ("29T09:30", updates(SLOW, "identified", REST_API=PARTIAL)),
    ("29T09:50", updates(SLOW, "resolved")),
    ("29T10:00", updates(OVERLOAD, "monitoring")),
    ("29T10:30", updates(MAIL, "monitoring", SMTP=DEGRADED)),
    ("29T11:00", updates(OVERLOAD, "resolved")),
    ("29T11:30", updates(MAIL, "resolved", SMTP=UP)),
    ("29T11:45", reports("Backups", DEGRADED)),
    (WINDOW_STARTS, lambda day: day.maintenance_is("in_progress")),
    ("29T12:10", reports("Backups", UP)),
    ("29T12:30", reports("Search", MAJOR)),
    ("29T13:00", reports("Search", UP)),
    ("29T13:30", reports("Analytics", PARTIAL)),
    (WINDOW_ENDS, lambda day: day.maintenance_is("completed")),
    ("29T14:05", reports("Bounces", PARTIAL, at="29T03:00")),
    ("29T14:06", reports("Bounces", UP, at="29T03:30")),
    ("29T14:20", reports("Analytics", UP)),
    ("29T16:00", tell_of_the_certificates),
    ("29T17:00", opens(FALSE_ALARM, Campaigns=MAJOR, Templates=PARTIAL)),
    ("29T17:10", reports("Templates", DEGRADED)),
    ("29T17:20", updates(FALSE_ALARM, "identified", Campaigns=PARTIAL)),
    ("29T17:40", take_back_the_false_alarm),
    ("29T17:50", reports("Templates", UP)),
    ("29T18:00", reports("Templates", PARTIAL, at="29T04:00")),
    ("29T18:01", reports("Templates", UP, at="29T04:30")),
]

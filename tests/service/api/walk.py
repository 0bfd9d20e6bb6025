"""An owner who does one thing after the other at random, and what the page showed after each."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.service.api.incidents import ago
from tests.service.client import Answer, Client

STATUSES = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
PATIENT = {"Prefer": "wait=10"}


def chance_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - a script to be repeated, no secret


@dataclass(frozen=True)
class Shot:
    """`after`: when the page was read; it showed the same until `before`, when the next thing was done."""

    after: datetime
    before: datetime
    unified: str
    statistics: dict[str, Any]
    component_id: str

    def status_of(self, component_id: str) -> str:
        """Of one that is in no group."""
        components = json.loads(self.unified)["components"]
        return str(next(each["status"] for each in components if each["id"] == component_id))

    def moment(self, chance: Random) -> datetime:
        return self.after + (self.before - self.after) * chance.random()


@dataclass
class Walk:
    owner: Client
    page: dict[str, Any]
    chance: Random
    components: list[str]
    incidents: list[dict[str, Any]] = field(default_factory=list)
    windows: list[str] = field(default_factory=list)

    async def step(self) -> Answer:
        steps: list[Callable[[], Awaitable[Answer]]] = [
            *[self.report, self.report, self.correct_status, self.open, self.open, self.open_earlier],
            *[self.backfill, self.update, self.update, self.correct_text, self.edit, self.retract],
            *[self.schedule, self.move, self.begin, self.cancel, self.rename, self.add_component],
            *[self.measure, self.measure],
        ]
        return await self.chance.choice(steps)()

    async def report(self) -> Answer:
        return await self._put(self._status_path(), {"status": self.chance.choice(STATUSES)})

    async def correct_status(self) -> Answer:
        body = {"status": self.chance.choice(STATUSES), "at": self._earlier(), "reason": "said later"}
        return await self._put(self._status_path(), body)

    async def measure(self) -> Answer:
        """As monitors do: some of what was measured comes late."""
        times = [ago(seconds=self.chance.randint(1, 60)), self._earlier()]
        points = [{"at": at, "response_time_ms": self.chance.randint(1, 900)} for at in times]
        path = f"/v1/component/{self.chance.choice(self.components)}/metrics"
        return await self._post(path, {"points": points})

    async def open(self) -> Answer:
        return await self._open(components=self._giving())

    async def open_earlier(self) -> Answer:
        return await self._open(components=self._giving(), started_at=self._earlier())

    async def backfill(self) -> Answer:
        span = {"started_at": ago(hours=30), "resolved_at": ago(hours=self.chance.randint(1, 29))}
        return await self._open(components=self._giving(), status="resolved", **span)

    async def update(self) -> Answer:
        status = self.chance.choice(("identified", "monitoring", "resolved"))
        body = {"status": status, "body": "More.", "components": self._giving()}
        if self.chance.random() < 0.3:
            body["at"] = ago(seconds=1)
        return await self._with_incident("POST", "/update", body)

    async def correct_text(self) -> Answer:
        if not self.incidents:
            return await self.open()
        incident = self.chance.choice(self.incidents)
        path = f"/v1/incident/{incident['id']}/update/{incident['updates'][0]['id']}"
        return await self._put(path, {"body": f"Corrected {self.chance.random()}"})

    async def edit(self) -> Answer:
        return await self._with_incident("PUT", "", {"name": f"Name {self.chance.random()}"})

    async def retract(self) -> Answer:
        return await self._with_incident("DELETE", "", None)

    async def schedule(self) -> Answer:
        plan = {"starts_at": "2199-01-01T00:00:00Z", "ends_at": "2199-01-01T01:00:00Z"}
        body = {"name": "Upgrade", "body": "Writes wait.", "components": self.components[:2], **plan}
        answer = await self._post(f"/v1/statuspage/{self.page['id']}/maintenance", body)
        self.windows.append(answer.json["maintenance"]["id"])
        return answer

    async def move(self) -> Answer:
        later = {"starts_at": "2199-02-01T00:00:00Z", "ends_at": "2199-02-01T02:00:00Z"}
        return await self._with_window("PUT", "", {"name": "Moved", **later})

    async def begin(self) -> Answer:
        status = self.chance.choice(("in_progress", "verifying", "completed"))
        return await self._with_window("POST", "/update", {"status": status, "body": "We work."})

    async def cancel(self) -> Answer:
        return await self._with_window("DELETE", "", None)

    async def rename(self) -> Answer:
        body = {"name": f"Page {self.chance.random()}", "description": "", "type": "public"}
        return await self._put(
            f"/v1/statuspage/{self.page['id']}", {**body, "subdomain": self.page["subdomain"]}
        )

    async def add_component(self) -> Answer:
        answer = await self._post(f"/v1/statuspage/{self.page['id']}/component", {"name": "Another"})
        if answer.status == 201:
            self.components.append(answer.json["component"]["id"])
        return answer

    async def shot(self) -> tuple[datetime, str, dict[str, Any], str]:
        """When, what the page showed, what the statistics of one component said, and of which."""
        done = datetime.now(UTC)
        component_id = self.chance.choice(self.components)
        unified = (await self.owner.get(f"/v1/statuspage/{self.page['id']}/unified")).json["statuspage"]
        while True:  # the clock that statistics show is cut to milliseconds
            answer = await self.owner.get(f"/v1/component/{component_id}/statistics?days=3")
            statistics: dict[str, Any] = answer.json["statistics"]
            if datetime.fromisoformat(statistics["range"]["to"]) >= done:
                break
        return datetime.now(UTC), json.dumps(unified), statistics, component_id

    async def _open(self, **fields: Any) -> Answer:
        body = {"name": "Down", "body": "We look.", **fields}
        answer = await self._post(f"/v1/statuspage/{self.page['id']}/incident", body)
        if answer.status == 201:
            self.incidents.append(answer.json["incident"])
        return answer

    async def _with_incident(self, method: str, rest: str, body: object) -> Answer:
        if not self.incidents:
            return await self.open()
        incident = self.chance.choice(self.incidents)
        return await self.owner.call(method, f"/v1/incident/{incident['id']}{rest}", body, **PATIENT)

    async def _with_window(self, method: str, rest: str, body: object) -> Answer:
        if not self.windows:
            return await self.schedule()
        path = f"/v1/maintenance/{self.chance.choice(self.windows)}{rest}"
        return await self.owner.call(method, path, body, **PATIENT)

    async def _put(self, path: str, body: object) -> Answer:
        return await self.owner.put(path, body, **PATIENT)

    async def _post(self, path: str, body: object) -> Answer:
        return await self.owner.post(path, body, **PATIENT)

    def _status_path(self) -> str:
        return f"/v1/component/{self.chance.choice(self.components)}/status"

    def _giving(self) -> list[dict[str, str]]:
        chosen = self.chance.sample(self.components, self.chance.randint(0, 2))
        return [{"id": each, "status": self.chance.choice(STATUSES)} for each in chosen]

    def _earlier(self) -> str:
        return ago(minutes=self.chance.randint(1, 3000))


async def recorded(walk: Walk, steps: int) -> list[Shot]:
    """What was shown, from one step to the next."""
    shots = []
    for _ in range(steps):
        after, unified, statistics, component_id = await walk.shot()
        shots.append(Shot(after, datetime.now(UTC), unified, statistics, component_id))
        answer = await walk.step()
        assert answer.status < 500, answer.json
    return shots

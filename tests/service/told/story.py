"""What happens at a page, as its owner brings it about over HTTP and as time does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from service.clock import system_clock
from service.timestamps import text
from tests.service.client import Answer, Client

BODY = "We **look** into it."


@dataclass
class Time:
    """A clock that can be put forward."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


@dataclass
class Story:
    """`base_url`: what links begin with. `thing`: the path of the incident or maintenance it is about now.

    `starts_at`: of the maintenance, which takes an hour.
    """

    owner: Client
    page: dict[str, Any]
    time: Time
    base_url: str
    thing: str = ""
    starts_at: datetime = field(default_factory=system_clock)

    @property
    def page_url(self) -> str:
        return f"{self.base_url}/p/{self.page['subdomain']}"

    @property
    def window(self) -> tuple[datetime, datetime]:
        return self.starts_at, self.starts_at + timedelta(hours=1)

    async def open(self, **fields: Any) -> None:
        component = {"id": self.page["components"][0]["id"], "status": "major_outage"}
        body = {"name": "Slow answers", "body": BODY, "components": [component], **fields}
        answer = await self._post(f"/v1/statuspage/{self.page['id']}/incident", body)
        self.thing = f"incident/{answer.json['incident']['id']}"

    async def retract(self) -> None:
        _good(await self.owner.delete(f"/v1/{self.thing}"))

    async def schedule(self, **fields: Any) -> None:
        """In two hours, for an hour."""
        component_id = self.page["components"][0]["id"]
        body = {"name": "Upgrade", "body": BODY, "components": [component_id], **self._window(2), **fields}
        answer = await self._post(f"/v1/statuspage/{self.page['id']}/maintenance", body)
        self.thing = f"maintenance/{answer.json['maintenance']['id']}"

    async def move(self) -> None:
        """By an hour."""
        await self.edit(**self._window(3))

    async def cancel(self) -> None:
        _good(await self.owner.delete(f"/v1/{self.thing}"))

    async def edit(self, **fields: Any) -> None:
        _good(await self.owner.put(f"/v1/{self.thing}", fields))

    async def publish_postmortem(self) -> None:
        _good(await self.owner.put(f"/v1/{self.thing}/postmortem", {"body": "A disk."}))

    async def _post(self, path: str, body: object) -> Answer:
        return _good(await self.owner.post(path, body))

    def _window(self, hours: int) -> dict[str, str]:
        self.starts_at = self.time() + timedelta(hours=hours)
        return dict(zip(("starts_at", "ends_at"), map(text, self.window), strict=True))


Act = Callable[[Story], Awaitable[None]]


def update(status: str, component_status: str | None = None, *, notify: bool = True) -> Act:
    async def act(story: Story) -> None:
        body: dict[str, Any] = {"status": status, "body": f"Now *{status}*.", "notify": notify}
        if component_status is not None:
            body["components"] = [{"id": story.page["components"][0]["id"], "status": component_status}]
        _good(await story.owner.post(f"/v1/{story.thing}/update", body))

    return act


def wait(**parts: float) -> Act:
    """Until so long after the beginning of the window."""

    async def act(story: Story) -> None:
        story.time.ahead = story.starts_at + timedelta(**parts) - system_clock()

    return act


def _good(answer: Answer) -> Answer:
    assert answer.status in (200, 201, 204), answer.json
    return answer

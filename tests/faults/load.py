"""Writers that use the API as owners of status pages do, and note every request and its outcome."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import ClientConnectorError, ClientError

from service.http.consistency import POSITION
from service.http.endpoints.component_commands import CHANGED
from tests.faults.history import Attempt, History, Operation, Outcome
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client

RETRY_SECONDS = 0.05
REPLAYED_SHARE = 0.2
STATUSES = ("operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
SETTLING = "idempotency-in-progress"


@dataclass(slots=True)
class Page:
    """A page as its writer knows it. `gone`: a deletion was asked for and nobody said how it ended."""

    page_id: str
    subdomain: str
    components: list[str]
    gone: bool = False


@dataclass(slots=True)
class Caller:
    """Sends one request and writes its outcome into the history."""

    client: Client
    history: History
    acknowledged: int = 0
    unavailable: int = 0
    slowest_refusal: float = 0
    """Seconds that the slowest 503 took."""

    async def progress(self) -> int:
        """Grows with every write that is acknowledged."""
        return self.acknowledged

    async def refusals(self) -> int:
        """Grows with every 503."""
        return self.unavailable

    async def ask(
        self, operation: Operation, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[Attempt, Answer | None]:
        attempt = Attempt()
        operation.attempts.append(attempt)
        asked_at = time.monotonic()
        try:
            answer = await self.client.call(
                method, path, body, X_Request_Id=str(attempt.request_id), **headers
            )
        except ClientConnectorError:
            attempt.outcome = Outcome.UNSENT
        except (ClientError, TimeoutError):
            attempt.outcome = Outcome.UNKNOWN
        else:
            self._judge(operation, attempt, answer, time.monotonic() - asked_at)
            return attempt, answer
        await asyncio.sleep(RETRY_SECONDS)
        return attempt, None

    def _judge(self, operation: Operation, attempt: Attempt, answer: Answer, seconds: float) -> None:
        attempt.status = answer.status
        if answer.status < 300:
            attempt.outcome = Outcome.OK
            attempt.position = int(answer.headers[POSITION])
            self.acknowledged += 1
        elif answer.status < 500:
            attempt.outcome = Outcome.FAIL
        elif answer.status == 503 and "Retry-After" in answer.headers:
            self.unavailable += 1
            self.slowest_refusal = max(self.slowest_refusal, seconds)
        else:
            self.surprise(operation, answer)

    def surprise(self, operation: Operation, answer: Answer) -> None:
        self.history.surprises.append(f"{operation.kind}: {answer.status} {answer.json}")


@dataclass(slots=True)
class Writer:
    """One owner, one request at a time, on pages of its own and on one that all writers share."""

    caller: Caller
    shared: Page
    chance: random.Random
    pause: float
    pages: list[Page] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what must be tried again is seen through."""
        steps = (self.report, self.report_shared, self.change, self.enable, self.create, self.delete)
        while not stop.is_set():
            [step] = self.chance.choices(steps, (40, 20, 15, 10, 10, 5))
            await (step() if self.pages else self.create())
            await asyncio.sleep(self.chance.uniform(0, 2 * self.pause))

    async def first_write(self) -> float:
        """Seconds until a report is acknowledged; one that has no key need not wait for earlier ones."""
        began_at, before = time.monotonic(), self.caller.acknowledged
        while self.caller.acknowledged == before:
            await self.report_shared()
        return time.monotonic() - began_at

    async def create(self) -> None:
        self.pages.append(await create_page(self.caller, self.chance))

    async def report(self) -> None:
        await self._report(self._page())

    async def report_shared(self) -> None:
        await self._report(self.shared)

    async def change(self) -> None:
        page = self._page()
        operation = self.caller.history.begin("change", "PageSettingsChanged")
        body = minimal_body(subdomain=page.subdomain, description=f"Changed: {uuid4().hex}")
        attempt, answer = await self.caller.ask(operation, "PUT", f"/v1/statuspage/{page.page_id}", body)
        attempt.changed = True
        self._note_absence(page, operation, answer)

    async def enable(self) -> None:
        page = self._page()
        operation = self.caller.history.begin("enable", "PageEnabled", "PageDisabled")
        body = {"enabled": self.chance.random() < 0.5}
        _, answer = await self.caller.ask(operation, "PUT", f"/v1/statuspage/{page.page_id}/status", body)
        self._note_absence(page, operation, answer)

    async def delete(self) -> None:
        page = self._page()
        operation = self.caller.history.begin("delete", "PageDeleted")
        attempt, answer = await self.caller.ask(operation, "DELETE", f"/v1/statuspage/{page.page_id}")
        attempt.changed = True
        if attempt.outcome is Outcome.OK:
            self.pages.remove(page)
        else:
            self._note_absence(page, operation, answer)
            page.gone = page.gone or attempt.outcome is Outcome.UNKNOWN

    async def _report(self, page: Page) -> None:
        component_id = self.chance.choice(page.components)
        operation = self.caller.history.begin("report", "ComponentStatusChanged")
        body = {"status": self.chance.choice(STATUSES), "reason": uuid4().hex}
        attempt, answer = await self.caller.ask(
            operation, "PUT", f"/v1/component/{component_id}/status", body
        )
        if answer is not None and attempt.outcome is Outcome.OK:
            attempt.changed = answer.json["message"] == CHANGED
        self._note_absence(page, operation, answer)

    def _page(self) -> Page:
        return self.chance.choice(self.pages)

    def _note_absence(self, page: Page, operation: Operation, answer: Answer | None) -> None:
        """A page may only be missing if its deletion was asked for."""
        if answer is None or not 400 <= answer.status < 500:
            return
        if answer.status == 404 and page.gone:
            self.pages.remove(page)
        else:
            self.caller.surprise(operation, answer)


async def create_page(caller: Caller, chance: random.Random) -> Page:
    """Send it with one Idempotency-Key until it is answered, and now and then once more."""
    operation = caller.history.begin("create", "PageCreated")
    key, body = uuid4().hex, _new_page()
    page = await _create_once(caller, operation, key, body)
    while page is None:
        await asyncio.sleep(RETRY_SECONDS)
        page = await _create_once(caller, operation, key, body)
    if chance.random() < REPLAYED_SHARE:
        again = await _create_once(caller, operation, key, body)
        assert again in (None, page), f"the same key made {page}, then {again}"
    return page


async def _create_once(caller: Caller, operation: Operation, key: str, body: dict[str, Any]) -> Page | None:
    attempt, answer = await caller.ask(operation, "POST", "/v1/statuspage", body, Idempotency_Key=key)
    attempt.changed = True
    if answer is None or attempt.outcome is not Outcome.OK:
        if answer is not None and answer.status < 500 and not answer.json["type"].endswith(SETTLING):
            caller.surprise(operation, answer)
        return None
    page = answer.json["statuspage"]
    assert page["subdomain"] == body["subdomain"]
    return Page(page["id"], page["subdomain"], [component["id"] for component in page["components"]])


def _new_page() -> dict[str, Any]:
    components = [{"name": f"Part {i}", "status": "operational", "type": "manual"} for i in range(3)]
    return minimal_body(components=components)

"""A deployment with all that there can be, what moves it, and a reader of every GET."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from eventstore.pool import Pool, connect_pool, connection
from service.config import Settings
from service.http.routing import Endpoint
from service.http.server import serve
from service.readmodels.freshness import Freshness
from service.readmodels.pages import Pages
from service.wiring.api import endpoints, open_api
from service.wiring.core import API_TIMEOUT, open_core
from service.wiring.moving import export_database, import_database
from tests.environment.smtp import SmtpSink
from tests.environment.waiting import eventually
from tests.environment.zone import dns_zone
from tests.service.api import incidents, test_maintenances
from tests.service.api.seed import page_body, update_body
from tests.service.client import Client
from tests.service.deployment import SECRET_KEY, deploy
from tests.service.mailing import Confirmation, Mailing

KEY = SECRET_KEY.get_secret_value().encode()
PARAMETER = re.compile(r"{(\w+)}")
LATER = datetime.now(UTC) + timedelta(days=3)
"""When both are asked."""


class Silent:
    def begins(self, step: str) -> None:
        """Nobody looks."""

    def folded(self, position: int, head: int) -> None:
        """Nobody looks."""


@dataclass(frozen=True)
class Story:
    """What happened in the old deployment."""

    token: str
    pending: Confirmation
    verified: Confirmation


async def tell(house: Mailing) -> Story:
    """Pages of every kind, with all that can be on them."""
    owner = house.owner
    page = (await owner.post("/v1/statuspage", page_body())).json["statuspage"]
    await _incidents(owner, page)
    await _windows(owner, page)
    private = (await owner.post("/v1/statuspage", page_body())).json["statuspage"]
    await owner.put(f"/v1/statuspage/{private['id']}", update_body())
    hidden = await house.page()
    await owner.put(f"/v1/statuspage/{hidden['id']}/status", {"enabled": False})
    gone = await house.page(components=[{"name": "Website"}])
    await house.subscribed(gone, "gone@example.com")
    await owner.delete(f"/v1/statuspage/{gone['id']}")
    verified = await house.subscribed(page, "verified@example.com")
    await house.subscribe(page, "pending@example.com")
    pending = await house.mail_to("pending@example.com")
    left = await house.subscribed(page, "left@example.com")
    await house.unsubscribe(left.manage)
    return Story(owner.token or "", pending, verified)


async def _incidents(owner: Client, page: dict[str, Any]) -> None:
    still = await incidents.opened(owner, page, "major_outage", metadata={"ticket": "7", "b": "x"})
    await incidents.update(owner, still, "identified")
    over = await incidents.opened(owner, page, "partial_outage", started_at=incidents.ago(days=2))
    await incidents.update(owner, over, "monitoring", at=incidents.ago(days=1))
    await incidents.update(owner, over, "resolved")
    await owner.put(f"/v1/incident/{over['id']}/postmortem", {"body": "A disk."})
    retracted = await incidents.opened(owner, page, "degraded_performance")
    await owner.delete(f"/v1/incident/{retracted['id']}")
    past = {"started_at": incidents.ago(days=9), "resolved_at": incidents.ago(days=8)}
    await incidents.opened(owner, page, "partial_outage", **past)
    await owner.put(f"/v1/component/{page['components'][0]['id']}/status", {"status": "operational"})


async def _windows(owner: Client, page: dict[str, Any]) -> None:
    await test_maintenances.scheduled(owner, page, recurrence="FREQ=WEEKLY")
    await test_maintenances.running(owner, page)
    cancelled = await test_maintenances.scheduled(owner, page)
    await owner.delete(f"/v1/maintenance/{cancelled['id']}")


async def exported(dsn: str, *, secrets: bool = True) -> bytes:
    output = BytesIO()
    await export_database(dsn, output.write, KEY, Silent(), secrets=secrets)
    return output.getvalue()


async def imported(dsn: str, file: bytes, key: bytes | None = KEY, *, other_key: bool = False) -> None:
    await import_database(dsn, iter(BytesIO(file)), key, Silent(), other_key=other_key)


async def work(dsn: str, sink: SmtpSink) -> None:
    """Until everything that reads the log has come to its end."""
    settings = Settings.model_validate({"DATABASE_URL": dsn})
    update = {"amqp_url": None, "smtp_url": sink.url, "mail_from": "status@example.net"}
    async with deploy(settings.model_copy(update=update)) as deployed:
        await at_its_head(deployed.core.pool)


async def at_its_head(pool: Pool) -> None:
    behind = "SELECT count(*) FROM es.checkpoints WHERE position < (SELECT max(position) FROM es.events)"

    async def done() -> bool:
        async with connection(pool) as conn:
            return bool(await conn.fetchval(behind) == 0)

    await eventually(done, 20, "all readers at the head of the log")


async def rows(dsn: str, query: str) -> list[Any]:
    async with await connect_pool(dsn) as pool, connection(pool) as conn:
        return [row[0] for row in await conn.fetch(query)]


@dataclass(frozen=True)
class Reader:
    """An API over a database on which nobody works, at a time that stands still."""

    session: ClientSession
    base_url: str
    table: list[Endpoint]

    async def get(self, path: str, token: str) -> tuple[int, dict[str, str], bytes]:
        headers = {"Authorization": f"Bearer {token}", "X-Request-Id": "0" * 32}
        async with self.session.get(self.base_url + path, headers=headers) as response:
            given = {name.lower(): text for name, text in response.headers.items()}
            kept = {name: text for name, text in given.items() if name != "date"}
            endless = response.content_type == "text/event-stream"
            return response.status, kept, b"" if endless else await response.read()


@asynccontextmanager
async def reading(dsn: str) -> AsyncIterator[Reader]:
    async with dns_server() as server, open_core(_settings(dsn, server), "tests", API_TIMEOUT) as opened:
        core = replace(opened, clock=lambda: LATER)
        pages = Pages(core.pool, core.places)
        table = endpoints(core, pages, Freshness(core.pool, [], []))
        async with open_api(core, "all") as app, ClientSession(timeout=ClientTimeout(10)) as session:
            api = await serve(app, "127.0.0.1", 0)
            try:
                yield Reader(session, f"http://127.0.0.1:{api.port}", table)
            finally:
                await api.stop()


def _settings(dsn: str, dns: str) -> Settings:
    changes = {"amqp_url": None, "secret_key": SECRET_KEY, "dns_servers": (dns,)}
    return Settings.model_validate({"DATABASE_URL": dsn}).model_copy(update=changes)


@asynccontextmanager
async def dns_server() -> AsyncIterator[str]:
    """It knows no name."""
    async with dns_zone() as zone:
        yield zone.server


async def ids_of(dsn: str) -> dict[str, list[str]]:
    """By category: every stream that there ever was."""
    async with await connect_pool(dsn) as pool, connection(pool) as conn:
        found: dict[str, list[str]] = {}
        for row in await conn.fetch("SELECT DISTINCT stream FROM es.events ORDER BY stream"):
            category, _, key = row["stream"].partition("-")
            found.setdefault(category, []).append(key)
        return found


def paths(table: list[Endpoint], ids: dict[str, list[str]], tokens: list[str]) -> Iterator[str]:
    """Every GET of the API, of every thing."""
    for endpoint in table:
        if endpoint.method == "GET":
            kind = endpoint.path.split("/")[2]
            values = {"id": ids.get(kind, []), "domain": ids["domain"], "token": tokens}
            names = PARAMETER.findall(endpoint.path)
            assert len(names) <= 1, f"say how to walk {endpoint.path}"
            if not names:
                yield endpoint.path
            for value in values[names[0]] if names else []:
                yield endpoint.path.replace(f"{{{names[0]}}}", value)

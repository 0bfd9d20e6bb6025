"""A whole deployment, each part a process of its own, and a page with thousands of readers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from aiohttp import ClientError, ClientSession

from benchmarks.product.built import build_read_models
from eventstore.pool import connection
from service.administration import OPERATOR
from service.commands.handler import Origin
from service.commands.organisations import CreateOrganisation
from service.config import Settings
from service.domain.organisation import ORGANISATION
from service.wiring.core import WORKER_TIMEOUT, Core, open_core
from service.wiring.schema import prepare_database
from tests.environment.mails.mail_sink import MailSink, mail_sink
from tests.environment.rabbitmq import free_ports
from tests.environment.waiting import eventually
from tests.faults.product import SECRET_KEY
from tests.faults.program import START_SECONDS, Program
from tests.service.client import Client
from tests.workers.crowd import crowd
from tests.workers.subscribers import ORGANISATION_ID, Subscribers
from workers.projections.registry import PROJECTIONS

REACTIONS = (*PROJECTIONS, "confirmations", "erasure", "notifications", "timers")
PLANNED = "SELECT extract(epoch FROM done_at - happened_at)::float FROM notify.plans WHERE page_id = $1"


@dataclass(frozen=True, slots=True)
class Page:
    """`addresses`: its readers'."""

    page_id: UUID
    component_id: UUID
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class FanOut:
    """`large` has readers by the thousand, `small` has ten, and `busy`, which is read and written, one."""

    core: Core
    owner: Client
    sink: MailSink
    planner: Program
    deliverer: Program
    large: Page
    small: Page
    busy: Page

    @property
    def readers(self) -> int:
        """Of all pages."""
        return sum(len(page.addresses) for page in (self.large, self.small, self.busy))

    async def warm_up(self) -> None:
        """Every program is at work once the busy page's only reader has been told of something."""
        await eventually(partial(_answers, self.owner), 2 * START_SECONDS, "the API answering")
        await self.open_incident(self.busy)

        async def is_told() -> bool:
            return await self.sink.progress() == 1

        await eventually(is_told, 2 * START_SECONDS, "the first mail")

    async def open_incident(self, page: Page) -> None:
        body = {"name": "Slow answers", "body": "We look into it."}
        answer = await self.owner.post(f"/v1/statuspage/{page.page_id}/incident", body)
        assert answer.status == 201, answer.json

    async def planned(self, page: Page) -> float:
        """Seconds from the incident to the last delivery's row."""
        async with connection(self.core.pool) as conn:
            return float(await conn.fetchval(PLANNED, page.page_id))


@asynccontextmanager
async def fan_out(folder: Path, dsn: str, readers: int) -> AsyncIterator[FanOut]:
    """Everything is at work; the large and the small page have had no news yet."""
    await prepare_database(dsn)
    settings = {"DATABASE_URL": dsn, "STATUSPAGES_SECRET_KEY": SECRET_KEY, "STATUSPAGES_LOG_LEVEL": "warning"}
    async with AsyncExitStack() as stack:
        start = stack.enter_async_context
        core = await start(open_core(Settings.model_validate(settings), "tests", WORKER_TIMEOUT))
        large, small, busy = [await _page(core, count) for count in (readers, 10, 1)]
        token = await _organisation(core)
        await build_read_models(core)
        sink, session = await start(mail_sink(folder, "mails")), await start(ClientSession())
        [port] = free_ports(1)
        await start(Program("api", ["api", "--port", str(port)], settings, folder))
        await start(Program("reactions", ["worker", *REACTIONS], settings, folder))
        planner = await start(Program("planner", ["worker", "planner"], settings, folder))
        sending = settings | {"SMTP_URL": sink.url}
        deliverer = await start(Program("deliverer", ["worker", "deliverer"], sending, folder))
        owner = Client(session, f"http://127.0.0.1:{port}", token)
        room = FanOut(core, owner, sink, planner, deliverer, large, small, busy)
        await room.warm_up()
        yield room


async def _answers(owner: Client) -> bool:
    try:
        return await owner.is_known()
    except ClientError:
        return False


async def _page(core: Core, readers: int) -> Page:
    subscribers, component_id = Subscribers(core.pool), uuid4()
    page_id = await subscribers.page("Acme", component_id)
    addresses = await crowd(subscribers, page_id, readers)
    return Page(page_id, component_id, frozenset(addresses.values()))


async def _organisation(core: Core) -> str:
    """The token of the one that the pages are of."""
    command = CreateOrganisation(ORGANISATION_ID, "Acme", core.clock())
    await core.commands.run(Origin(uuid4(), OPERATOR), ORGANISATION.stream(ORGANISATION_ID), command)
    return (await core.administration.issue_token(ORGANISATION_ID)).secret

"""The public side on a real socket, over read models in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, web
from multidict import CIMultiDictProxy
from prometheus_client import CollectorRegistry

from service.http.addresses import client_address
from service.http.metrics import Requests
from service.http.middleware import edge
from service.http.server import new_application, serve
from service.public.page import ReadModels, mount_public
from tests.service.public.document import Document, read
from tests.service.public.fakes import MemoryArticles, MemoryHistory, MemoryPages, SteppedClock


@dataclass(frozen=True, slots=True)
class Shown:
    status: int
    headers: CIMultiDictProxy[str]
    html: str

    @property
    def document(self) -> Document:
        return read(self.html)


@dataclass(frozen=True, slots=True)
class Site:
    pages: MemoryPages
    history: MemoryHistory
    incidents: MemoryArticles
    maintenances: MemoryArticles
    clock: SteppedClock
    visitor: "Visitor"

    async def show(self, view_subdomain: str, **headers: str) -> Shown:
        return await self.visitor.get(f"/p/{view_subdomain}", **headers)


@dataclass(frozen=True, slots=True)
class Visitor:
    session: ClientSession
    base_url: str

    async def get(self, path: str, *, method: str = "GET", **headers: str) -> Shown:
        """Header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, self.base_url + path, headers=sent) as response:
            return Shown(response.status, response.headers, await response.text())


def application(models: ReadModels, clock: SteppedClock) -> web.Application:
    app = new_application(edge(Requests(CollectorRegistry())))
    mount_public(app, models, clock, "status.test", lambda request: client_address(request, ()))
    return app


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    pages, history, clock = MemoryPages(), MemoryHistory(), SteppedClock()
    incidents, maintenances = MemoryArticles(), MemoryArticles()
    models = ReadModels(pages, history, incidents, maintenances)
    server = await serve(application(models, clock), "127.0.0.1", 0)
    async with ClientSession() as session:
        try:
            visitor = Visitor(session, f"http://127.0.0.1:{server.port}")
            yield Site(pages, history, incidents, maintenances, clock, visitor)
        finally:
            await server.stop()

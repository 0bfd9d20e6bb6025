"""The toy product, listening on a real socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from service.http.call import Caller
from service.http.kernel import Kernel
from service.http.server import serve
from tests.service.http.fakes import OURS, THEIRS, FakeAuthenticator, FakeFreshness, MemoryKeys
from tests.service.http.toy import Counters, toy_application

SECRET = b"a secret of the tests, thirty-two bytes long"


@dataclass
class Service:
    """`http` speaks to it with a token that has every scope it needs."""

    http: aiohttp.ClientSession
    counters: Counters
    authenticator: FakeAuthenticator
    freshness: FakeFreshness
    keys: Any
    port: int

    async def create(self, **fields: Any) -> dict[str, Any]:
        body = {"name": "Visits", "colour": "red", **fields}
        async with self.http.post("/v1/counter", json=body, headers={"Prefer": "wait=0"}) as response:
            assert response.status == 201
            created: dict[str, Any] = (await response.json())["counter"]
            return created

    async def create_waiting(self) -> str:
        """The Preference-Applied of a write that is ready to wait for ten seconds."""
        body = {"name": "Visits", "colour": "red"}
        async with self.http.post("/v1/counter", json=body, headers={"Prefer": "wait=10"}) as response:
            return response.headers["Preference-Applied"]

    async def status_of(self, path: str, headers: dict[str, str]) -> int:
        async with self.http.get(path, headers=headers) as response:
            return response.status


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[int]:
    server = await serve(app, "127.0.0.1", 0)
    try:
        yield server.port
    finally:
        await server.stop()


@asynccontextmanager
async def toy_service(keys: Any = None, **kernel: Any) -> AsyncIterator[Service]:
    counters, freshness, kept = Counters(), FakeFreshness(), keys or MemoryKeys()
    authenticator = FakeAuthenticator(
        {
            "sp_ours": Caller(OURS, uuid4(), frozenset({"c:read", "c:write"})),
            "sp_theirs": Caller(THEIRS, uuid4(), frozenset({"c:read", "c:write"})),
            "sp_reader": Caller(OURS, uuid4(), frozenset({"c:read"})),
            "sp_admin": Caller(OURS, uuid4(), frozenset({"admin"})),
        }
    )
    proxies = (ip_network("127.0.0.1/32"),)
    ports = Kernel(authenticator, freshness, kept, SECRET, **{"proxies": proxies, **kernel})
    async with listening(toy_application(counters, ports)) as port:
        session = aiohttp.ClientSession(
            f"http://127.0.0.1:{port}", headers={"Authorization": "Bearer sp_ours"}, auto_decompress=False
        )
        async with session as http:
            yield Service(http, counters, authenticator, freshness, kept, port)


@pytest.fixture(scope="module")
async def service() -> AsyncIterator[Service]:
    async with toy_service(body_timeout=0.5) as running:
        yield running

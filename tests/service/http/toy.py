"""A small product on the real HTTP kernel: counters that can be made, read, set and deleted."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from pydantic import Field, field_validator

from eventstore.store import StoreUnavailable
from service.commands.handler import TooManyConflicts
from service.domain import errors
from service.http.call import Call, Reply
from service.http.docs.page import mount_docs
from service.http.kernel import Kernel
from service.http.metrics import Requests
from service.http.middleware import edge
from service.http.mounting import Role, mount
from service.http.openapi import openapi
from service.http.operations import Check, mount_operations
from service.http.routing import Endpoint
from service.http.schemas.base import Answer, Body, Id, Page, Timestamp
from service.http.server import new_application


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(Body):
    label: str = Field(min_length=1, max_length=20)
    weight: int | None = Field(default=None, ge=0, le=1000)


class NewCounter(Body):
    name: str = Field(min_length=1, max_length=100)
    colour: Colour
    start: int = Field(default=0, ge=-1000, le=1000)
    active: bool = True
    owner: Id | None = None
    at: Timestamp | None = None
    parts: list[Part] = Field(default_factory=list, max_length=10)
    limit: int | Colour | None = None
    notes: dict[str, Any] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _not_forbidden(cls, value: str) -> str:
        if value == "forbidden":
            raise ValueError("must be another name")
        return value


class SetCounter(Body):
    value: int


class Counter(Answer):
    id: Id
    name: str
    value: int


class CounterAnswer(Answer):
    counter: Counter


class CountersAnswer(Answer):
    counters: list[Counter]
    next_cursor: str | None


class MessageAnswer(Answer):
    message: str


@dataclass
class Stored:
    organisation_id: UUID
    name: str
    value: int
    version: int


REJECTIONS: Mapping[str, Callable[[], Exception]] = {
    "not-found": lambda: errors.NotFound("the detail that must not differ"),
    "gone": lambda: errors.Gone("It expired."),
    "name-taken": lambda: errors.NameTaken("subdomain", "acme"),
    "not-allowed": lambda: errors.NotAllowed("It is closed."),
    "version": lambda: errors.VersionMismatch(7),
    "invalid": lambda: errors.Invalid([errors.Fault("/a", "bad", "Bad."), errors.Fault("/b", "bad", "Bad.")]),
    "too-many": lambda: errors.TooMany("Slow down.", 30),
    "unavailable": lambda: StoreUnavailable("postgresql://secret@host"),
    "conflicts": TooManyConflicts,
    "timeout": TimeoutError,
    "refused": ConnectionRefusedError,
    "bug": lambda: KeyError("secret detail"),
}


class Counters:
    """Every write is one more position of the log."""

    def __init__(self) -> None:
        self.stored: dict[UUID, Stored] = {}
        self.position = 0
        self.calls = 0
        self.failure: Exception | None = None
        self.before: Callable[[], Awaitable[None]] | None = None
        self.instead: Callable[[Call], Awaitable[Reply]] | None = None

    async def posted(self, call: Call) -> Reply:
        return await (self.instead or self.create)(call)

    async def create(self, call: Call) -> Reply:
        """Makes a counter. The same command makes the same one."""
        self.calls += 1
        if self.before is not None:
            await self.before()
        if self.failure is not None:
            raise self.failure
        counter_id = uuid5(call.command_id, "counter")
        if not (call.repeatable and counter_id in self.stored):
            self.stored[counter_id] = Stored(call.organisation_id, call.body.name, call.body.start, 1)
            self.position += 1
        location = {"Location": f"/v1/counter/{counter_id}"}
        return Reply(201, self._shown(counter_id), "v1", self.position, location)

    async def estimate(self, call: Call) -> Reply:
        """What making a counter would come to. It makes none."""
        self.calls += 1
        return Reply(200, {"message": f"{call.body.name} no. {self.calls}"})

    async def get(self, call: Call) -> Reply:
        """One counter."""
        stored = self._own(call)
        return Reply(200, self._shown(call.ids["id"]), f"v{stored.version}-p{self.position}")

    async def overview(self, call: Call) -> Reply:
        """All counters."""
        counters = [self._shown(one)["counter"] for one in self.stored]
        return Reply(200, {"counters": counters[: call.query.limit], "next_cursor": None})

    async def set(self, call: Call) -> Reply:
        stored = self._own(call)
        if call.if_match not in (None, stored.version):
            raise errors.VersionMismatch(stored.version)
        stored.value, stored.version = call.body.value, stored.version + 1
        self.position += 1
        return Reply(200, self._shown(call.ids["id"]), f"v{stored.version}", self.position)

    async def delete(self, call: Call) -> Reply:
        self._own(call)
        del self.stored[call.ids["id"]]
        self.position += 1
        return Reply(200, {"message": "Deleted."}, None, self.position)

    async def confirm(self, call: Call) -> Reply:
        return Reply(200, {"message": f"{call.path['token']} from {call.remote}"})

    async def reject(self, call: Call) -> Reply:
        raise REJECTIONS[call.path["kind"]]()

    async def suggest(self, call: Call) -> Reply:
        self.calls += 1
        return Reply(201, {"message": f"Thank you, {call.body.name}."})

    def _own(self, call: Call) -> Stored:
        stored = self.stored.get(call.ids["id"])
        if stored is None or stored.organisation_id != call.organisation_id:
            raise errors.NotFound("no such counter")
        return stored

    def _shown(self, counter_id: UUID) -> dict[str, Any]:
        stored = self.stored[counter_id]
        return {"counter": {"id": str(counter_id), "name": stored.name, "value": stored.value}}

    def endpoints(self) -> list[Endpoint]:
        one, message = {200: CounterAnswer}, {200: MessageAnswer}
        return [
            _row("POST", "/v1/counter", self.posted, "c:write", {201: CounterAnswer}, body=NewCounter),
            _row("POST", "/v1/estimate", self.estimate, "c:write", message, body=NewCounter, safe=True),
            _row("GET", "/v1/counters", self.overview, "c:read", {200: CountersAnswer}, query=Page),
            _row("GET", "/v1/counter/{id}", self.get, "c:read", one),
            _row("PUT", "/v1/counter/{id}", self.set, "c:write", one, body=SetCounter),
            _row("DELETE", "/v1/counter/{id}", self.delete, "c:write", message),
            _row("PUT", "/v1/confirmation/{token}", self.confirm, None, message),
            _row("GET", "/v1/rejection/{kind}", self.reject, None, message),
            _row("POST", "/v1/suggestion", self.suggest, None, {201: MessageAnswer}, body=NewCounter),
        ]


def _row(
    method: str,
    path: str,
    handler: Callable[[Call], Awaitable[Reply]],
    scope: str | None,
    answers: Mapping[int, Any],
    **more: Any,
) -> Endpoint:
    summary = f"{method.title()} {path}"
    return Endpoint(
        method=method,
        path=path,
        handler=handler,
        summary=summary,
        scope=scope,
        answers=answers,
        tag="T",
        **more,
    )


async def no_metrics() -> Sequence[Metric]:
    return []


def toy_application(
    counters: Counters, kernel: Kernel, role: Role = "all", needed: Mapping[str, Check] | None = None
) -> web.Application:
    registry = CollectorRegistry()
    app = new_application(edge(Requests(registry)))
    endpoints = counters.endpoints()
    mount(app, endpoints, role, kernel)
    mount_docs(app, openapi(endpoints, "1.0", "http://localhost"))
    mount_operations(app, needed or {}, {}, registry, no_metrics)
    return app

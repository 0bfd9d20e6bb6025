"""One request as its handler sees it, and what the handler answers."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web

from service.http.addresses import TrustedProxies, client_address
from service.http.request_ids import correlation_id

NO_COMMAND = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a token speaks for."""

    organisation_id: UUID
    token_id: UUID
    scopes: frozenset[str]


@dataclass(slots=True)
class Call:
    """One request, parsed and allowed.

    `body` and `query` are instances of the endpoint's models, None where it has none. `if_match` is the
    number of the one ETag in If-Match; None when there is no such header, or it is `*`, which asks only that
    the thing exists. `wait` is in seconds. `repeatable`: an earlier attempt with the same Idempotency-Key may
    have been recorded under this command id.
    """

    request: web.Request
    request_id: str
    caller: Caller | None
    path: Mapping[str, str]
    ids: Mapping[str, UUID]
    proxies: TrustedProxies = ()
    query: Any = None
    body: Any = None
    if_match: int | None = None
    idempotency_key: str | None = None
    command_id: UUID = NO_COMMAND
    repeatable: bool = False
    wait: float = 1.0

    @property
    def organisation_id(self) -> UUID:
        """The caller's organisation. Only endpoints that require a scope have one."""
        if self.caller is None:
            raise LookupError("an anonymous call belongs to no organisation")
        return self.caller.organisation_id

    @property
    def remote(self) -> str:
        """The client's address, seen through trusted proxies."""
        return client_address(self.request, self.proxies)

    @property
    def correlation_id(self) -> UUID:
        return correlation_id(self.request_id)


@dataclass(slots=True)
class Reply:
    """`body`: bytes of JSON, or something that becomes JSON. `etag`: without its quotes.

    `position`: the log's position that a write reached, or that a read shows. `live`: instead of a body,
    server-sent events that go on for as long as the caller stays.
    """

    status: int = 200
    body: bytes | Mapping[str, Any] | None = None
    etag: str | None = None
    position: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    live: AsyncGenerator[bytes, None] | None = None

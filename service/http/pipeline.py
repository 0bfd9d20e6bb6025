"""From request to response, for every endpoint: the checks in their one order, the handler, the headers."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from uuid import UUID, uuid4

from aiohttp import hdrs, web
from pydantic import BaseModel

from service.http.authentication import bearer_token, check_scope
from service.http.bodies import read_body
from service.http.call import Call, Caller
from service.http.conditions import if_match
from service.http.consistency import MINIMUM, fresh_enough, preferred_wait
from service.http.idempotency.once import idempotency_key, once
from service.http.kernel import Kernel
from service.http.live.hold import hold
from service.http.problems import (
    INVALID_PATH_PARAMETER,
    FieldError,
    Problem,
    expectation_failed,
)
from service.http.replies import read_response, write_response
from service.http.routing import Endpoint
from service.http.schemas.base import is_uuid
from service.http.validation import parse_body, parse_query
from service.logs import current_request

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serving(endpoint: Endpoint, kernel: Kernel) -> Handler:
    """The aiohttp handler of an endpoint. What it raises, the middleware answers."""
    return _reading(endpoint, kernel) if endpoint.side == "query" else _writing(endpoint, kernel)


def _reading(endpoint: Endpoint, kernel: Kernel) -> Handler:
    async def read(request: web.Request) -> web.StreamResponse:
        call = await _call(request, endpoint, kernel)
        if MINIMUM in request.headers:
            await fresh_enough(request, kernel.freshness)
        reply = await endpoint.handler(call)
        if reply.live is not None:
            return await hold(call, kernel, reply.live)
        return read_response(request, reply)

    return read


def _writing(endpoint: Endpoint, kernel: Kernel) -> Handler:
    async def write(request: web.Request) -> web.StreamResponse:
        call = await _call(request, endpoint, kernel)
        raw = await _read(request, endpoint, kernel, call)
        call.if_match = if_match(request.headers.get(hdrs.IF_MATCH))
        key = idempotency_key(request)
        call.idempotency_key = None if endpoint.safe else key
        call.command_id, call.wait = uuid4(), preferred_wait(request)
        return await write_response(kernel.freshness, call, await once(kernel, endpoint, call, raw))

    return write


async def _read(request: web.Request, endpoint: Endpoint, kernel: Kernel, call: Call) -> bytes:
    """The raw body; what the handler gets of it is in the call then."""
    raw = b""
    if endpoint.body is not None:
        raw = await read_body(request, kernel.body_timeout)
        call.body = parse_body(endpoint.body, raw)
    elif endpoint.text is not None:
        raw = call.body = await read_body(request, kernel.body_timeout, endpoint.text)
    return raw


async def _call(request: web.Request, endpoint: Endpoint, kernel: Kernel) -> Call:
    caller: Caller | None = None
    if endpoint.scope is not None:
        caller = await kernel.authenticator.authenticate(bearer_token(request))
        check_scope(caller, endpoint.scope)
    path = request.match_info
    call = Call(request, current_request.get() or "", caller, path, _ids(path, endpoint.ids), kernel.proxies)
    if request.rel_url.raw_query_string:
        call.query = parse_query(endpoint.query, request.rel_url.query.items())
    elif endpoint.query is not None:
        call.query = _without_parameters(endpoint.query)
    return call


def _ids(path: web.UrlMappingMatchInfo, names: tuple[str, ...]) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    for name in names:
        if name in path:
            found = canonical_uuid(path[name])
            if found is None:
                raise _no_uuid(name)
            ids[name] = found
    return ids


def _no_uuid(name: str) -> Problem:
    errors = [FieldError(f"/{name}", "uuid", "Should be a UUID in lower case.")]
    return Problem(INVALID_PATH_PARAMETER, "The path holds no UUID where one belongs.", errors=errors)


@lru_cache
def _without_parameters(query: type[BaseModel]) -> BaseModel | None:
    """One for every call: nobody changes it. Raises Problem where a parameter is required."""
    return parse_query(query, ())


@lru_cache(maxsize=4096)
def canonical_uuid(text: str) -> UUID | None:
    """None for everything but a UUID in lower case with dashes."""
    return UUID(text) if is_uuid(text) else None


async def expect_handler(request: web.Request) -> web.StreamResponse | None:
    """`100 Continue` waits until the caller is known and the body wanted (bodies.py)."""
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        return None
    raise expectation_failed()

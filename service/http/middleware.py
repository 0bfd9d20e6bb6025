"""Around every request: its name, its problem if it has one, a line in the log, a number in the metrics."""

import re
from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog
from aiohttp import hdrs, web

from service.http import request_ids
from service.http.metrics import Requests
from service.http.problems import INTERNAL, MALFORMED_REQUEST, Problem, problem_response
from service.http.rejections import problem_of
from service.http.request_ids import REQUEST_ID
from service.logs import current_request

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Middleware = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?").fullmatch
VERSIONS = ((1, 0), (1, 1))
log = structlog.get_logger()


def edge(requests: Requests) -> Middleware:
    """The application's one middleware."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = perf_counter()
        name = request_ids.request_id(request.headers.get(request_ids.HEADER))
        request[REQUEST_ID] = name
        current_request.set(name)
        response = await _answer(request, handler, name)
        if not response.prepared:
            response.headers[request_ids.HEADER] = name
            response.headers["X-Content-Type-Options"] = "nosniff"
        _record(requests, request, response, perf_counter() - started)
        return response

    return answer


async def _answer(request: web.Request, handler: Handler, name: str) -> web.StreamResponse:
    try:
        _check(request)
        return await handler(request)
    except Exception as error:
        problem = problem_of(error)
        if isinstance(error, web.HTTPException) and (problem is None or error.status < 400):
            return _rebuilt(error)
        if problem is None:
            log.exception("request failed", method=request.method, route=_route(request))
            problem = Problem(INTERNAL, f"Tell us this name of the request: {name}.")
        return problem_response(problem, name)


def _check(request: web.Request) -> None:
    if request.version not in VERSIONS:
        raise Problem(MALFORMED_REQUEST, "Speak HTTP/1.1.", close=True)
    host = request.headers.get(hdrs.HOST)
    if host is not None and not HOST(host):
        raise Problem(MALFORMED_REQUEST, "The Host header names no host.", close=True)


def _rebuilt(error: web.HTTPException) -> web.Response:
    """A redirect or the like that a handler raised."""
    return web.Response(status=error.status, headers=error.headers, body=error.body)


def _record(requests: Requests, request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    route = _route(request)
    requests.observe(route, request.method, response.status, seconds)
    quiet = response.status < 400 and request.method in ("GET", "HEAD")
    if not quiet:
        shown = round(seconds * 1000, 1)
        log.info("answered", method=request.method, route=route, status=response.status, milliseconds=shown)


def _route(request: web.Request) -> str:
    """The route's template, never the path: paths hold tokens, and are too many for a metric."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"

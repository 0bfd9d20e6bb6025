"""Around every request: its name, its problem if it has one, a line in the log, a number in the metrics."""

import re
from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog
from aiohttp import hdrs, web

from service.http.metrics import Requests
from service.http.problems import INTERNAL, MALFORMED_REQUEST, Problem, problem_response
from service.http.rejections import problem_of
from service.http.rendered import RenderedResponse
from service.http.request_ids import HEADER, request_id, stamp
from service.logs import current_request

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Edge = Callable[[Handler], Handler]
HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?").fullmatch
VERSIONS = ((1, 0), (1, 1))
log = structlog.get_logger()


def edge(requests: Requests) -> Edge:
    """Wraps the whole application, its router included, so that nothing is answered but through here."""

    def around(handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            started = perf_counter()
            name = request_id(request.headers.get(HEADER))
            current_request.set(name)
            try:
                _check(request)
                response = await handler(request)
            except Exception as error:  # noqa: BLE001 - the one place: nobody sees a stack trace
                response = _refusal(error, request, name)
            if not (isinstance(response, RenderedResponse) or response.prepared):
                stamp(response, name)
            _record(requests, request, response, perf_counter() - started)
            return response

        return answer

    return around


def _check(request: web.Request) -> None:
    if request.version not in VERSIONS:
        raise Problem(MALFORMED_REQUEST, "Speak HTTP/1.1.", close=True)
    host = request.headers.get(hdrs.HOST)
    if host is not None and not HOST(host):
        raise Problem(MALFORMED_REQUEST, "The Host header names no host.", close=True)


def _refusal(error: Exception, request: web.Request, name: str) -> web.Response:
    problem = problem_of(error)
    if isinstance(error, web.HTTPException) and (problem is None or error.status < 400):
        return web.Response(status=error.status, headers=error.headers, body=error.body)
    if problem is None:
        log.exception("request failed", method=request.method, route=_route(request))
        problem = Problem(INTERNAL, f"Tell us this name of the request: {name}.")
    return problem_response(problem, name)


def _record(requests: Requests, request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    route, method, status = _route(request), request.method, response.status
    requests.observe(route, method, status, seconds)
    if status >= 400 or method not in ("GET", "HEAD"):
        log.info("answered", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1))


def _route(request: web.Request) -> str:
    """The route's template, never the path: paths hold tokens, and are too many for a metric."""
    match = request._match_info  # the public name insists that there is one; a refused Host has none
    resource = match.route.resource if match is not None else None
    return resource.canonical if resource is not None else "unmatched"

"""The listening side: limits of connections, refusals of what is no HTTP, an orderly stop."""

from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod
from aiohttp.http_parser import HttpRequestParser, HttpRequestParserPy

from service.http import request_ids
from service.http.bodies import LARGEST
from service.http.middleware import Edge
from service.http.path_tree import short_way
from service.http.problems import INTERNAL, MALFORMED_REQUEST, METHOD_NOT_ALLOWED, Problem, problem_response

log = structlog.get_logger()
STOP_SECONDS = 10.0
BACKLOG = 4096
LONGEST_HEADER = 16 * 1024
"""Above the parser's default, so that an absurdly long token is a bad token rather than a bad request."""
METHODS = {"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"}
CONNECTION: dict[str, Any] = {
    "keepalive_timeout": 20.0,
    "lingering_time": 2.0,
    "auto_decompress": False,
    "max_field_size": LONGEST_HEADER,
    "access_log": None,
}


EDGE: web.AppKey[Edge] = web.AppKey("edge")


def new_application(edge: Edge) -> web.Application:
    """`edge` goes around the application as a whole when it is served."""
    app = web.Application(client_max_size=LARGEST)
    app[EDGE] = edge
    return app


@dataclass(slots=True)
class Server:
    """`port`: the one that was bound, also when 0 was asked for."""

    port: int
    _runner: web.AppRunner

    async def stop(self) -> None:
        """Accept nothing more, let the requests in flight finish, at most 10 s. Streams are closed by the
        application's on_shutdown hooks."""
        await self._runner.cleanup()


async def serve(app: web.Application, host: str, port: int, *, reuse_port: bool = False) -> Server:
    """Start to answer. Raises OSError when the address cannot be bound."""
    if HttpRequestParser is HttpRequestParserPy:
        log.warning("aiohttp runs without its C parser; the Python one is slower and more lenient")
    runner = _Runner(app, shutdown_timeout=STOP_SECONDS / 2, **CONNECTION)
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=BACKLOG, reuse_port=reuse_port or None)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return Server(runner.addresses[0][1], runner)


class _Runner(web.AppRunner):
    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        long_way: Any = server.request_handler
        handler: Any = self.app[EDGE](short_way(self.app, long_way))
        return _Listener(handler, request_factory=server.request_factory, **CONNECTION)


class _Listener(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **CONNECTION)


class _Connection(web.RequestHandler):
    """Answers what aiohttp's parser refuses: aiohttp would repeat the bytes in plain text."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer is sent already")
        if status >= 500:
            log.error("request failed outside the handlers", exc_info=exc)
        name = request_ids.request_id(None)
        response = problem_response(_problem(status, exc), name)
        request_ids.stamp(response, name)
        return response


def _problem(status: int, exc: BaseException | None) -> Problem:
    if isinstance(exc, BadHttpMethod):
        return Problem(METHOD_NOT_ALLOWED, "The method is not known.", headers=METHODS, close=True)
    if status < 500:
        return Problem(MALFORMED_REQUEST, "This is no HTTP/1.1 request.", close=True)
    return Problem(INTERNAL, "The request could not be answered.", close=True)

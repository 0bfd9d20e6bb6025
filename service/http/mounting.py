"""How the table of endpoints becomes routes."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Literal

from aiohttp import web

from service.http.kernel import Kernel
from service.http.pipeline import expect_handler, serving
from service.http.routing import Endpoint

Role = Literal["query", "command", "all"]
QUERY_PREFIX = "/statuspage-query"
COMMAND_PREFIX = "/statuspage-cmd"
"""The two base URLs that clients of the original service have."""


def mount(app: web.Application, endpoints: Iterable[Endpoint], role: Role, kernel: Kernel) -> None:
    """Add the role's endpoints to the application, each /v1 path also under its prefix."""
    by_path: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        if role in ("all", endpoint.side):
            for placed in _places(endpoint):
                by_path.setdefault(placed.path, []).append(placed)
    for path, at_path in by_path.items():
        _mount_path(app, path, at_path, kernel)


def _places(endpoint: Endpoint) -> list[Endpoint]:
    if not endpoint.path.startswith("/v1/"):
        return [endpoint]
    prefix = QUERY_PREFIX if endpoint.side == "query" else COMMAND_PREFIX
    return [endpoint, replace(endpoint, path=prefix + endpoint.path)]


def _mount_path(app: web.Application, path: str, endpoints: list[Endpoint], kernel: Kernel) -> None:
    # A parameter takes every character, so that a wrong one is refused by name rather than not found.
    resource = app.router.add_resource(path.replace("}", ":[^/]+}"))
    methods = {"OPTIONS"}
    for endpoint in endpoints:
        handler = serving(endpoint, kernel)
        for method in ("GET", "HEAD") if endpoint.method == "GET" else (endpoint.method,):
            resource.add_route(method, handler, expect_handler=expect_handler)
            methods.add(method)
    resource.add_route("OPTIONS", _options(", ".join(sorted(methods))))


def _options(allow: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def options(_: web.Request) -> web.Response:
        return web.Response(status=204, headers={"Allow": allow})

    return options

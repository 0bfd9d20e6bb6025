"""How the table of endpoints becomes routes."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Literal

from aiohttp import web

from service.http.kernel import Kernel
from service.http.path_tree import PathTree
from service.http.pipeline import expect_handler, serving
from service.http.routing import Endpoint

Role = Literal["query", "command", "all"]
QUERY_PREFIX = "/statuspage-query"
COMMAND_PREFIX = "/statuspage-cmd"
"""The two base URLs that clients of the original service have."""


def mount(app: web.Application, endpoints: Iterable[Endpoint], role: Role, kernel: Kernel) -> None:
    """Add the role's endpoints to the application, each /v1 path also under its prefix."""
    tree, methods = PathTree(), defaultdict[str, set[str]](lambda: {"OPTIONS"})
    for endpoint in endpoints:
        if role in ("all", endpoint.side):
            for placed in _places(endpoint):
                methods[placed.path] |= _add(tree, placed, kernel)
    for path, allowed in methods.items():
        tree.add(path, "OPTIONS", _options(", ".join(sorted(allowed))))
    app.router.register_resource(tree)
    app.on_shutdown.append(_ending(kernel))


def _ending(kernel: Kernel) -> Callable[[web.Application], Awaitable[None]]:
    async def end(_: web.Application) -> None:
        kernel.live.close()

    return end


def _places(endpoint: Endpoint) -> list[Endpoint]:
    if not endpoint.path.startswith("/v1/"):
        return [endpoint]
    prefix = QUERY_PREFIX if endpoint.side == "query" else COMMAND_PREFIX
    return [endpoint, replace(endpoint, path=prefix + endpoint.path)]


def _add(tree: PathTree, endpoint: Endpoint, kernel: Kernel) -> set[str]:
    handler = serving(endpoint, kernel)
    methods = {"GET", "HEAD"} if endpoint.method == "GET" else {endpoint.method}
    for method in methods:
        tree.add(endpoint.path, method, handler, expect_handler)
    return methods


def _options(allow: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def options(_: web.Request) -> web.Response:
        return web.Response(status=204, headers={"Allow": allow})

    return options

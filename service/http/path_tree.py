"""The API's paths as one aiohttp resource: a look-up per segment, however many paths there are.

aiohttp's own router tries the patterns below a common prefix one after the other; nearly all of ours begin
with /v1/statuspage/{id}.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from aiohttp import hdrs, web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    leaf: "_Leaf | None" = None


@dataclass(slots=True)
class _Leaf:
    """One path: the names of its parameters, and aiohttp's routes by method."""

    names: tuple[str, ...]
    resource: web.Resource
    routes: dict[str, web.ResourceRoute] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)


class PathTree(web.AbstractResource):
    """A literal segment goes before a parameter; a parameter takes any text but the empty one."""

    def __init__(self) -> None:
        super().__init__()
        self._root = _Node()
        self._leaves: list[_Leaf] = []

    def add(self, path: str, method: str, handler: Handler, expect_handler: Any = None) -> None:
        """Answer `method` on `path`, where `{name}` is a parameter."""
        leaf = self._leaf(path)
        route = leaf.resource.add_route(method, handler, expect_handler=expect_handler)
        leaf.routes[method] = route
        leaf.methods.add(method)

    def _leaf(self, path: str) -> _Leaf:
        node, names = self._root, []
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(segment, _Node())
        if node.leaf is None:
            node.leaf = _Leaf(tuple(names), web.DynamicResource(path) if names else web.PlainResource(path))
            self._leaves.append(node.leaf)
        return node.leaf

    async def resolve(self, request: web.Request) -> tuple[web.UrlMappingMatchInfo | None, set[str]]:
        values: list[str] = []
        leaf = self._find(request.rel_url.path_safe, values)
        if leaf is None:
            return None, set()
        route = leaf.routes.get(request.method)
        if route is None:
            return None, leaf.methods
        found = dict(zip(leaf.names, values, strict=True))
        return web.UrlMappingMatchInfo(found, route), leaf.methods

    def _find(self, path: str, values: list[str]) -> _Leaf | None:
        """The leaf; the parameters' values are appended to `values`."""
        node = self._root
        for segment in path.split("/")[1:]:
            found = node.literal.get(segment)
            if found is None and segment:
                found = node.parameter
                values.append(_unquoted(segment))
            if found is None:
                return None
            node = found
        return node.leaf

    @property
    def canonical(self) -> str:
        return "/"

    def __iter__(self) -> Iterator[web.AbstractRoute]:
        return (route for leaf in self._leaves for route in leaf.routes.values())

    def __len__(self) -> int:
        return sum(len(leaf.routes) for leaf in self._leaves)

    def get_info(self) -> Any:
        return {"path": self.canonical}

    def raw_match(self, path: str) -> bool:
        return False

    def add_prefix(self, prefix: str) -> NoReturn:
        raise NotImplementedError("the API is not mounted below another path")

    def url_for(self, **_: str) -> NoReturn:
        raise NotImplementedError("the tree is many paths")


def short_way(app: web.Application, long_way: Handler) -> Handler:
    """Answers what the tree knows at once, and leaves the rest to aiohttp's router.

    What aiohttp does between its server and a handler takes as long as our handler for a read.
    """
    tree = next((one for one in app.router.resources() if isinstance(one, PathTree)), None)
    if tree is None:
        return long_way

    async def handle(request: web.Request) -> web.StreamResponse:
        match, _ = await tree.resolve(request)
        if match is None or hdrs.EXPECT in request.headers:
            return await long_way(request)
        match.add_app(app)
        match.freeze()
        request._match_info = match
        return await match.handler(request)

    return handle


def _unquoted(segment: str) -> str:
    """aiohttp has decoded everything but these two, lest they change the path's shape."""
    return segment.replace("%2F", "/").replace("%25", "%") if "%" in segment else segment

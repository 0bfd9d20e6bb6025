"""Finding a path among many."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from service.http.path_tree import PathTree


async def nothing(_: web.Request) -> web.Response:
    return web.Response()


@pytest.fixture
def tree() -> PathTree:
    found = PathTree()
    for path in (
        "/v1/pages",
        "/v1/page/{id}",
        "/v1/page/{id}/parts",
        "/v1/page/{id}/part/{part_id}",
        "/v1/page/new",
    ):
        found.add(path, "GET", nothing)
    found.add("/v1/page/{id}", "PUT", nothing)
    return found


async def resolve(
    tree: PathTree, path: str, method: str = "GET"
) -> tuple[str | None, dict[str, Any], set[str]]:
    match, allowed = await tree.resolve(make_mocked_request(method, path))
    resource = match.route.resource if match is not None else None
    return (resource.canonical if resource else None), dict(match or {}), allowed


@pytest.mark.parametrize(
    ("path", "canonical", "values"),
    [
        ("/v1/pages", "/v1/pages", {}),
        ("/v1/page/7", "/v1/page/{id}", {"id": "7"}),
        ("/v1/page/new", "/v1/page/new", {}),
        ("/v1/page/7/parts", "/v1/page/{id}/parts", {"id": "7"}),
        ("/v1/page/7/part/8", "/v1/page/{id}/part/{part_id}", {"id": "7", "part_id": "8"}),
        ("/v1/page/a%2Fb%2525%20c", "/v1/page/{id}", {"id": "a/b%25 c"}),
        ("/v1/page/..", "/v1/page/{id}", {"id": ".."}),
    ],
)
async def test_a_path_is_found_with_its_parameters(
    tree: PathTree, path: str, canonical: str, values: dict[str, str]
) -> None:
    assert (await resolve(tree, path))[:2] == (canonical, values)


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v1/pages/", "/v1/page/", "/v1/page//parts", "/v2/pages", "//v1/pages"]
)
async def test_another_path_is_not_found(tree: PathTree, path: str) -> None:
    assert await resolve(tree, path) == (None, {}, set())


async def test_another_method_is_told_the_allowed_ones(tree: PathTree) -> None:
    assert await resolve(tree, "/v1/page/7", "POST") == (None, {}, {"GET", "PUT"})


def test_it_lists_every_route(tree: PathTree) -> None:
    routes = [(route.method, route.resource.canonical) for route in tree if route.resource]
    assert len(routes) == len(tree) == 6
    assert ("PUT", "/v1/page/{id}") in routes

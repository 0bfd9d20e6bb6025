"""The reader of the API's description works without the internet."""

import re

import pytest

from tests.service.http.conftest import Service


async def body(service: Service, path: str) -> tuple[str, str]:
    async with service.http.get(path, headers={"Authorization": ""}) as response:
        assert response.status == 200
        return response.headers["Content-Type"], await response.text()


async def test_everything_the_page_names_is_served_here(service: Service) -> None:
    kind, page = await body(service, "/docs")
    assert kind == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(named) == 4
    for name in named:
        assert ":" not in name
        await body(service, f"/{name}")


async def test_the_browser_may_load_nothing_from_elsewhere(service: Service) -> None:
    async with service.http.get("/docs") as response:
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self';", policy)


async def test_the_description_is_sent_to_nobody_for_checking(service: Service) -> None:
    _, start = await body(service, "/docs/start.js")
    assert "validatorUrl: null" in start
    assert 'url: "openapi.json"' in start


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/docs/swagger-ui.css", "text/css"), ("/docs/swagger-ui-bundle.js", "text/javascript")],
)
async def test_assets_may_be_cached(service: Service, path: str, kind: str) -> None:
    async with service.http.get(path) as response:
        assert response.headers["Content-Type"].startswith(kind)
        assert response.headers["Cache-Control"] == "public, max-age=3600"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/docs/LICENSE", "/docs/../page.py", "/docs/%2e%2e/page.py", "/docs/x.js"])
async def test_nothing_else_is_served(service: Service, path: str) -> None:
    async with service.http.get(path) as response:
        assert response.status == 404

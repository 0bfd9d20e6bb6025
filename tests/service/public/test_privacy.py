"""A private page gives nothing away, whichever way it is asked."""

from typing import Any

import pytest

from service.public.visitors import Visitor, may_see
from service.readmodels.rendering import PageView
from tests.service.public.conftest import Site
from tests.service.public.fakes import changed, component, page

LOOPBACK = ["127.0.0.1"]
PASSWORD = "0f4f7a52-0d29-4b8e-9f32-b1fbbcf7d1c5"


def private(**settings: Any) -> PageView:
    names: dict[str, Any] = {
        "name": "Canary",
        "description": "canary",
        "logo": "https://canary.test/logo.png",
    }
    return page(component("Canary part"), type="private", **names, **settings)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("settings", [{"password_id": PASSWORD}, {"ip_addresses": ["8.8.8.8"]}])
async def test_a_stranger_gets_403_and_no_word_of_the_page(
    site: Site, method: str, settings: dict[str, Any]
) -> None:
    view = site.pages.put(private(**settings))
    shown = await site.visitor.get(f"/p/{view.statuspage['subdomain']}", method=method)
    assert shown.status == 403
    assert "canary" not in f"{shown.html}{shown.headers}".lower()
    assert "ETag" not in shown.headers
    assert shown.headers["Cache-Control"] == "private, no-store"


async def test_the_refusal_says_that_the_page_is_private(site: Site) -> None:
    view = site.pages.put(private(password_id=PASSWORD))
    shown = await site.show(view.statuspage["subdomain"])
    assert "This page is private" in shown.document.text


async def test_a_guessed_etag_gets_no_304(site: Site) -> None:
    view = site.pages.put(page(component("A")))
    etag = (await site.show(view.statuspage["subdomain"])).headers["ETag"]
    site.pages.put(changed(view, type="private", password_id=PASSWORD))
    for known in (etag, "*"):
        assert (await site.show(view.statuspage["subdomain"], If_None_Match=known)).status == 403


async def test_an_allowed_address_sees_the_page_and_no_cache_may_keep_it(site: Site) -> None:
    view = site.pages.put(private(ip_addresses=LOOPBACK))
    shown = await site.show(view.statuspage["subdomain"])
    assert "Canary part" in shown.document.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert shown.headers["X-Robots-Tag"] == "noindex"


async def test_an_address_in_a_header_opens_nothing(site: Site) -> None:
    view = site.pages.put(private(ip_addresses=["8.8.8.8"]))
    headers = {"X_Forwarded_For": "8.8.8.8", "X_Real_IP": "8.8.8.8", "Forwarded": "for=8.8.8.8"}
    assert (await site.show(view.statuspage["subdomain"], **headers)).status == 403


async def test_a_page_that_becomes_private_is_closed_with_the_next_request(site: Site) -> None:
    view = site.pages.put(page(component("A")))
    assert (await site.show(view.statuspage["subdomain"])).status == 200
    site.pages.put(changed(view, type="private", password_id=PASSWORD))
    assert (await site.show(view.statuspage["subdomain"])).status == 403


async def test_a_private_page_stays_closed_while_the_database_is_away(site: Site) -> None:
    view = site.pages.put(private(password_id=PASSWORD))
    await site.show(view.statuspage["subdomain"])
    site.pages.away = site.history.away = True
    assert (await site.show(view.statuspage["subdomain"])).status == 403


GATES: list[tuple[dict[str, Any], str, bool]] = [
    ({"type": "public"}, "203.0.113.5", True),
    ({"ip_addresses": ["203.0.113.0/24"]}, "203.0.113.5", True),
    ({"ip_addresses": ["203.0.113.0/24"]}, "198.51.100.5", False),
    ({"ip_addresses": ["2001:db8::/32", "203.0.113.5"]}, "2001:db8::1", True),
    ({"ip_addresses": ["2001:db8::/32"]}, "203.0.113.5", False),
    ({"ip_addresses": ["203.0.113.5"], "password_protected": True}, "203.0.113.5", False),
    ({"password_protected": True}, "203.0.113.5", False),
    ({"ip_addresses": []}, "203.0.113.5", False),
    ({"type": "something new", "ip_addresses": []}, "203.0.113.5", False),
]


@pytest.mark.parametrize(("gate", "address", "allowed"), GATES)
def test_the_gate(gate: dict[str, Any], address: str, allowed: bool) -> None:
    closed = {"type": "private", "password_protected": False, "ip_addresses": []}
    assert may_see(closed | gate, Visitor(address)) is allowed

"""One rendering for many visitors, and answers that caches can keep."""

import asyncio

from service.domain.values import ComponentStatus
from service.public.copies import RENEW_AFTER
from tests.environment.waiting import eventually
from tests.service.public.conftest import Site
from tests.service.public.fakes import component, page, reported


async def test_a_cold_page_is_rendered_once_for_all_who_come_at_once(site: Site) -> None:
    subdomain = site.pages.put(page(component("A"))).statuspage["subdomain"]
    site.history.open.clear()
    visitors = [asyncio.create_task(site.show(subdomain)) for _ in range(80)]
    await eventually(lambda: site.history.reads > 0)
    site.history.open.set()
    bodies = {shown.html for shown in await asyncio.gather(*visitors)}
    assert (len(bodies), site.history.reads) == (1, 1)


async def test_a_visitor_who_leaves_does_not_take_the_rendering_from_the_others(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    site.history.open.clear()
    first = asyncio.create_task(site.show(subdomain))
    await eventually(lambda: site.history.reads == 1)
    second = asyncio.create_task(site.show(subdomain))
    first.cancel()
    site.history.open.set()
    assert (await second).status == 200


async def test_a_warm_page_costs_no_query(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    for _ in range(5):
        await site.show(subdomain)
    assert (site.pages.lookups, site.history.reads) == (1, 1)


async def test_a_change_shows_at_once(site: Site) -> None:
    view = site.pages.put(page(component("A")))
    before = await site.show(view.statuspage["subdomain"])
    site.pages.put(reported(view, "A", ComponentStatus.MAJOR_OUTAGE))
    after = await site.show(view.statuspage["subdomain"])
    assert "Major outage" in after.document.text
    assert before.headers["ETag"] != after.headers["ETag"]


async def test_an_older_copy_is_served_while_a_new_one_is_made(site: Site) -> None:
    subdomain = site.pages.put(page(component("A"))).statuspage["subdomain"]
    await site.show(subdomain)
    site.clock.now += RENEW_AFTER
    site.history.open.clear()
    assert (await site.show(subdomain)).status == 200
    await eventually(lambda: site.history.reads == 2)
    site.history.open.set()


async def test_a_copy_of_long_ago_is_not_served(site: Site) -> None:
    subdomain = site.pages.put(page(component("A"))).statuspage["subdomain"]
    await site.show(subdomain)
    site.clock.advance(days=2)
    await site.show(subdomain)
    assert site.history.reads == 2


async def test_caches_may_keep_a_public_page_for_moments_and_serve_it_while_we_are_away(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    shown = await site.show(subdomain)
    expected = "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
    assert shown.headers["Cache-Control"] == expected


async def test_who_has_the_page_already_gets_304_without_a_body(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    etag = (await site.show(subdomain)).headers["ETag"]
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = await site.show(subdomain, If_None_Match=known)
        assert (again.status, again.html, again.headers["ETag"]) == (304, "", etag)
        assert "Cache-Control" in again.headers
    for unknown in ('"other"', "no etag at all", etag.strip('"')):
        assert (await site.show(subdomain, If_None_Match=unknown)).status == 200


async def test_head_says_what_get_would(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    got = await site.show(subdomain)
    head = await site.visitor.get(f"/p/{subdomain}", method="HEAD")
    assert (head.status, head.html) == (200, "")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Content-Security-Policy"):
        assert head.headers[name] == got.headers[name]
    assert (await site.visitor.get("/p/nobody", method="HEAD")).status == 404


async def test_headers_of_a_visitor_change_nothing_on_the_page(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    clean = await site.show(subdomain)
    for name in ("X_Forwarded_Host", "X_Forwarded_Proto", "X_Forwarded_Prefix", "X_Original_URL", "Accept"):
        odd = await site.show(subdomain, **{name: "evil.test"})
        assert odd.html == clean.html
    assert (await site.visitor.get(f"/p/{subdomain}?x=<evil>")).html == clean.html


async def test_a_refusal_is_kept_by_no_cache(site: Site) -> None:
    assert (await site.show("nobody")).headers["Cache-Control"] == "no-store"

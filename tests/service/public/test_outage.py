"""Pages are up while the database is down."""

from datetime import timedelta

from service.domain.uptime import Change
from service.domain.values import ComponentStatus
from tests.environment.waiting import eventually
from tests.service.public.conftest import Site
from tests.service.public.fakes import component, component_id, page, reported

AGED = "We cannot reach our data at the moment"


async def test_what_was_shown_last_is_shown_while_the_database_is_away(site: Site) -> None:
    subdomain = site.pages.put(page(component("A"))).statuspage["subdomain"]
    before = await site.show(subdomain)
    site.pages.away = site.history.away = True
    during = await site.show(subdomain)
    assert (during.status, during.html) == (200, before.html)


async def test_the_page_says_its_age_after_a_minute_and_no_more_once_the_database_is_back(site: Site) -> None:
    subdomain = site.pages.put(page(component("A"))).statuspage["subdomain"]

    async def says_its_age() -> bool:
        return AGED in (await site.show(subdomain)).document.text

    assert not await says_its_age()
    site.pages.away = site.history.away = True
    site.clock.advance(seconds=61)
    await eventually(says_its_age)
    assert "24 November 2026, 18:00 UTC" in (await site.show(subdomain)).document.text
    site.pages.away = site.history.away = False
    site.clock.advance(seconds=2)

    async def says_it_no_more() -> bool:
        return not await says_its_age()

    await eventually(says_it_no_more)


async def test_a_change_shows_though_the_statistics_are_away_and_the_bars_stay(site: Site) -> None:
    view = site.pages.put(page(component("A")))
    history = [Change(site.clock() - timedelta(days=3), ComponentStatus.OPERATIONAL)]
    site.history.changes[component_id(view, "A")] = history
    await site.show(view.statuspage["subdomain"])
    site.history.away = True
    site.pages.put(reported(view, "A", ComponentStatus.MAJOR_OUTAGE))
    text = (await site.show(view.statuspage["subdomain"])).document.text
    assert "A Major outage" in text
    assert "100 % uptime" in text


async def test_a_page_first_seen_while_the_statistics_are_away_shows_them_as_unknown(site: Site) -> None:
    subdomain = site.pages.put(page(component("A"))).statuspage["subdomain"]
    site.history.away = True
    shown = await site.show(subdomain)
    assert shown.status == 200
    assert "Uptime unknown" in shown.document.text


async def test_a_page_nobody_has_seen_yet_is_503_in_html(site: Site) -> None:
    subdomain = site.pages.put(page()).statuspage["subdomain"]
    site.pages.away = True
    shown = await site.show(subdomain)
    assert shown.status == 503
    assert "cannot be shown at the moment" in shown.document.text
    assert shown.headers["Retry-After"]
    site.pages.away = False
    assert (await site.show(subdomain)).status == 200

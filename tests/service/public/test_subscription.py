"""The page behind a mail's link: opening it changes nothing, its button does."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.mailing import Confirmation, Mailing, somebody

Form = list[tuple[str, str]] | None


@dataclass(frozen=True)
class Shown:
    status: int
    html: str
    headers: dict[str, str]


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(name='Acme <b>"&"</b>', components=[{"name": "<b>API</b>"}, {"name": "Website"}])


@pytest.fixture
async def mail(post: Mailing, page: dict[str, Any]) -> Confirmation:
    address = somebody()
    await post.subscribe(page, address)
    return await post.mail_to(address)


async def visit(post: Mailing, token: str, method: str = "GET", form: Form = None) -> Shown:
    url = f"{post.deployment.base_url}/subscription/{token}"
    async with post.deployment.session.request(method, url, data=form, allow_redirects=False) as answer:
        return Shown(answer.status, await answer.text(), dict(answer.headers))


async def status(post: Mailing, page: dict[str, Any]) -> str:
    [listed] = (await post.listed(page))["subscriptions"]
    return str(listed["status"])


async def press(post: Mailing, token: str) -> Shown:
    """The button; the read model has it when this returns."""
    shown = await visit(post, token, "POST")
    await post.read_models_are_done()
    return shown


async def test_opening_the_links_changes_nothing(
    post: Mailing, page: dict[str, Any], mail: Confirmation
) -> None:
    head = await post.deployment.core.store.head()
    for method in ("GET", "HEAD", "GET"):
        assert (await visit(post, mail.verify, method)).status == 200
        assert (await visit(post, mail.manage, method)).status == 200
    assert await post.deployment.core.store.head() == head
    assert await status(post, page) == "pending"


async def test_the_button_confirms(post: Mailing, page: dict[str, Any], mail: Confirmation) -> None:
    assert "<button" in (await visit(post, mail.verify)).html
    for _ in range(2):
        shown = await press(post, mail.verify)
        assert (shown.status, "You are subscribed" in shown.html) == (200, True)
    assert await status(post, page) == "verified"
    assert "<button" not in (await visit(post, mail.verify)).html


async def test_the_other_button_unsubscribes(post: Mailing, page: dict[str, Any], mail: Confirmation) -> None:
    await press(post, mail.verify)
    assert "<button" in (await visit(post, mail.manage)).html
    for _ in range(2):
        shown = await press(post, mail.manage)
        assert (shown.status, "You are unsubscribed" in shown.html) == (200, True)
    assert await status(post, page) == "cancelled"
    assert "<button" not in (await visit(post, mail.manage)).html
    assert (await visit(post, mail.verify)).status == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_of_nobodys_is_a_page_that_says_so(post: Mailing, method: str) -> None:
    shown = await visit(post, "guess", method)
    assert shown.status == 404
    assert "<h1>This link leads nowhere</h1>" in shown.html


async def test_a_name_cannot_add_markup(post: Mailing, mail: Confirmation) -> None:
    for token in (mail.verify, mail.manage):
        html = (await visit(post, token)).html
        assert "<b>" not in html
        assert "Acme &lt;b&gt;" in html


async def test_the_page_loads_nothing_sends_no_referrer_and_is_not_kept(
    post: Mailing, mail: Confirmation
) -> None:
    shown = await visit(post, mail.verify)
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Cache-Control"] == "no-store"
    assert "http://" not in shown.html
    assert "https://" not in shown.html
    assert "<script" not in shown.html


async def test_the_page_is_made_for_phones_and_screen_readers(post: Mailing, mail: Confirmation) -> None:
    html = (await visit(post, mail.verify)).html
    assert '<html lang="en">' in html
    assert 'name="viewport"' in html
    assert html.count("<h1>") == html.count("<main>") == 1
    assert 'role="status"' in (await press(post, mail.verify)).html


class TestChoosing:
    async def choose(self, post: Mailing, token: str, *component_ids: str) -> Shown:
        form = [("do", "choose"), *(("component", each) for each in component_ids)]
        shown = await visit(post, token, "POST", form)
        await post.read_models_are_done()
        return shown

    async def chosen(self, post: Mailing, page: dict[str, Any]) -> list[str]:
        [listed] = (await post.listed(page))["subscriptions"]
        found: list[str] = listed["component_ids"]
        return found

    async def test_components_are_chosen_without_a_script(
        self, post: Mailing, page: dict[str, Any], mail: Confirmation
    ) -> None:
        await press(post, mail.verify)
        first, second = (component["id"] for component in page["components"])
        for choice in ([second], [first, second], []):
            shown = await self.choose(post, mail.manage, *choice)
            assert (shown.status, "Your choice is kept" in shown.html) == (200, True)
            assert await self.chosen(post, page) == choice
            html = (await visit(post, mail.manage)).html
            assert html.count('type="checkbox"') == html.count("<label>") == 2
            assert html.count(" checked") == len(choice)
        assert await status(post, page) == "verified"

    @pytest.mark.parametrize("component_id", ["x", "%00", "0b000000-0000-4000-8000-000000000001"])
    async def test_what_the_page_has_not_changes_nothing(
        self, post: Mailing, page: dict[str, Any], mail: Confirmation, component_id: str
    ) -> None:
        shown = await self.choose(post, mail.manage, page["components"][0]["id"], component_id)
        assert (shown.status, await self.chosen(post, page)) == (422, [])

    async def test_the_link_that_confirms_offers_no_choice(
        self, post: Mailing, page: dict[str, Any], mail: Confirmation
    ) -> None:
        assert "checkbox" not in (await visit(post, mail.verify)).html
        assert "checkbox" in (await visit(post, mail.manage)).html
        await press(post, mail.manage)
        assert "checkbox" not in (await visit(post, mail.manage)).html
        assert (await self.choose(post, mail.manage)).status == 404

"""What the links in a subscriber's mails do: confirm, and leave."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import FormData

from service.vault.links import Links, Purpose
from tests.service.mailing import Mailing, somebody, somewhere


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


async def test_doing_it_again_is_200(post: Mailing, page: dict[str, Any]) -> None:
    mail = await post.subscribed(page, somebody())
    assert (await post.verify(mail.verify)).status == 200
    assert (await post.unsubscribe(mail.manage)).status == 200
    assert (await post.unsubscribe(mail.manage)).status == 200


async def test_each_token_does_its_own_and_no_other(post: Mailing, page: dict[str, Any]) -> None:
    address = somebody()
    await post.subscribe(page, address)
    mail = await post.mail_to(address)
    assert (await post.unsubscribe(mail.verify)).status == 404
    assert (await post.verify(mail.manage)).status == 404
    [listed] = (await post.listed(page))["subscriptions"]
    assert listed["status"] == "pending"


@pytest.mark.parametrize("guess", ["guess", "a" * 43, "%00", "%F0%9F%98%80", "x" * 1000])
async def test_a_guess_is_404(post: Mailing, guess: str) -> None:
    assert (await post.verify(guess)).status == 404
    assert (await post.unsubscribe(guess)).status == 404


async def test_guessing_is_limited(post: Mailing) -> None:
    visitor, bot = post.deployment.visitor(), somewhere()
    path = f"/v1/subscription/{'a' * 43}/verification"
    answers = [await visitor.put(path, X_Forwarded_For=bot) for _ in range(70)]
    assert {answer.status for answer in answers} == {404, 429}


async def test_a_link_that_nobody_used_for_seven_days_is_410(post: Mailing, page: dict[str, Any]) -> None:
    subscription_id = await post.asked_long_ago(page, timedelta(days=7, seconds=1))
    await Links(post.deployment.core.pool).put(subscription_id, {Purpose.VERIFY: "an-old-link"})
    answer = await post.verify("an-old-link")
    assert (answer.status, answer.json["type"]) == (410, "/problems/gone")


async def test_one_click_needs_nothing_but_its_url(post: Mailing, page: dict[str, Any]) -> None:
    mail = await post.subscribed(page, somebody())
    url = str(mail.message["List-Unsubscribe"]).strip("<>")
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    session, base_url = post.deployment.session, post.deployment.base_url
    path = urlsplit(url).path
    async with session.get(base_url + path) as looked:
        assert looked.status == 405
    form = FormData({"List-Unsubscribe": "One-Click"})
    async with session.post(base_url + path, data=form, allow_redirects=False) as answer:
        assert answer.status == 200
    [listed] = (await post.listed(page))["subscriptions"]
    assert listed["status"] == "cancelled"


async def test_whoever_left_can_come_back(post: Mailing, page: dict[str, Any]) -> None:
    address = somebody()
    first = await post.subscribed(page, address)
    await post.unsubscribe(first.manage)
    await post.subscribe(page, address)
    second = await post.mail_to(address, count=2)
    assert (await post.verify(first.verify)).status == 404
    assert (await post.verify(second.verify)).status == 200
    assert (await post.unsubscribe(first.manage)).status == 200
    counts = (await post.listed(page))["counts"]
    assert (counts["verified"], counts["cancelled"]) == (1, 1)


async def test_no_answer_holds_a_token(post: Mailing, page: dict[str, Any]) -> None:
    address = somebody()
    asked = await post.subscribe(page, address)
    mail = await post.mail_to(address)
    verified = await post.verify(mail.verify)
    listed = await post.listed(page)
    for told in (asked.json, dict(asked.headers), verified.json, dict(verified.headers), listed):
        assert mail.verify not in str(told)
        assert mail.manage not in str(told)

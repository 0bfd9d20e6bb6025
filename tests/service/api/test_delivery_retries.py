"""How a message that was given up is sent after all, and when it is not."""

from typing import Any

import pytest

from tests.service.api.incidents import opened, update
from tests.service.api.ledger import deliveries, give_up, notices, reader, retry
from tests.service.mailing import Mailing


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


@pytest.mark.parametrize("state", ["parked", "refused", "expired"])
async def test_what_was_given_up_is_sent_when_it_is_tried_again(
    post: Mailing, page: dict[str, Any], state: str
) -> None:
    address, _ = await reader(post, page)
    await opened(post.owner, page, "major_outage")
    [sent] = await notices(post, page, "sent")
    await give_up(post, sent, state)
    [given_up] = await notices(post, page, state)
    assert (given_up["attempts"], given_up["reason"]) == (8, "data: 451")
    answer = await retry(post, given_up)
    assert (answer.status, answer.json["delivery"]["reason"]) == (200, None)
    await post.mail_to(address, count=2)
    [again] = await notices(post, page, "sent")
    assert (again["id"], again["attempts"]) == (sent["id"], 1)
    first, second = (mail.message["Message-ID"] for mail in post.mails_to(address))
    assert first == second


async def test_what_is_sent_or_still_to_be_sent_is_409_and_stays_as_it_is(
    post: Mailing, page: dict[str, Any]
) -> None:
    address, _ = await reader(post, page)
    await opened(post.owner, page, "major_outage")
    [sent] = await notices(post, page, "sent")
    answer = await retry(post, sent)
    assert (answer.status, answer.json["type"]) == (409, "/problems/not-allowed")
    assert answer.json["detail"] == "It is sent; what can be tried again: parked, refused, expired."
    assert await notices(post, page, "sent") == [sent]
    assert len(post.mails_to(address)) == 1


async def test_what_nobody_wants_any_more_is_refused_again(post: Mailing, page: dict[str, Any]) -> None:
    address, subscription_id = await reader(post, page)
    await opened(post.owner, page, "major_outage")
    [sent] = await notices(post, page, "sent")
    await give_up(post, sent, "parked")
    await post.owner.delete(f"/v1/statuspage/{page['id']}/subscriptions/{subscription_id}")
    await post.policies_are_done()
    assert (await retry(post, sent)).status == 200
    [refused] = await notices(post, page, "refused")
    assert refused["recipient"] is None
    assert len(post.mails_to(address)) == 1


async def test_what_newer_words_have_overtaken_is_superseded(post: Mailing, page: dict[str, Any]) -> None:
    address, _ = await reader(post, page)
    incident = await opened(post.owner, page, "major_outage")
    [beginning] = await notices(post, page, "sent")
    await give_up(post, beginning, "parked")
    await update(post.owner, incident, "resolved")
    await post.mail_to(address, count=2)
    assert (await retry(post, beginning)).status == 200
    [superseded] = await notices(post, page, "superseded")
    assert superseded["id"] == beginning["id"]
    assert (await deliveries(post, page))["counts"]["sent"] == 1
    assert len(post.mails_to(address)) == 2

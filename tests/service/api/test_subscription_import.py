"""The page's owner brings a list of subscribers: all of it or nothing, and nobody is woken who left."""

import asyncio
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.http.csv_text import harmless
from tests.service.api.incidents import opened
from tests.service.api.subscriber_lists import rows_of, send, table
from tests.service.mailing import Mailing, somebody


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


async def statuses(post: Mailing, page: dict[str, Any]) -> dict[str, str]:
    await post.read_models_are_done()
    return {each["channel_value"]: each["status"] for each in (await post.listed(page))["subscriptions"]}


async def test_everybody_on_the_list_is_subscribed_and_asked_nothing(
    post: Mailing, page: dict[str, Any]
) -> None:
    addresses = [somebody() for _ in range(3)]
    sent = await send(post, page, table(*addresses))
    assert (sent.status, sent.counts) == (200, {"added": 3})
    assert await statuses(post, page) == dict.fromkeys(addresses, "verified")
    await opened(post.owner, page, "major_outage")
    for address in addresses:
        assert "Down" in str((await post.mail_to(address)).message["Subject"])
    asked = "SELECT count(*) FROM notify.deliveries WHERE page_id = $1 AND kind = 'confirmation'"
    assert await post.value(asked, UUID(page["id"])) == 0


async def test_who_said_so_is_in_the_log(post: Mailing, page: dict[str, Any]) -> None:
    await send(post, page, table(somebody()))
    actors = "SELECT DISTINCT actor FROM es.events WHERE subject_id = $1 AND type = 'SubscriptionVerified'"
    assert str(await post.value(actors, UUID(page["id"]))).startswith("token:")


async def test_an_export_of_one_page_fits_into_another(post: Mailing, page: dict[str, Any]) -> None:
    addresses = [somebody(), f"={somebody()}", f"'={somebody()}", f"+{somebody()}"]
    await send(post, page, table(*map(harmless, addresses)))
    gone = somebody()
    await post.subscribe(page, gone)  # and never confirms
    other = await post.page()
    assert (await send(post, other, await rows_of(post, page))).counts == {"added": 4, "pending": 1}
    assert await statuses(post, other) == dict.fromkeys(addresses, "verified")


async def test_an_export_comes_back_with_what_everybody_chose(post: Mailing, page: dict[str, Any]) -> None:
    component_id = page["components"][0]["id"]
    incident = await opened(post.owner, page, "major_outage")
    await send(post, page, table(f"{somebody()},{component_id},", f"{somebody()},,{incident['id']}"))
    before = await rows_of(post, page)
    for each in (await post.listed(page))["subscriptions"]:
        await post.owner.delete(f"/v1/statuspage/{page['id']}/subscriptions/{each['id']}")
    assert (await send(post, page, before)).counts == {"added": 2}
    await post.read_models_are_done()
    listed = (await post.listed(page))["subscriptions"]
    verified = [each for each in listed if each["status"] == "verified"]
    assert {(*each["component_ids"], each["incident_id"]) for each in verified} == {
        (component_id, None),
        (incident["id"],),
    }


async def test_sent_again_it_changes_nothing(post: Mailing, page: dict[str, Any]) -> None:
    twice = somebody()
    text = table(twice, somebody(), twice.upper().replace("@EXAMPLE", "@example"))
    assert (await send(post, page, text)).counts == {"added": 2, "known": 1}
    head = await post.deployment.core.store.head()
    assert (await send(post, page, text)).counts == {"known": 3}
    assert await post.deployment.core.store.head() == head


async def test_an_idempotency_key_brings_the_first_answer_again(post: Mailing, page: dict[str, Any]) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    text = table(somebody())
    answers = [await send(post, page, text, **key) for _ in range(2)]
    assert [answer.counts for answer in answers] == [{"added": 1}] * 2


class TestNobodyIsWoken:
    async def test_who_unsubscribed_stays_away_until_they_ask_themselves(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        mail = await post.subscribed(page, address)
        assert (await post.unsubscribe(mail.manage)).status == 200
        assert (await send(post, page, table(address.upper()))).counts == {"cancelled": 1}
        await post.policies_are_done()
        assert (await send(post, page, table(address))).counts == {"cancelled": 1}
        await post.subscribe(page, address)
        back = await post.mail_to(address, count=2)
        assert (await post.verify(back.verify)).status == 200
        assert (await send(post, page, table(address))).counts == {"known": 1}

    async def test_an_owner_who_vouches_for_them_one_by_one_only_gets_them_asked(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        await post.unsubscribe((await post.subscribed(page, address)).manage)
        body = {"channel_type": "email", "channel_value": address, "confirmed": True}
        answer = await post.owner.post(f"/v1/statuspage/{page['id']}/subscriptions", body)
        assert (answer.status, answer.json["subscription"]["status"]) == (201, "pending")

    async def test_the_next_page_may_still_have_them(self, post: Mailing, page: dict[str, Any]) -> None:
        address = somebody()
        await post.unsubscribe((await post.subscribed(page, address)).manage)
        assert (await send(post, await post.page(), table(address))).counts == {"added": 1}

    async def test_no_address_is_kept_of_who_left(self, post: Mailing, page: dict[str, Any]) -> None:
        address = somebody()
        await post.unsubscribe((await post.subscribed(page, address)).manage)
        kept = "SELECT string_agg(l::text, ' ') FROM vault.leavers l WHERE page_id = $1"
        found = await post.value(kept, UUID(page["id"]))
        assert found
        assert address not in found


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.faults)])
async def test_a_long_list_is_taken_in_time_while_others_write(
    post: Mailing, page: dict[str, Any], count: int
) -> None:
    text = table(*(f"reader-{number}@example.com" for number in range(count)))
    sending = asyncio.create_task(send(post, page, text))
    waits = []
    while not sending.done():
        started = monotonic()
        await post.page()
        waits.append(monotonic() - started)
    sent = await sending
    assert (sent.status, sent.counts) == (200, {"added": count})
    assert max(waits) < 2
    assert sent.seconds < 30

"""After an address is erased, nothing holds it: no table, no queue, no log of this service."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from service.commands.handler import Origin
from service.commands.subscriptions import Cancel
from service.domain.subscription import SUBSCRIPTION, CancelReason
from service.vault.email_address import parse_email
from tests.environment.waiting import eventually
from tests.service.api.seed import update_body
from tests.service.mailing import Mailing

TABLES = """
SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
"""


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


def an_address() -> str:
    """With a local part that stands nowhere else."""
    return f"Unmistakable{uuid4().hex}@example.com"


async def holders(post: Mailing, address: str) -> set[str]:
    """The tables with a row whose text holds the address, in any spelling, or as bytes."""
    local = parse_email(address).local.lower()
    needles = [f"%{local}%", f"%{local.encode().hex()}%"]
    found = set()
    for (table,) in await post.deployment.core.pool.fetch(TABLES):
        query = f"SELECT EXISTS (SELECT FROM {table} t WHERE lower(t::text) LIKE ANY ($1::text[]))"
        if await post.value(query, needles):
            found.add(table)
    return found


async def test_until_it_is_erased_an_address_is_in_one_place(post: Mailing, page: dict[str, Any]) -> None:
    address = an_address()
    await post.subscribed(page, address)
    assert await holders(post, address) == {"vault.contacts"}


async def test_unsubscribing_erases_the_address_everywhere_at_once(
    post: Mailing, page: dict[str, Any]
) -> None:
    address = an_address()
    mail = await post.subscribed(page, address)
    await post.unsubscribe(mail.manage)
    assert await holders(post, address) == set()


async def test_no_log_line_holds_an_address_or_a_token(post: Mailing, page: dict[str, Any]) -> None:
    address = an_address()
    with capture_logs() as lines:
        mail = await post.subscribed(page, address)
        await post.unsubscribe(mail.manage)
        await post.policies_are_done()
    assert lines
    for secret in (address.lower(), mail.verify.lower(), mail.manage.lower()):
        assert secret not in str(lines).lower()


async def test_when_the_api_dies_before_it_erases_the_policy_does(
    post: Mailing, page: dict[str, Any]
) -> None:
    address, core = an_address(), post.deployment.core
    await post.subscribed(page, address)
    subscription_id = UUID((await post.listed(page))["subscriptions"][0]["id"])
    only_recorded = Cancel(subscription_id, CancelReason.UNSUBSCRIBED, core.clock())
    await core.commands.run(Origin(uuid4(), "test"), SUBSCRIPTION.stream(subscription_id), only_recorded)
    await post.policies_are_done()
    assert await holders(post, address) == set()


async def test_deleting_a_page_ends_its_subscriptions_and_erases_their_addresses(
    post: Mailing, page: dict[str, Any]
) -> None:
    verified, pending = an_address(), an_address()
    mail = await post.subscribed(page, verified)
    await post.subscribe(page, pending)
    await post.mail_to(pending)
    assert (await post.owner.delete(f"/v1/statuspage/{page['id']}")).status == 200
    await post.policies_are_done()
    assert await holders(post, verified) | await holders(post, pending) == set()
    ended = "SELECT data->>'reason' FROM es.events WHERE type = 'SubscriptionCancelled' AND subject_id = $1"
    reasons = [row[0] for row in await post.deployment.core.pool.fetch(ended, UUID(page["id"]))]
    assert reasons == ["page_deleted", "page_deleted"]
    assert (await post.verify(mail.verify)).status == 404
    assert (await post.unsubscribe(mail.manage)).status == 200


async def test_deleting_a_page_erases_its_passwords_and_changing_one_erases_the_old(post: Mailing) -> None:
    page = await post.page(type="private", password="first-password")
    passwords = "SELECT array_agg(hash) FROM vault.passwords WHERE page_id = $1"
    page_id = UUID(page["id"])
    [first] = await post.value(passwords, page_id)
    body = update_body(subdomain=page["subdomain"], domain=None, password="second-password")
    assert (await post.owner.put(f"/v1/statuspage/{page_id}", body)).status == 200
    await post.policies_are_done()
    [second] = await post.value(passwords, page_id)
    assert second != first
    await post.owner.delete(f"/v1/statuspage/{page_id}")
    await post.policies_are_done()
    assert await post.value(passwords, page_id) is None


async def test_a_pending_mail_to_an_erased_address_is_refused(post: Mailing, page: dict[str, Any]) -> None:
    address = an_address()
    post.sink.answer = "451 later"
    try:
        await post.subscribe(page, address)
        await post.policies_are_done()
        attempts = post.sink.attempts
        await eventually(lambda: post.sink.attempts > attempts or attempts > 0)
        await post.owner.delete(f"/v1/statuspage/{page['id']}")
        await post.policies_are_done()
    finally:
        post.sink.answer = "250 OK"
    states = (
        "SELECT array_agg(state || ': ' || coalesce(reason, '')) FROM notify.deliveries WHERE page_id = $1"
    )
    assert await post.value(states, UUID(page["id"])) == ["refused: erased"]
    assert post.mails_to(address) == []


async def test_a_request_that_was_never_confirmed_leaves_nothing(post: Mailing, page: dict[str, Any]) -> None:
    address = an_address()
    subscription_id = await post.asked_long_ago(page, timedelta(days=8), address)
    assert await holders(post, address) == {"vault.contacts"}
    await post.expire()
    await post.policies_are_done()
    assert await holders(post, address) == set()
    last = "SELECT data->>'reason' FROM es.events WHERE stream = $1 ORDER BY version DESC LIMIT 1"
    assert await post.value(last, f"subscription-{subscription_id}") == "expired"


async def test_removal_by_the_owner_erases_it_too_and_the_old_links_open_nothing(
    post: Mailing, page: dict[str, Any]
) -> None:
    address = an_address()
    mail = await post.subscribed(page, address)
    [subscription] = (await post.listed(page))["subscriptions"]
    path = f"/v1/statuspage/{page['id']}/subscriptions/{subscription['id']}"
    assert (await post.owner.delete(path)).status == 200
    assert await holders(post, address) == set()
    await post.policies_are_done()
    assert (await post.verify(mail.verify)).status == 404
    choosing = await post.deployment.visitor().put(f"/v1/subscription/{mail.manage}", {"component_ids": []})
    assert choosing.status == 404

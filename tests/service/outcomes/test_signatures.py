"""Webhooks that come again, also after their secret was changed: one id, and signatures that are believed."""

from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.environment.sink import Received, Sink, sink, status
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.outcome import open_incident, outcomes, tried_again


@pytest.fixture(scope="module")
async def post(database: str) -> AsyncIterator[Mailing]:
    async with mailing(database, outgoing_allowed=(ip_network("127.0.0.0/8"),)) as running:
        yield running


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


@pytest.fixture
async def receiver() -> AsyncIterator[Sink]:
    """Answers its challenge, and 500 to all else."""
    async with sink() as receiver:
        receiver.answer = _in_trouble
        yield receiver


async def test_an_attempt_that_is_repeated_has_the_same_id_and_body_and_a_signature_of_its_own(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    secret = await told_in_vain(post, page, receiver)
    await tried_again(post, page)
    _, *messages = receiver.received
    assert len(messages) >= 2
    assert len({message.body for message in messages}) == 1
    assert {message.headers["webhook-id"] for message in messages} == {orjson.loads(messages[0].body)["id"]}
    for message in messages:
        Webhook(secret).verify(message.body, dict(message.headers))


async def test_an_attempt_after_the_secret_was_changed_is_believed_by_both(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    old = await told_in_vain(post, page, receiver)
    token = orjson.loads(receiver.received[0].body)["manage_url"].rpartition("/")[2]
    changed = await post.deployment.visitor().post(f"/v1/subscription/{token}/secret", None)
    await tried_again(post, page)
    before, after = receiver.received[1], receiver.received[-1]
    for secret in (old, changed.json["secret"]):
        Webhook(secret).verify(after.body, dict(after.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(changed.json["secret"]).verify(before.body, dict(before.headers))


async def test_once_the_overlap_is_over_the_old_secret_is_believed_no_more(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    old = await told_in_vain(post, page, receiver)
    token = orjson.loads(receiver.received[0].body)["manage_url"].rpartition("/")[2]
    changed = await post.deployment.visitor().post(f"/v1/subscription/{token}/secret", None)
    await post.execute("UPDATE vault.webhook_secrets SET since = since - interval '25 hours'")
    await tried_again(post, page)
    message = receiver.received[-1]
    Webhook(changed.json["secret"]).verify(message.body, dict(message.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(message.body, dict(message.headers))


async def told_in_vain(post: Mailing, page: dict[str, Any], receiver: Sink) -> str:
    """The secret of a webhook that was sent a notice once, and answered 500."""
    body = {"channel_type": "webhook", "channel_value": receiver.url(), "statuspage_id": page["id"]}
    assert (await post.ask(body)).status == 201

    async def is_verified() -> bool:
        return bool((await post.listed(page))["counts"]["verified"] == 1)

    await eventually(is_verified, 10, "the subscription is verified")
    await post.policies_are_done()
    await open_incident(post, page)
    await outcomes(post, page, 1)
    return str(orjson.loads(receiver.received[0].body)["secret"])


def _in_trouble(request: Received) -> bytes:
    challenge = orjson.loads(request.body).get("challenge")
    answer = status(500) if challenge is None else status(200, body=challenge.encode())
    return answer(request)

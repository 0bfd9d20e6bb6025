"""Webhooks and chats, to real receivers: asking, proving, being told, changing the secret, leaving."""

from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.environment.sink import Received, Sink, sink, status
from tests.environment.waiting import eventually
from tests.service.client import Answer
from tests.service.mailing import LINK, Mailing, mailing, somebody

CHATS = ("slack", "discord", "teams")


@pytest.fixture(scope="module")
async def post(database: str) -> AsyncIterator[Mailing]:
    async with mailing(database, outgoing_allowed=(ip_network("127.0.0.0/8"),)) as running:
        yield running


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


@pytest.fixture
async def receiver() -> AsyncIterator[Sink]:
    async with sink() as receiver:
        yield receiver


async def ask(post: Mailing, page: dict[str, Any], channel: str, url: str) -> Answer:
    return await post.ask({"channel_type": channel, "channel_value": url, "statuspage_id": page["id"]})


async def got(receiver: Sink, count: int) -> Any:
    """The last of `count` messages, once they are there."""
    await eventually(lambda: len(receiver.received) >= count, 10, f"{count} messages")
    return orjson.loads(receiver.received[-1].body)


async def verified(post: Mailing, page: dict[str, Any]) -> dict[str, Any]:
    """The page's only subscription, once it is verified."""

    async def is_verified() -> bool:
        return bool((await post.listed(page))["counts"]["verified"] == 1)

    await eventually(is_verified, 10, "the subscription is verified")
    [subscription] = (await post.listed(page))["subscriptions"]
    assert isinstance(subscription, dict)
    return subscription


async def tell(post: Mailing, page: dict[str, Any]) -> None:
    body = {"name": "Slow answers", "body": "We look into it."}
    opened = await post.owner.post(f"/v1/statuspage/{page['id']}/incident", body)
    assert opened.status == 201, opened.json


def answering(request: Received) -> bytes:
    challenge = orjson.loads(request.body).get("challenge", "")
    return status(200, body=orjson.dumps({"challenge": challenge}))(request)


def token_in(body: Any) -> str:
    tokens = LINK.findall(orjson.dumps(body).decode())
    return str(tokens[0]).split('"')[0].split("|")[0].split(")")[0].split("\\")[0]


async def test_a_webhook_that_answers_its_challenge_is_told_once_and_signed(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    receiver.answer = answering
    answer = await ask(post, page, "webhook", receiver.url())
    assert (answer.status, list(answer.json)) == (201, ["message"])
    secret = (await got(receiver, 1))["secret"]
    await verified(post, page)
    await tell(post, page)
    body = await got(receiver, 2)
    assert (body["type"], body["incident"]["name"]) == ("incident.opened", "Slow answers")
    Webhook(secret).verify(receiver.received[1].body, dict(receiver.received[1].headers))
    assert len(receiver.received) == 2


async def test_a_webhook_that_says_nothing_is_never_told(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    await ask(post, page, "webhook", receiver.url())
    await got(receiver, 1)
    await tell(post, page)
    await post.policies_are_done()
    assert (await post.listed(page))["counts"]["pending"] == 1
    assert {orjson.loads(each.body)["type"] for each in receiver.received} == {"subscription.verification"}


@pytest.mark.parametrize("chat", CHATS)
async def test_a_chat_is_told_once_somebody_there_has_followed_the_link(
    post: Mailing, page: dict[str, Any], receiver: Sink, chat: str
) -> None:
    assert (await ask(post, page, chat, receiver.url())).status == 201
    question = await got(receiver, 1)
    assert (await post.verify(token_in(question))).status == 200
    await verified(post, page)
    await tell(post, page)
    assert "Slow answers" in orjson.dumps(await got(receiver, 2)).decode()
    assert len(receiver.received) == 2


async def test_asking_again_by_another_spelling_is_the_same_subscription(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    receiver.answer = answering
    await ask(post, page, "webhook", receiver.url())
    await verified(post, page)
    again = await ask(post, page, "webhook", receiver.url().replace("http://", "HTTP://"))
    assert again.status == 201
    assert len((await post.listed(page))["subscriptions"]) == 1


async def test_who_may_not_see_addresses_sees_the_host_alone(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    await ask(post, page, "webhook", receiver.url("/secret-path"))
    await post.read_models_are_done()
    reader = await post.deployment.client(post.organisation_id, "subscriptions:read")
    answer = await reader.get(f"/v1/statuspage/{page['id']}/subscriptions")
    [subscription] = answer.json["subscriptions"]
    assert subscription["channel_value"] == f"http://127.0.0.1:{receiver.port}/***"


async def test_a_changed_secret_signs_beside_the_one_before(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    receiver.answer = answering
    await ask(post, page, "webhook", receiver.url())
    challenge = await got(receiver, 1)
    await verified(post, page)
    path = f"/v1/subscription/{token_in(challenge['manage_url'])}/secret"
    answer = await post.deployment.visitor().post(path, None)
    assert answer.status == 200, answer.json
    await tell(post, page)
    await got(receiver, 2)
    message = receiver.received[1]
    for secret in (challenge["secret"], answer.json["secret"]):
        Webhook(secret).verify(message.body, dict(message.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 43 + "=").verify(message.body, dict(message.headers))


async def test_leaving_erases_the_url_and_the_secret(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    receiver.answer = answering
    await ask(post, page, "webhook", receiver.url())
    token = token_in((await got(receiver, 1))["manage_url"])
    subscription = await verified(post, page)
    assert (await post.unsubscribe(token)).status == 200
    for table in ("contacts", "webhook_secrets"):
        count = f"SELECT count(*) FROM vault.{table} WHERE subscription_id = $1"
        assert await post.value(count, subscription["id"]) == 0
    answer = await post.deployment.visitor().post(f"/v1/subscription/{token}/secret", None)
    assert answer.status == 409


async def test_a_token_that_nobody_has_changes_no_secret(post: Mailing) -> None:
    answer = await post.deployment.visitor().post("/v1/subscription/nobody-has-this/secret", None)
    assert answer.status == 404


@pytest.mark.parametrize("chat", CHATS)
async def test_a_chat_takes_only_its_own_urls(post: Mailing, page: dict[str, Any], chat: str) -> None:
    answer = await ask(post, page, chat, "https://hooks.example.com/services/x")
    assert (answer.status, [each["code"] for each in answer.json["errors"]]) == (422, ["url_not_allowed"])


async def test_receivers_that_never_answer_hold_up_no_mail(
    post: Mailing, page: dict[str, Any], receiver: Sink
) -> None:
    receiver.answer, receiver.drip = status(200), 5
    for number in range(10):
        await ask(post, page, "webhook", receiver.url(f"/{number}"))
    await eventually(lambda: len(receiver.received) >= 2, 10, "receivers are being waited for")
    address = somebody()
    await post.subscribe(page, address)
    await post.mail_to(address)
    assert all(each.headers["content-type"] == "application/json" for each in receiver.received)

"""Webhooks: signed so that the reference library believes them, and only to receivers that asked for them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from eventstore.pool import Pool, connect_pool
from service.domain.headline import MAJOR_OUTAGE, Headline
from service.domain.values import ChannelType, ComponentStatus
from service.notices import Kind
from service.vault.contacts import Contact, Contacts, NewContact
from service.vault.webhook_secrets import WebhookSecrets, shown
from tests.environment.sink import Received, Sink, status
from tests.service.domain.facts import COMPONENT_ID, INCIDENT_ID, PAGE_ID, UPDATE_ID
from tests.workers.delivery.channels.messages import MANAGE, notice, question
from workers.delivery.channels.posting import Poster
from workers.delivery.channels.webhook import WebhookChannel, signed
from workers.delivery.outcomes import Later, Refused, Sent


@dataclass
class Confirmed:
    subscription_ids: list[UUID] = field(default_factory=list)

    async def __call__(self, subscription_id: UUID) -> None:
        self.subscription_ids.append(subscription_id)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    pool = await connect_pool(database)
    yield pool
    await pool.close()


@pytest.fixture
def confirmed() -> Confirmed:
    return Confirmed()


@pytest.fixture
def channel(poster: Poster, pool: Pool, confirmed: Confirmed) -> WebhookChannel:
    now = Poster(poster.outgoing, poster.allowed, lambda: datetime.now(UTC))
    return WebhookChannel(now, WebhookSecrets(pool), confirmed, down)


async def down(_: UUID) -> Headline:
    return MAJOR_OUTAGE


@pytest.fixture
async def contact(pool: Pool, receiver: Sink) -> Contact:
    url = receiver.url(f"/{uuid4()}")
    new = NewContact(PAGE_ID, ChannelType.WEBHOOK, url, url)
    subscription_id = await Contacts(pool).claim(uuid4(), new)
    return Contact(subscription_id, PAGE_ID, ChannelType.WEBHOOK, url)


def echo(request: Received) -> bytes:
    return status(200, body=orjson.loads(request.body)["challenge"].encode())(request)


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_arrives_once_signed_and_whole(
    channel: WebhookChannel, contact: Contact, receiver: Sink, kind: Kind
) -> None:
    message = notice(kind)
    assert await channel.send(message, contact) == Sent()
    [received] = receiver.received
    [secret] = await channel.secrets.of(contact.subscription_id)
    Webhook(shown(secret)).verify(received.body, dict(received.headers))
    body = orjson.loads(received.body)
    assert received.headers["webhook-id"] == body["id"] == str(UPDATE_ID)
    assert body["type"] == kind
    assert body["page"] == {
        "id": str(PAGE_ID),
        "name": "Acme",
        "url": "https://status.example.com/p/acme",
        "status_indicator": "critical",
        "status_description": "Major System Outage",
    }
    assert body["incident"]["name"] == "Database down"
    assert body["incident"]["incident_updates"][0]["body"] == "We are looking."
    website = {"id": str(COMPONENT_ID), "name": "Website", "status": "major_outage"}
    assert website in body["incident"]["components"]
    assert body["notice"]["text"] == message.letter.text


async def test_an_incident_has_the_shape_that_receivers_of_statuspage_read(
    channel: WebhookChannel, contact: Contact, receiver: Sink
) -> None:
    await channel.send(notice(Kind.INCIDENT_UPDATED), contact)
    incident = orjson.loads(receiver.received[0].body)["incident"]
    assert (incident["id"], incident["status"], incident["impact"]) == (
        str(INCIDENT_ID),
        "investigating",
        "critical",
    )
    assert incident["shortlink"].endswith(str(INCIDENT_ID))


async def test_what_changes_with_an_update_is_said_as_statuspage_says_it(
    channel: WebhookChannel, contact: Contact, receiver: Sink
) -> None:
    message = notice(Kind.INCIDENT_UPDATED)
    assert message.tidings is not None
    changed = {COMPONENT_ID: ComponentStatus.DEGRADED_PERFORMANCE}
    told = replace(message.tidings.told, changed=changed)
    await channel.send(replace(message, tidings=replace(message.tidings, told=told)), contact)
    [update] = orjson.loads(receiver.received[0].body)["incident"]["incident_updates"]
    assert update["affected_components"] == [
        {
            "code": str(COMPONENT_ID),
            "name": "Website",
            "old_status": "degraded_performance",
            "new_status": "major_outage",
        }
    ]


async def test_a_headline_that_is_not_known_yet_is_left_out(
    channel: WebhookChannel, contact: Contact, receiver: Sink
) -> None:
    async def unknown(_: UUID) -> None: ...

    await replace(channel, headline=unknown).send(notice(), contact)
    assert set(orjson.loads(receiver.received[0].body)["page"]) == {"id", "name", "url"}


async def test_a_maintenance_has_its_window(
    channel: WebhookChannel, contact: Contact, receiver: Sink
) -> None:
    await channel.send(notice(Kind.MAINTENANCE_SCHEDULED), contact)
    incident = orjson.loads(receiver.received[0].body)["incident"]
    assert incident["impact"] == "maintenance"
    assert (incident["scheduled_for"], incident["scheduled_until"]) == (
        "2026-11-01T12:00:00.000Z",
        "2026-11-01T13:00:00.000Z",
    )


async def test_the_challenge_confirms_once_it_is_answered(
    channel: WebhookChannel, contact: Contact, receiver: Sink, confirmed: Confirmed
) -> None:
    assert await channel.send(question(), contact) == Later("challenge_not_answered")
    assert confirmed.subscription_ids == []
    receiver.answer = echo
    assert await channel.send(question(), contact) == Sent()
    assert confirmed.subscription_ids == [contact.subscription_id]
    first, second = receiver.received
    assert first.body == second.body
    body = orjson.loads(second.body)
    assert body["type"] == "subscription.verification"
    assert body["manage_url"] == MANAGE
    Webhook(body["secret"]).verify(second.body, dict(second.headers))


async def test_an_answer_without_success_confirms_nothing(
    channel: WebhookChannel, contact: Contact, receiver: Sink, confirmed: Confirmed
) -> None:
    receiver.answer = lambda request: status(500, body=orjson.loads(request.body)["challenge"].encode())(
        request
    )
    assert await channel.send(question(), contact) == Later("http 500")
    assert confirmed.subscription_ids == []


async def test_only_the_challenge_tells_the_secret(
    channel: WebhookChannel, contact: Contact, receiver: Sink
) -> None:
    await channel.send(notice(), contact)
    [secret] = await channel.secrets.of(contact.subscription_id)
    assert shown(secret).encode() not in receiver.received[0].body


async def test_while_a_secret_is_changed_both_sign(
    channel: WebhookChannel, contact: Contact, receiver: Sink, pool: Pool
) -> None:
    [old] = await channel.secrets.of(contact.subscription_id)
    new = await channel.secrets.rotate(contact.subscription_id)
    assert new is not None
    await channel.send(notice(), contact)
    [received] = receiver.received
    for secret in (old, new):
        Webhook(shown(secret)).verify(received.body, dict(received.headers))
    await pool.execute("UPDATE vault.webhook_secrets SET since = since - interval '25 hours'")
    assert await channel.secrets.of(contact.subscription_id) == [new]


async def test_secrets_are_erased_with_the_contact(
    channel: WebhookChannel, contact: Contact, receiver: Sink, pool: Pool
) -> None:
    await channel.secrets.of(contact.subscription_id)
    await Contacts(pool).erase(contact.subscription_id)
    count = "SELECT count(*) FROM vault.webhook_secrets WHERE subscription_id = $1"
    assert await pool.fetchval(count, contact.subscription_id) == 0
    assert await channel.send(notice(), contact) == Refused("erased")
    assert await channel.secrets.rotate(contact.subscription_id) is None
    assert receiver.connections == 0


def test_a_changed_or_an_old_message_is_not_believed() -> None:
    secret, body = b"s" * 32, b'{"a":1}'
    now = int(datetime.now(UTC).timestamp())
    receiver = Webhook(shown(secret))
    receiver.verify(body, dict(signed(UPDATE_ID, now, body, [secret])))
    for changed, timestamp in ((b'{"a":2}', now), (body, now - 360), (body, now + 360)):
        with pytest.raises(WebhookVerificationError):
            receiver.verify(changed, dict(signed(UPDATE_ID, timestamp, body, [secret])))


def test_a_retry_keeps_the_id_and_changes_the_time() -> None:
    first, second = (signed(UPDATE_ID, at, b"{}", [b"s" * 32]) for at in (1, 2))
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert first["webhook-signature"] != second["webhook-signature"]

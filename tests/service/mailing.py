"""A deployment whose mails go to a real SMTP server, and people who subscribe and read them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address, ip_network
from random import randrange
from ssl import SSLContext
from typing import Any
from uuid import UUID, uuid4

from service.clock import Clock, system_clock
from service.commands.handler import Origin
from service.commands.subscribable import Address, FindPage
from service.commands.subscriptions import Subscribe
from service.config import Settings
from service.domain.subscription import SUBSCRIPTION
from service.domain.values import ChannelType
from service.vault.contacts import Contacts, NewContact
from service.wiring.subscriptions import upkeep
from tests.environment.smtp import SmtpSink, smtp_server
from tests.environment.waiting import eventually
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment, deploy

LINK = re.compile(r"/subscription/(\S+)")


@dataclass(frozen=True)
class Confirmation:
    """A confirmation mail as its reader has it."""

    message: EmailMessage

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def _links(self) -> list[str]:
        return LINK.findall(self.text)

    @property
    def verify(self) -> str:
        return self._links[0]

    @property
    def manage(self) -> str:
        return self._links[1]


@dataclass(frozen=True)
class Mailing:
    deployment: Deployment
    sink: SmtpSink
    owner: Client
    organisation_id: UUID

    async def page(self, **fields: Any) -> dict[str, Any]:
        answer = await self.owner.post("/v1/statuspage", minimal_body(**fields))
        assert answer.status == 201, answer.json
        page: dict[str, Any] = answer.json["statuspage"]
        return page

    async def subscribe(self, page: dict[str, Any], address: str, **fields: Any) -> Answer:
        body = {"channel_type": "email", "channel_value": address, "statuspage_id": page["id"], **fields}
        return await self.ask(body)

    async def ask(self, body: object, **headers: str) -> Answer:
        """From a network address that nobody had before, so that limits per client don't count it."""
        sent = {"X_Forwarded_For": somewhere(), **headers}
        return await self.deployment.visitor().post("/v1/subscriptions", body, **sent)

    def mails_to(self, address: str) -> list[Confirmation]:
        return [
            Confirmation(message_from_bytes(mail.content, _class=EmailMessage, policy=policy.default))
            for mail in self.sink.messages
            if mail.recipients == [address]
        ]

    async def mail_to(self, address: str, count: int = 1) -> Confirmation:
        """The last of `count` mails, once they are there."""
        await eventually(lambda: len(self.mails_to(address)) >= count, 10, f"{count} mails")
        return self.mails_to(address)[-1]

    async def subscribed(self, page: dict[str, Any], address: str) -> Confirmation:
        """Asked for and confirmed."""
        assert (await self.subscribe(page, address)).status == 201
        mail = await self.mail_to(address)
        assert (await self.verify(mail.verify)).status == 200
        return mail

    async def verify(self, token: str) -> Answer:
        return await self.deployment.visitor().put(f"/v1/subscription/{token}/verification")

    async def unsubscribe(self, token: str) -> Answer:
        return await self.deployment.visitor().delete(f"/v1/subscription/{token}")

    async def listed(self, page: dict[str, Any]) -> dict[str, Any]:
        answer = await self.owner.get(f"/v1/statuspage/{page['id']}/subscriptions")
        assert answer.status == 200, answer.json
        body: dict[str, Any] = answer.json
        return body

    async def asked_long_ago(self, page: dict[str, Any], age: timedelta, address: str = "") -> UUID:
        """The id of a subscription that was asked for that long ago, and never confirmed."""
        core, page_id = self.deployment.core, UUID(page["id"])
        contact = NewContact(page_id, ChannelType.EMAIL, address or somebody(), address or somebody())
        subscription_id = await Contacts(core.pool).claim(uuid4(), contact)
        find = FindPage(Address(page_id=page_id))
        at = core.clock() - age
        command = Subscribe(subscription_id, find, ChannelType.EMAIL, may_confirm=True, at=at)
        await core.commands.run(Origin(uuid4(), "test"), SUBSCRIPTION.stream(subscription_id), command)
        return subscription_id

    async def execute(self, statement: str, *values: Any) -> None:
        await self.deployment.core.pool.execute(statement, *values)

    async def value(self, query: str, *values: Any) -> Any:
        return await self.deployment.core.pool.fetchval(query, *values)

    async def expire(self) -> None:
        """What the scheduler does every few minutes."""
        await self.read_models_are_done()
        await upkeep(self.deployment.core).expire()

    async def read_models_are_done(self) -> None:
        """Wait until the read model of subscriptions shows all that there is."""
        await self._at_head("subscriptions@%")

    async def policies_are_done(self) -> None:
        """Wait until both policies have come to the end of the log."""
        await self._at_head("policy:%")

    async def _at_head(self, checkpoints: str) -> None:
        head = await self.deployment.core.store.head()
        query = "SELECT min(position) FROM es.checkpoints WHERE name LIKE $1"

        async def done() -> bool:
            return bool(await self.value(query, checkpoints) >= head)

        await eventually(done, 10, f"{checkpoints} at the head of the log")


@asynccontextmanager
async def mailing(
    database: str,
    prefix: str = "test",
    tls: SSLContext | None = None,
    clock: Clock = system_clock,
    **others: Any,
) -> AsyncIterator[Mailing]:
    """Behind a trusted proxy on loopback, so that a test can come from anywhere. `others`: more settings.

    `prefix` begins the names on RabbitMQ, if `amqp_url` is one of them.
    """
    async with smtp_server(tls) as sink:
        settings = Settings.model_validate({"DATABASE_URL": database}).model_copy(
            update={
                "amqp_url": None,
                "smtp_url": sink.url,
                "mail_from": "status@example.net",
                "trusted_proxies": (ip_network("127.0.0.1/32"),),
                **others,
            }
        )
        async with deploy(settings, prefix, clock) as deployment:
            organisation_id, owner = await deployment.organisation()
            yield Mailing(deployment, sink, owner, organisation_id)


def somebody() -> str:
    return f"reader-{uuid4().hex[:12]}@example.com"


def somewhere() -> str:
    return str(IPv4Address(randrange(0x0B000000, 0x0F000000)))  # noqa: S311 - no secret

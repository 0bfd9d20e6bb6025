"""Erased is erased: neither a dump of the database, nor what went to RabbitMQ, nor the logs hold the address.

RabbitMQ is watched on the wire, so that no queue is forgotten, whoever declared it.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from benchmarks.product.built import Silent
from tests.environment.rabbitmq import STANDARD_PORTS
from tests.environment.sink import Sink, sink, status
from tests.environment.waiting import eventually
from tests.proxy import Proxy, target_of, through
from tests.service.api.traces import traces
from tests.service.dump import dump
from tests.service.mailing import Mailing, mailing
from workers.projections.registry import PROJECTIONS
from workers.replay.replay import Replay

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Aftermath:
    """What there was before the addresses were erased, and what there is afterwards."""

    post: Mailing
    addresses: list[str]
    before: bytes
    after: bytes
    published: bytes
    logs: bytes


@pytest.fixture(scope="module")
async def aftermath(database: str, amqp_url: str) -> AsyncIterator[Aftermath]:
    published = bytearray()
    async with Proxy(target_of(amqp_url, STANDARD_PORTS["amqp"]), published) as broker, sink() as receiver:
        settings: dict[str, Any] = {"amqp_url": through(amqp_url, broker), "outgoing_allowed": LOOPBACK}
        with everything_logged() as lines:
            async with mailing(database, prefix=f"test-{uuid4().hex[:12]}", **settings) as post:
                addresses, before = await told_and_erased(post, receiver, database)
                after, logs = await dump(database), repr(lines).encode()
                yield Aftermath(post, addresses, before, after, bytes(published), logs)


async def told_and_erased(post: Mailing, receiver: Sink, dsn: str) -> tuple[list[str], bytes]:
    """The addresses, and the dump of when all were told."""
    addresses = [f"Unmistakable{uuid4().hex}@example.com" for _ in range(4)]
    pages = [await post.page(), await post.page()]
    url = await hooked(post, pages[0], receiver)
    link = await told(post, pages, addresses)
    await eventually(lambda: len(receiver.received) == 2, 10, "the webhook told")
    before = await dump(dsn)
    await erased(post, pages, link)
    return [*addresses, url], before


async def hooked(post: Mailing, page: dict[str, Any], receiver: Sink) -> str:
    """The URL of a webhook that has proved itself."""
    receiver.answer = lambda request: status(200, body=request.body)(request)  # the challenge is in it
    url = receiver.url(f"/Unmistakable{uuid4().hex}")
    body = {"channel_type": "webhook", "channel_value": url, "statuspage_id": page["id"]}
    assert (await post.ask(body)).status == 201

    async def has_proved_itself() -> bool:
        return bool((await post.listed(page))["counts"]["verified"] == 1)

    await eventually(has_proved_itself, 10, "the webhook verified")
    return url


async def told(post: Mailing, pages: list[dict[str, Any]], addresses: list[str]) -> str:
    """Three are told of an incident, and one never confirms; the link by which the first leaves."""
    unsubscribes, removed, of_deleted_page, unconfirmed = addresses
    mail = await post.subscribed(pages[0], unsubscribes)
    await post.subscribed(pages[0], removed)
    await post.subscribed(pages[1], of_deleted_page)
    await post.subscribe(pages[1], unconfirmed)
    for page in pages:
        body = {"name": "Slow answers", "body": "We look into it."}
        assert (await post.owner.post(f"/v1/statuspage/{page['id']}/incident", body)).status == 201
    for address in (unsubscribes, removed, of_deleted_page):
        await post.mail_to(address, count=2)
    return mail.manage


async def erased(post: Mailing, pages: list[dict[str, Any]], link: str) -> None:
    """One unsubscribes, a reader and the webhook are removed by the owner, and two go with their page."""
    assert (await post.unsubscribe(link)).status == 200
    listed = (await post.listed(pages[0]))["subscriptions"]
    for subscription in (each for each in listed if each["status"] == "verified"):
        path = f"/v1/statuspage/{pages[0]['id']}/subscriptions/{subscription['id']}"
        assert (await post.owner.delete(path)).status == 200
    assert (await post.owner.delete(f"/v1/statuspage/{pages[1]['id']}")).status == 200
    await post.policies_are_done()
    await post.read_models_are_done()


class Listener(logging.Handler):
    """Of all libraries but the mail server, which is the other side."""

    def __init__(self, lines: list[object]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("mail."):
            self._lines.append(self.format(record))


@contextmanager
def everything_logged() -> Iterator[list[object]]:
    """Every line of the service and of the libraries, as it is before secrets are hidden."""
    lines: list[object] = []
    handler, root = Listener(lines), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with capture_logs() as said:
            lines.append(said)
            yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def test_until_it_is_erased_an_address_is_in_the_dump(aftermath: Aftermath) -> None:
    for address in aftermath.addresses:
        assert traces(address, aftermath.before) == {"plain"}


def test_then_it_is_in_the_dump_in_no_form(aftermath: Aftermath) -> None:
    assert b"SubscriptionCancelled" in aftermath.after
    for address in aftermath.addresses:
        assert traces(address, aftermath.after) == set()


def test_what_goes_to_rabbitmq_never_holds_it(aftermath: Aftermath) -> None:
    assert b"SubscriptionVerified" in aftermath.published
    for address in aftermath.addresses:
        assert traces(address, aftermath.published) == set()


def test_what_is_logged_never_holds_it(aftermath: Aftermath) -> None:
    assert b"'event': 'answered'" in aftermath.logs
    for address in aftermath.addresses:
        assert traces(address, aftermath.logs) == set()


@pytest.mark.parametrize("name", PROJECTIONS)
async def test_every_projection_can_still_be_built_from_the_log(aftermath: Aftermath, name: str) -> None:
    core = aftermath.post.deployment.core
    outcome = await Replay(core.pool, core.codec, core.leases, Silent()).rebuild(name)
    assert (outcome.differs, outcome.swapped) == (False, True)

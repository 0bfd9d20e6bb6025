"""The same product with RabbitMQ between the log and its consumers."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import aio_pika
import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from service.config import Settings
from tests.service.api.seed import page_body
from tests.service.deployment import Deployment, deploy

PREFIX = f"test-{uuid4().hex[:12]}"


@pytest.fixture(scope="module")
async def deployment(database: str, amqp_url: str) -> AsyncIterator[Deployment]:
    settings = Settings.model_validate({"DATABASE_URL": database, "AMQP_URL": amqp_url})
    async with deploy(settings, PREFIX) as deployed:
        yield deployed


async def test_pages_are_readable_right_after_they_are_written(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    for _ in range(20):
        created = await owner.post("/v1/statuspage", page_body())
        assert created.headers["Preference-Applied"] == "wait=1"
        assert (await owner.get(f"/v1/statuspage/{created.json['statuspage']['id']}")).status == 200


async def test_a_queue_bound_by_hand_gets_cloudevents(deployment: Deployment, amqp_url: str) -> None:
    _, owner = await deployment.organisation()
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(f"{PREFIX}.events")
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(exchange, "statuspage.PageCreated.#")
        body = page_body()
        await owner.post("/v1/statuspage", body)
        async with asyncio.timeout(10):
            message = await anext(aiter(queue.iterator()))
        assert message.content_type == "application/cloudevents+json"
        event = JSONFormat().read(CloudEvent, message.body)
        assert event.get_type() == "PageCreated"
        envelope = orjson.loads(message.body)
        assert envelope["data"]["settings"]["subdomain"] == body["subdomain"]
        assert envelope["position"] > 0
        assert (envelope["stream"], envelope["version"]) == (f"statuspage-{envelope['subject']}", 1)


async def test_every_consumer_has_a_queue_of_its_own(deployment: Deployment, amqp_url: str) -> None:
    _, owner = await deployment.organisation()
    await owner.post("/v1/statuspage", page_body())
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        for consumer in ("projection:pages", "projection:statistics"):
            queue = await channel.get_queue(f"{PREFIX}.{consumer}", ensure=True)
            assert queue.declaration_result.consumer_count == 1

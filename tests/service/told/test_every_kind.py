"""Every kind of event, told by every channel: exactly one message each, with the right words."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_network

import orjson
import pytest
from standardwebhooks import Webhook

from service.domain.values import ChannelType
from service.notices import Kind
from tests.environment.certificate import make_certificate, serving_tls
from tests.environment.sink import Received, sink
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing, somebody
from tests.service.told.readers import MailReader, PostReader, Reader, Said, post_readers
from tests.service.told.story import Story, Time, update
from tests.service.told.table import FORMS, LEADS, PAGE, TABLE, told

Readers = dict[ChannelType, Reader]
LONG_AGO = "UPDATE notify.deliveries SET finished_at = finished_at - interval '1 day'"
ASKED = f"Confirm your subscription to {PAGE}"


@pytest.fixture(scope="module")
def time() -> Time:
    return Time()


@pytest.fixture(scope="module")
async def post(database: str, time: Time, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mailing]:
    certificate = make_certificate(tmp_path_factory.mktemp("tls"))
    allowed = (ip_network("127.0.0.0/8"),)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificate))
        async with mailing(
            database, tls=serving_tls(certificate), clock=time, outgoing_allowed=allowed
        ) as running:
            yield running


@pytest.fixture(scope="module")
async def story(post: Mailing, time: Time) -> Story:
    page = await post.page(name=PAGE, components=[{"name": "API"}])
    return Story(post.owner, page, time, post.deployment.core.settings.base_url)


@pytest.fixture(scope="module")
async def readers(post: Mailing) -> AsyncIterator[Readers]:
    async with sink() as receiver:
        yield {ChannelType.EMAIL: MailReader(post.sink, somebody()), **post_readers(receiver)}


def test_no_kind_and_no_channel_is_left_out() -> None:
    assert {row.kind for row in TABLE} == set(LEADS) == set(Kind)
    assert set(FORMS) == set(ChannelType)


async def test_every_kind_is_told_by_every_channel_exactly_once(
    post: Mailing, story: Story, readers: Readers
) -> None:
    await subscribe(post, story, readers)
    expected: dict[ChannelType, list[Said]] = {channel: [] for channel in readers}
    for row in TABLE:
        await row.act(story)
        for channel, said in told(row, story).items():
            expected[channel].append(said)
            await heard(readers[channel], 1 + len(expected[channel]), f"{row.kind} by {channel}")
        await nothing_is_left(post)
        await post.value(LONG_AGO)  # else what comes so often would be gathered
    for channel, reader in readers.items():
        assert reader.heard()[1:] == expected[channel], channel
    own = [{link for said in reader.heard() for link in said.own} for reader in readers.values()]
    assert sum(map(len, own)) == len(set.union(*own)), "no reader has another one's links"


async def test_webhooks_were_named_by_their_kind_and_signed(readers: Readers) -> None:
    webhook = readers[ChannelType.WEBHOOK]
    assert isinstance(webhook, PostReader)
    challenge, *messages = webhook.requests()
    signs = Webhook(orjson.loads(challenge.body)["secret"])
    assert [orjson.loads(each.body)["type"] for each in messages] == [row.kind for row in TABLE]
    for each in messages:
        assert signature(signs, each) == each.headers["webhook-signature"]


async def test_what_is_edited_published_or_not_meant_to_be_told_tells_nothing(
    post: Mailing, story: Story, readers: Readers
) -> None:
    before = {channel: len(reader.heard()) for channel, reader in readers.items()}
    await story.open(notify=False)
    await story.edit(name="Slower answers")
    await update("resolved", notify=False)(story)
    await story.publish_postmortem()
    await story.schedule(notify=False)
    await story.edit(name="Downgrade", notify=True)
    await nothing_is_left(post)
    assert {channel: len(reader.heard()) for channel, reader in readers.items()} == before


async def subscribe(post: Mailing, story: Story, readers: Readers) -> None:
    """Whoever was asked by a link follows it; a webhook has answered its challenge."""
    for channel, reader in readers.items():
        asking = {"channel_type": channel, "channel_value": reader.address, "statuspage_id": story.page["id"]}
        assert (await post.ask(asking)).status == 201
        await heard(reader, 1, f"the question by {channel}")
        [question] = reader.heard()
        if channel is not ChannelType.WEBHOOK:
            assert question.subject == ASKED
            assert (await post.verify(question.own[0].rpartition("/")[2])).status == 200
    await eventually(lambda: verified(post, story, len(readers)), 10, "everybody is subscribed")
    await post.policies_are_done()


async def verified(post: Mailing, story: Story, count: int) -> bool:
    return bool((await post.listed(story.page))["counts"]["verified"] == count)


async def heard(reader: Reader, count: int, description: str) -> None:
    await eventually(lambda: len(reader.heard()) >= count, 10, description)


async def nothing_is_left(post: Mailing) -> None:
    """Whatever was to be told has been."""
    await post.policies_are_done()
    left = """
    SELECT count(*) FROM (
        SELECT event_id FROM notify.plans WHERE done_at IS NULL
        UNION ALL SELECT event_id FROM notify.deliveries WHERE state <> 'sent'
    ) unfinished
    """

    async def done() -> bool:
        return bool(await post.value(left) == 0)

    await eventually(done, 10, "every delivery is sent")


def signature(signs: Webhook, message: Received) -> str:
    """By the reference library, for the time that the message names."""
    at = datetime.fromtimestamp(int(message.headers["webhook-timestamp"]), UTC)
    return signs.sign(message.headers["webhook-id"], at, message.body.decode())

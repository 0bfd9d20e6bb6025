"""Whoever unsubscribes while others are being told is told no more, however long that goes on."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from eventstore.pool import connect_pool
from service.config import Settings
from service.vault.links import Links, Purpose
from tests.environment.mails.mail_sink import MailSink, mail_sink
from tests.environment.waiting import eventually
from tests.service.deployment import Deployment, deploy
from tests.workers.crowd import crowd
from tests.workers.subscribers import Subscribers

READERS, LEAVING = 150, 20
RATE = 16
PROMISED_SECONDS = 5
SETTLED = "SELECT count(*) = $1 FROM notify.deliveries WHERE finished_at IS NOT NULL"


@dataclass(frozen=True)
class FanOut:
    """An incident is being told to `addresses` (by subscription), at the mail server's pace."""

    deployment: Deployment
    sink: MailSink
    addresses: dict[UUID, str]

    async def not_told_yet(self) -> list[UUID]:
        await self.sink.progress()
        told = {taken.recipient for taken in self.sink.record.taken}
        return [reader for reader, address in self.addresses.items() if address not in told]

    async def unsubscribe(self, reader: UUID) -> float:
        """When it was answered, on the clock of the record."""
        answer = await self.deployment.visitor().delete(f"/v1/subscription/{_token(reader)}")
        assert answer.status == 200
        return time.monotonic()

    async def is_over(self) -> bool:
        return bool(await self.deployment.core.pool.fetchval(SETTLED, len(self.addresses)))


@pytest.fixture
async def fan_out(database: str, tmp_path: Path) -> AsyncIterator[FanOut]:
    async with await connect_pool(database) as pool, mail_sink(tmp_path, "mails", RATE) as sink:
        subscribers = Subscribers(pool)
        page_id = await subscribers.page()
        addresses = await crowd(subscribers, page_id, READERS)
        for reader in addresses:
            await Links(pool).put(reader, {Purpose.MANAGE: _token(reader)})
        settings = Settings.model_validate({"DATABASE_URL": database}).model_copy(
            update={"amqp_url": None, "smtp_url": sink.url}
        )
        async with deploy(settings) as deployment:
            await subscribers.open_incident(page_id)
            yield FanOut(deployment, sink, addresses)


def _token(reader: UUID) -> str:
    """Of a link in an earlier mail."""
    return f"link-of-{reader}"


async def test_nobody_is_mailed_five_seconds_after_unsubscribing(fan_out: FanOut) -> None:
    await eventually(lambda: fan_out.sink.record.path.stat().st_size > 0, 10, "the first mails")
    waiting = await fan_out.not_told_yet()
    leaving = waiting[:: len(waiting) // LEAVING]  # some of them are in a deliverer's hand already
    answered = {fan_out.addresses[reader]: await fan_out.unsubscribe(reader) for reader in leaving}
    await eventually(fan_out.is_over, 60, "everybody told")
    stayed = set(await fan_out.not_told_yet())
    assert stayed, "all who left were told before"
    assert stayed <= set(leaving), "somebody who stayed was not told"
    late = [
        taken
        for taken in fan_out.sink.record.taken
        if taken.at > answered.get(taken.recipient, taken.at) + PROMISED_SECONDS
    ]
    assert late == []
    assert fan_out.sink.record.taken[-1].at > max(answered.values()) + PROMISED_SECONDS, (
        "it was over too soon"
    )

"""Deliverers end again and again while mails go out: everybody gets one, and nobody two without need."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.faults.chance import seeded
from tests.faults.database import OwnDatabase
from tests.faults.mails.judging import judge, on_the_wire, repeated
from tests.faults.mails.mailroom import Desk, Mailroom, mailroom
from tests.faults.nemesis import KILLS, End, grows, kill_repeatedly, say
from tests.faults.program import Program
from workers.delivery.ledger import LEASE

pytestmark = pytest.mark.faults
ENDS = KILLS * 5
MAILS = max(ENDS * 40, 4000)
"""In a short run as well more than what was claimed by those that were killed within a lease."""
MAILS_FOR_STOPS = 1000 + ENDS * 60
"""Nothing is held back by a lease: some 45 mails go out from one stop to the next, and more during the last,
when the other deliverer is left in peace."""
RATE = 40
"""Mails a second and deliverer: after half a second of life, at most, enough is left for the others."""
SAY_EVERY = 20
LEASE_SECONDS = LEASE.total_seconds()
AT_WORK_SECONDS = 2 * LEASE_SECONDS
"""At worst everything that is due is claimed by those that were killed."""
REST_SECONDS = 2 * LEASE_SECONDS + MAILS_FOR_STOPS / RATE


async def test_kill_9_of_deliverers_loses_no_mail_and_repeats_only_what_was_on_the_wire(
    own_database: OwnDatabase, amqp_url: str | None, tmp_path: Path
) -> None:
    async with mailroom(tmp_path, own_database.dsn, amqp_url, readers=MAILS, rate=RATE) as room:
        await end_repeatedly(room, Program.kill)
        states = await room.states()
    _tell(room)
    assert states == {"sent": len(room.addresses)}
    judge(room.records, room.addresses)


async def test_stopping_deliverers_loses_no_mail_and_repeats_none(
    own_database: OwnDatabase, amqp_url: str | None, tmp_path: Path
) -> None:
    async with mailroom(tmp_path, own_database.dsn, amqp_url, readers=MAILS_FOR_STOPS, rate=RATE) as room:
        await end_repeatedly(room, Program.stop)
        states = await room.states()
    _tell(room)
    assert states == {"sent": len(room.addresses)}
    judge(room.records, room.addresses)
    assert repeated(room.records) == []


async def end_repeatedly(room: Mailroom, end: End) -> None:
    """Now this deliverer, now that, whenever it is at work; then leave both in peace until all is sent."""
    numbers = iter(range(1, ENDS + 1))

    async def of(desk: Desk, chance: random.Random) -> None:
        await grows(desk.sink.progress, "its first mail", AT_WORK_SECONDS)
        for number in numbers:
            await kill_repeatedly(
                desk.deliverer, 1, desk.sink.progress, chance, within=AT_WORK_SECONDS, end=end
            )
            if number % SAY_EVERY == 0:
                say(f"deliverers: ended {number} times")

    await asyncio.gather(*(of(desk, seeded(number)) for number, desk in enumerate(room.desks)))
    await room.settled(REST_SECONDS)


def _tell(room: Mailroom) -> None:
    say(f"{len(room.addresses)} mails, {sum(desk.deliverer.starts for desk in room.desks)} deliverers; ")
    say(f"{len(repeated(room.records))} sent again of {len(on_the_wire(room.records))} that were on the wire")

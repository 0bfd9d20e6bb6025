"""Deliverers end again and again while mails go out: everybody gets one, and nobody two without need."""

import asyncio
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
MAILS_AN_END = 40
RATE = 80
"""Mails a second and deliverer: half a second of life, at most, leaves enough for the next one."""
LEASE_SECONDS = LEASE.total_seconds()
AT_WORK_SECONDS = 2 * LEASE_SECONDS
"""At worst everything that is due is claimed by those that were killed."""
REST_SECONDS = 2 * LEASE_SECONDS + ENDS * MAILS_AN_END / RATE


async def test_kill_9_of_deliverers_loses_no_mail_and_repeats_only_what_was_on_the_wire(
    own_database: OwnDatabase, tmp_path: Path
) -> None:
    async with mailroom(tmp_path, own_database.dsn, readers=ENDS * MAILS_AN_END, rate=RATE) as room:
        await end_repeatedly(room, Program.kill)
        states = await room.states()
    _tell(room)
    assert states == {"sent": len(room.addresses)}
    judge(room.records, room.addresses)


async def test_stopping_deliverers_loses_no_mail_and_repeats_none(
    own_database: OwnDatabase, tmp_path: Path
) -> None:
    async with mailroom(tmp_path, own_database.dsn, readers=ENDS * MAILS_AN_END, rate=RATE) as room:
        await end_repeatedly(room, Program.stop)
        states = await room.states()
    _tell(room)
    assert states == {"sent": len(room.addresses)}
    judge(room.records, room.addresses)
    assert repeated(room.records) == []


async def end_repeatedly(room: Mailroom, end: End) -> None:
    """Both deliverers, each whenever it is at work, and then leave them in peace until all is sent."""

    async def of(desk: Desk, number: int) -> float:
        await grows(desk.sink.progress, "its first mail", AT_WORK_SECONDS)
        return await kill_repeatedly(
            desk.deliverer,
            ENDS // len(room.desks),
            desk.sink.progress,
            seeded(number),
            within=AT_WORK_SECONDS,
            end=end,
        )

    longest = await asyncio.gather(*(of(desk, number) for number, desk in enumerate(room.desks)))
    say(f"at most {max(longest):.1f} s from an end to the next mail")
    await room.settled(REST_SECONDS)


def _tell(room: Mailroom) -> None:
    say(f"{len(room.addresses)} mails, {sum(desk.deliverer.starts for desk in room.desks)} deliverers; ")
    say(f"{len(repeated(room.records))} sent again of {len(on_the_wire(room.records))} that were on the wire")

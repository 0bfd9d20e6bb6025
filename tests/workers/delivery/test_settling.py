"""Outcomes are noted together, and nobody goes on before theirs is."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from eventstore.store import StoreUnavailable
from tests.workers.delivery.test_gate import delivery_to
from workers.delivery import settling
from workers.delivery.delivery import Delivery
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import Outcome, Sent
from workers.delivery.settling import AT_ONCE, Settling

STOP = asyncio.Event()


class SlowLedger:
    """Notes nothing until it `may`; `held`: the number of a write that must wait longer."""

    def __init__(self, held: int | None = None) -> None:
        self.may = asyncio.Event()
        self.longer = asyncio.Event()
        self.begun: list[int] = []
        self.away = False
        self._held = held

    async def settle(self, outcomes: Sequence[tuple[Delivery, Outcome]]) -> None:
        self.begun.append(len(outcomes))
        held = len(self.begun) == self._held
        await self.may.wait()
        if held:
            await self.longer.wait()
        if self.away:
            raise StoreUnavailable("away")


def noting(ledger: SlowLedger, count: int) -> list[asyncio.Task[None]]:
    port = Settling(cast(Ledger, ledger))
    return [asyncio.create_task(port.note(delivery_to("a.example"), Sent(), STOP)) for _ in range(count)]


async def test_nobody_goes_on_before_their_own_outcome_is_noted() -> None:
    ledger = SlowLedger(held=AT_ONCE + 1)
    tasks = noting(ledger, 20)
    done, _ = await asyncio.wait(tasks, timeout=0.1)
    assert (len(done), len(ledger.begun)) == (0, AT_ONCE)
    ledger.may.set()  # those that share the third write have places free, and not their own note
    done, _ = await asyncio.wait(tasks, timeout=0.1)
    assert len(done) == AT_ONCE
    ledger.longer.set()
    await asyncio.gather(*tasks)
    assert sum(ledger.begun) == 20


async def test_what_ends_while_notes_are_written_shares_the_next_one() -> None:
    ledger = SlowLedger()
    tasks = noting(ledger, 20)
    await asyncio.wait(tasks, timeout=0.1)
    ledger.may.set()
    await asyncio.gather(*tasks)
    assert len(ledger.begun) <= AT_ONCE + 1


async def test_a_store_that_stays_away_is_said_and_holds_up_nobody_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settling, "SETTLE_SECONDS", 0.0)
    ledger = SlowLedger()
    ledger.away = True
    tasks = noting(ledger, 20)
    await asyncio.wait(tasks, timeout=0.1)
    ledger.may.set()
    ended = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert {type(each) for each in ended} == {StoreUnavailable, type(None)}

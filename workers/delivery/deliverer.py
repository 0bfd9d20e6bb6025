"""Sends what is due, many at once; any number of deliverers share the work."""

import asyncio

import structlog

from eventstore.store import StoreUnavailable
from workers.delivery.delivery import Delivery
from workers.delivery.gate import Gate
from workers.delivery.outcomes import Outcome, Sent, Untried
from workers.delivery.sending import Sending
from workers.delivery.settling import Settling
from workers.delivery.source import Source
from workers.delivery.turns import Turns

PATIENCE_SECONDS = 4.0
"""How long after its claim a delivery may begin: 5 s after unsubscribing nobody is told anything more."""
FINISH_SECONDS = 9.0
"""How long the messages in hand may take after a stop."""
POLL = 1.0
log = structlog.get_logger()


class Deliverer:
    def __init__(self, source: Source, settling: Settling, sending: Sending, gate: Gate) -> None:
        self._source = source
        self._settling = settling
        self._sending = sending
        self._gate = gate
        self._turns = Turns(gate.bounds.sending, gate.bounds.aside)
        self._room = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; messages in hand are finished, what is only claimed is handed back."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as bound, asyncio.TaskGroup() as tasks:
                tasks.create_task(self._wake(stop))
                while not stop.is_set():
                    await self._turn(tasks, stop)
                bound.reschedule(loop.time() + FINISH_SECONDS)
        except TimeoutError:
            log.warning("stopped with messages in hand, which are sent again", count=self._gate.in_hand)
        finally:
            await self._sending.close()

    async def _turn(self, tasks: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        self._room.clear()
        room = self._gate.room()
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        claimed = await self._claim() if room else []
        for delivery in claimed:
            self._gate.enter(delivery)
            tasks.create_task(self._deliver(delivery, until, stop))
        if room and not claimed:
            self._gate.nothing_found()
        if len(claimed) < max(room, 1):
            await self._news()

    async def _claim(self) -> list[Delivery]:
        claimed: list[Delivery] = []
        try:
            claimed = await self._source.claim(self._gate.choice())
            await self._sending.prepare(claimed)
        except StoreUnavailable as error:
            log.warning("store out of reach", worker="deliverer", error=str(error))
            for delivery in claimed:
                await self._source.settled(delivery)
            return []
        return claimed

    async def _wake(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._room.set()

    async def _news(self) -> None:
        """Until there may be something to claim, or room for it."""
        news = [asyncio.ensure_future(each) for each in (self._source.news(POLL), self._room.wait())]
        await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)
        for each in news:
            each.cancel()
        await asyncio.wait(news)

    async def _deliver(self, delivery: Delivery, until: float, stop: asyncio.Event) -> None:
        try:
            # Noted before the next begins: a crash repeats what is on the wire, and nothing else.
            async with self._turns.taken():
                self._look_for_room()
                outcome = self._gate.leave(delivery, await self._outcome(delivery, until, stop))
                if not isinstance(outcome, Sent | Untried):
                    log.info("delivery", delivery_id=str(delivery.delivery_id), outcome=repr(outcome))
                await self._noted(delivery, outcome, stop)
            await self._source.settled(delivery)
        finally:
            self._look_for_room()

    def _look_for_room(self) -> None:
        if self._gate.room():
            self._room.set()

    async def _noted(self, delivery: Delivery, outcome: Outcome, stop: asyncio.Event) -> None:
        try:
            await self._settling.note(delivery, outcome, stop)
        except StoreUnavailable as error:
            log.warning("not noted, it comes again", delivery_id=str(delivery.delivery_id), error=str(error))

    async def _outcome(self, delivery: Delivery, until: float, stop: asyncio.Event) -> Outcome:
        late = asyncio.get_running_loop().time() > until
        with self._gate.beginning() as may_begin:
            if late or stop.is_set() or not may_begin:
                return Untried()
            return await self._sending.attempt(delivery)

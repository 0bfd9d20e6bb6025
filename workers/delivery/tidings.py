"""What an event tells, written once for all its readers and kept while it is sent to them."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID, uuid4

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.commands.handler import CommandHandler, Origin
from service.commands.letterheads import FindWriter
from service.domain.errors import NotAllowed, NotFound, Rejected
from service.domain.incident import INCIDENT
from service.domain.maintenance import MAINTENANCE
from service.notices import Told, letterhead_of, notice_of, tells, told
from service.readmodels.rendering import Places, media_url
from workers.delivery.channel import Tidings
from workers.delivery.delivery import Delivery

KEPT = 16
FRESH_SECONDS = 5.0
"""How long after a page was hidden or renamed its mails may not know of it."""
Key = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class TidingsDesk:
    """Raises Rejected for what is not to be told any more, TooManyConflicts, StoreUnavailable."""

    store: EventStore
    codec: Codec
    commands: CommandHandler
    places: Places
    _known: OrderedDict[Key, tuple[float, Tidings | Rejected]] = field(default_factory=OrderedDict)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, delivery: Delivery) -> Tidings:
        """What a notice's delivery tells; to be asked for notices alone."""
        known = self._fresh(_key(delivery))
        if known is None:
            async with self._writing:  # once, for all who ask for it meanwhile
                known = self._fresh(_key(delivery)) or await self._written_anew(delivery)
        if isinstance(known, Rejected):
            raise known
        return known

    def _fresh(self, key: Key) -> Tidings | Rejected | None:
        written_at, known = self._known.get(key, (0.0, None))
        return None if written_at + FRESH_SECONDS < monotonic() else known

    async def _written_anew(self, delivery: Delivery) -> Tidings | Rejected:
        key = _key(delivery)
        known: Tidings | Rejected
        try:
            known = await self._write(delivery)
        except Rejected as refusal:
            known = refusal
        self._known[key] = monotonic(), known
        self._known.move_to_end(key)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return known

    async def _write(self, delivery: Delivery) -> Tidings:
        telling = self._told(delivery, await self._stream(delivery))
        looking, find = Origin(uuid4(), "deliverer"), FindWriter(telling.page_id, telling.components.keys())
        page, names = (await self.commands.run(looking, str(uuid4()), find)).result or (None, {})
        if page is None or not tells(page):
            raise NotAllowed("The status page is not shown to the public.")
        settings = page.settings
        url, logo = f"{self.places.base_url}/p/{settings.subdomain}", media_url(settings.logo, self.places)
        letterhead = letterhead_of(settings, url, logo)
        # Markdown can be made to take half a second of work.
        notice = await asyncio.to_thread(notice_of, telling, letterhead, names, delivery.gathered)
        return Tidings(telling, notice)

    async def _stream(self, delivery: Delivery) -> list[RecordedEvent]:
        decider = INCIDENT if delivery.kind.startswith("incident.") else MAINTENANCE
        return await self.store.read_stream(decider.stream(delivery.thing_id))

    def _told(self, delivery: Delivery, stream: list[RecordedEvent]) -> Told:
        version = next((each.version for each in stream if each.event_id == delivery.event_id), 0)
        telling = told([self.codec.decode(each) for each in stream], version) if version else None
        if telling is None:
            raise NotFound("There is no such event, or it tells nothing.")
        return telling


def _key(delivery: Delivery) -> Key:
    """How many others a message stands for is among its words."""
    return delivery.event_id, delivery.gathered

"""The calls that hand an organisation its events: part by part, and as they happen."""

import asyncio
import re
from collections.abc import AsyncGenerator

from eventstore.bus import envelope
from eventstore.events import RecordedEvent, Selected, Selection
from eventstore.store import EventStore, StoreUnavailable
from eventstore.tail import Tail
from eventstore.waiting import within
from service.domain.errors import NotFound
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.live import frames
from service.http.live.hold import MEDIA_TYPE
from service.http.problems import MALFORMED_REQUEST, Problem
from service.http.routing import Endpoint
from service.http.schemas.events import EventsAnswer, EventsQuery, LiveQuery

TAG = "Events"
PART = 100
TICK_SECONDS = 1.0
LAST_EVENT_ID = "Last-Event-ID"
IS_POSITION = re.compile(r"[0-9]{1,18}").fullmatch


class Events:
    """`tail`: what live connections of this process share."""

    def __init__(self, store: EventStore, tail: Tail) -> None:
        self._store = store
        self._tail = tail

    async def get(self, call: Call) -> Reply:
        """The organisation's events after a position, in order. Ask again with `next_after` as `after`; when
        it has come to `head`, there is nothing more for now. They are the same events as on RabbitMQ."""
        query: EventsQuery = call.query or EventsQuery()
        selection = await self._selection(call, query)
        part = await self._store.read_selected(selection, query.after or 0, query.limit)
        body = {
            "events": [envelope.envelope(event) for event in part.events],
            "next_after": part.upto,
            "head": part.head,
        }
        return Reply(200, body)

    async def follow(self, call: Call) -> Reply:
        """The same as server-sent events: first what has happened since, then each event as it happens. Its
        `id` is its position; sent back as `Last-Event-ID` it goes on from there, whatever `after` says.
        Comments keep a quiet connection open. An organisation may have 20 connections to one process."""
        query: LiveQuery = call.query or LiveQuery()
        after = _last_event_id(call)
        selection = await self._selection(call, query)
        return Reply(live=self._frames(selection, (query.after or 0) if after is None else after))

    async def _selection(self, call: Call, query: EventsQuery | LiveQuery) -> Selection:
        page_id = query.statuspage_id
        if page_id is not None and await self._store.owner(page_id) != call.organisation_id:
            raise NotFound("There is no such status page.")
        return Selection(call.organisation_id, page_id, query.types)

    async def _frames(self, selection: Selection, after: int) -> AsyncGenerator[bytes, None]:
        """Something at least every second, even if it is nothing."""
        async with self._tail.following(selection.tenant_id) as bell:
            while True:
                bell.clear()
                part = await self._read(selection, after)
                if part is None:
                    yield b""
                    await asyncio.sleep(TICK_SECONDS)
                    continue
                after = part.upto
                yield b"".join(_frame(event) for event in part.events)
                while part.upto >= part.head and not await within(TICK_SECONDS, bell):
                    yield b""

    async def _read(self, selection: Selection, after: int) -> Selected | None:
        """None while the database is away: the connection stays, and goes on when it is back."""
        try:
            return await self._tail.read(selection, after, PART)
        except StoreUnavailable:
            return None

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/events",
                handler=self.get,
                summary="Read events",
                scope=Scope.EVENTS_READ,
                tag=TAG,
                query=EventsQuery,
                answers={200: EventsAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/events/stream",
                handler=self.follow,
                summary="Follow events as they happen",
                scope=Scope.EVENTS_READ,
                tag=TAG,
                query=LiveQuery,
                answers={200: None},
                problems=(404, 429),
                media_type=MEDIA_TYPE,
            ),
        ]


def _frame(event: RecordedEvent) -> bytes:
    return frames.event(event.position, envelope.encode(event))


def _last_event_id(call: Call) -> int | None:
    """None: the client has none yet. Raises Problem 400."""
    given = call.request.headers.get(LAST_EVENT_ID, "")
    if not given:
        return None
    if not IS_POSITION(given):
        raise Problem(MALFORMED_REQUEST, f"{LAST_EVENT_ID} is no position.")
    return int(given)

"""`statuspages events`: the log, as it is and as it grows."""

import asyncio
import sys
from collections.abc import AsyncIterator

import orjson
from cyclopts import App

from eventstore.bus.envelope import encode
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.cli.administering import administration
from service.cli.running import load_settings, run, stop_on_signals

events = App(name="events", help="Read the log of events.")
PAGE = 1000
SHORT = 100


@events.command
def read(
    *,
    after: int = 0,
    limit: int = 100,
    type: str | None = None,
    stream: str | None = None,
    json: bool = False,
) -> None:
    """Print events in the order of the log.

    Parameters
    ----------
    after
        Begin beyond this position.
    limit
        At most so many.
    type
        Only this event type, such as ComponentStatusChanged.
    stream
        Only this stream, such as component-<id>.
    json
        One CloudEvents JSON object a line.
    """
    run(_read(after, limit, type, stream, as_json=json))


@events.command
def tail(*, after: int | None = None, json: bool = False) -> None:
    """Print events as they are recorded, until Ctrl-C.

    Parameters
    ----------
    after
        Begin beyond this position; without it, at the end of the log.
    json
        One CloudEvents JSON object a line.
    """
    run(_tail(after, as_json=json))


async def _read(after: int, limit: int, type_: str | None, stream: str | None, *, as_json: bool) -> None:
    async with administration(load_settings()) as core:
        left = limit
        async for event in _events(core.store, after, stream):
            if left == 0:
                return
            if type_ in (None, event.type):
                _print(event, as_json=as_json)
                left -= 1


async def _events(store: EventStore, after: int, stream: str | None) -> AsyncIterator[RecordedEvent]:
    if stream is not None:
        for event in await store.read_stream(stream):
            if event.position > after:
                yield event
        return
    while page := await store.read_log(after, PAGE):
        for event in page:
            yield event
        after = page[-1].position


async def _tail(after: int | None, *, as_json: bool) -> None:
    stop = stop_on_signals()
    async with administration(load_settings()) as core:
        start = await core.store.head() if after is None else after

        async def follow() -> None:
            async for page in core.feed.follow(start):
                for event in page:
                    _print(event, as_json=as_json)

        following = asyncio.create_task(follow())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
        following.cancel()
        stopping.cancel()


def _print(event: RecordedEvent, *, as_json: bool) -> None:
    sys.stdout.write(encode(event).decode() if as_json else _line(event))
    sys.stdout.write("\n")
    sys.stdout.flush()


def _line(event: RecordedEvent) -> str:
    data = orjson.dumps(event.data).decode()
    shown = data if len(data) <= SHORT else f"{data[:SHORT]}..."
    moment = event.recorded_at.isoformat(timespec="milliseconds")
    return f"{event.position:>8}  {moment}  {event.type:<24} {event.stream} v{event.version}  {shown}"

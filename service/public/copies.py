"""Rendered copies of pages: a flood renders once, and what was rendered last outlives the database."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from eventstore.store import StoreUnavailable
from service.clock import Clock
from service.domain.uptime import DEFAULT_WEIGHTS, Course, Weights
from service.public.bars import WINDOW, Bars, draw
from service.public.markup import page_html
from service.readmodels.rendering import PageView
from service.timestamps import text

CAPACITY = 1_000
RENEW_AFTER = timedelta(seconds=30)
RETRY_AFTER = timedelta(seconds=2)
WAIT_AFTER = timedelta(minutes=5)
"""From this age on a visitor waits for a new copy; a younger one is served while it is renewed."""
SAY_AFTER = timedelta(seconds=60)
log = structlog.get_logger()


class History(Protocol):
    """As service.readmodels.statistics has it."""

    async def courses_of(
        self, components: Sequence[UUID], window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
    ) -> Mapping[UUID, Course]: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """`bars` by component id, read at `as_of`; None: nothing was ever read."""

    as_of: datetime | None
    bars: Mapping[str, Bars]


@dataclass(frozen=True, slots=True)
class Copy:
    """`etag` without quotes. `position`: of the page that it shows."""

    body: bytes
    etag: str
    position: int
    made_at: datetime
    due_at: datetime
    figures: Figures


class Copies:
    def __init__(self, history: History, clock: Clock, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self._history = history
        self._clock = clock
        self._weights = weights
        self._kept: OrderedDict[UUID, Copy] = OrderedDict()
        self._making: dict[UUID, tuple[int, asyncio.Task[Copy]]] = {}

    async def of(self, view: PageView) -> Copy:
        """Never older than the page's last event."""
        kept, now = self._kept.get(view.page_id), self._clock()
        if kept is None or kept.position != view.position or now - kept.made_at >= WAIT_AFTER:
            return await asyncio.shield(self._make_once(view))
        if now >= kept.due_at:
            self._make_once(view)
        return kept

    async def close(self) -> None:
        """Give up what is being rendered."""
        making = [task for _, task in self._making.values()]
        for task in making:
            task.cancel()
        if making:
            await asyncio.wait(making)

    def _make_once(self, view: PageView) -> asyncio.Task[Copy]:
        position, going = self._making.get(view.page_id, (None, None))
        if going is not None and position == view.position:
            return going
        task = asyncio.create_task(self._make(view))
        self._making[view.page_id] = (view.position, task)
        task.add_done_callback(lambda done: self._made(view.page_id, done))
        return task

    def _made(self, page_id: UUID, task: asyncio.Task[Copy]) -> None:
        if self._making.get(page_id, (None, None))[1] is not task:
            return  # a newer state of the page is on its way
        del self._making[page_id]
        if not task.cancelled() and task.exception() is None:
            self._keep(page_id, task.result())

    def _keep(self, page_id: UUID, copy: Copy) -> None:
        self._kept[page_id] = copy
        self._kept.move_to_end(page_id)
        if len(self._kept) > CAPACITY:
            self._kept.popitem(last=False)

    async def _make(self, view: PageView) -> Copy:
        now = self._clock()
        try:
            figures, due_at = await self._figures(view, now), now + RENEW_AFTER
        except StoreUnavailable as error:
            log.warning("statistics out of reach", statuspage_id=str(view.page_id), error=str(error))
            figures, due_at = self._last_figures(view), now + RETRY_AFTER
        body = await asyncio.to_thread(page_html, view, figures.bars, _age(figures, now))
        etag = blake2b(body, digest_size=12).hexdigest()
        return Copy(body, etag, view.position, now, due_at, figures)

    async def _figures(self, view: PageView, now: datetime) -> Figures:
        ids = [UUID(component_id) for component_id in view.document["components"]]
        zone = ZoneInfo(view.statuspage["time_zone"])
        courses = await self._history.courses_of(ids, (now - WINDOW, now), zone, now)
        return Figures(now, await asyncio.to_thread(_bars, courses, zone, now, self._weights))

    def _last_figures(self, view: PageView) -> Figures:
        kept = self._kept.get(view.page_id)
        return kept.figures if kept else Figures(None, {})


def _bars(courses: Mapping[UUID, Course], zone: ZoneInfo, now: datetime, weights: Weights) -> dict[str, Bars]:
    return {str(component_id): draw(each, zone, now, weights) for component_id, each in courses.items()}


def _age(figures: Figures, now: datetime) -> str | None:
    as_of = figures.as_of
    return text(as_of) if as_of is not None and now - as_of > SAY_AFTER else None

"""Pages by subdomain, known also while the database is away."""

import asyncio
from collections import OrderedDict
from typing import Protocol
from uuid import UUID

from eventstore.store import StoreUnavailable
from service.readmodels.rendering import PageView

CAPACITY = 5_000


class Pages(Protocol):
    """As service.readmodels.pages has them."""

    async def get(self, page_id: UUID) -> PageView | None: ...

    async def by_subdomain(self, subdomain: str) -> PageView | None: ...


class Directory:
    """Remembers who had a subdomain last, so that only the first visitor needs a query to find out."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._last: OrderedDict[str, PageView] = OrderedDict()
        self._finding: dict[str, asyncio.Task[PageView | None]] = {}

    async def find(self, subdomain: str) -> PageView | None:
        """The enabled page, as it is or, while the database is away, as it was last seen.

        None: there is none. Raises StoreUnavailable where nothing was ever seen.
        """
        last = self._last.get(subdomain)
        try:
            view = await self._current(subdomain, last)
        except StoreUnavailable:
            if last is None:
                raise
            view = last
        self._remember(subdomain, view)
        return view if view is not None and view.statuspage["enabled"] else None

    async def _current(self, subdomain: str, last: PageView | None) -> PageView | None:
        if last is not None:
            view = await self._pages.get(last.page_id)
            if view is not None and view.statuspage["subdomain"] == subdomain:
                return view  # else the page was deleted or renamed, and another may have the name by now
        return await self._find_once(subdomain)

    async def _find_once(self, subdomain: str) -> PageView | None:
        task = self._finding.get(subdomain)
        if task is None:
            task = self._finding[subdomain] = asyncio.ensure_future(self._pages.by_subdomain(subdomain))
            task.add_done_callback(lambda _: self._finding.pop(subdomain, None))
        return await asyncio.shield(task)

    def _remember(self, subdomain: str, view: PageView | None) -> None:
        if view is None:
            self._last.pop(subdomain, None)
            return
        self._last[subdomain] = view
        self._last.move_to_end(subdomain)
        if len(self._last) > CAPACITY:
            self._last.popitem(last=False)

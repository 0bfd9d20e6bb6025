"""Status pages as the API serves them: from memory while they are known, from the read model otherwise."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.readmodels import cursor
from service.readmodels.rendering import PageView, Places, render

GET = "SELECT key, document, position FROM rm.pages WHERE key = $1 AND document IS NOT NULL"
GET_MANY = "SELECT key, document, position FROM rm.pages WHERE key = ANY($1::text[])"
CHANGED = "SELECT key FROM rm.pages WHERE position > $1"
BY_SUBDOMAIN = "SELECT key FROM rm.pages WHERE subdomain = $1"
BY_DOMAIN = "SELECT key FROM rm.pages WHERE domain = $1 AND organisation_id = $2"
BY_GROUP = """
SELECT key FROM rm.pages WHERE organisation_id = $1 AND document->'layout'->'groups' @> $2::jsonb
"""
LIST = """
SELECT key, document, position FROM rm.pages
WHERE organisation_id = $1 AND (name, key) > ($2, $3)
ORDER BY name, key LIMIT $4
"""


class Pages:
    """Rendered pages by id. `refresh` keeps what is in memory in step with the read model."""

    def __init__(self, pool: Pool, places: Places, capacity: int = 5_000) -> None:
        self._pool = pool
        self._places = places
        self._capacity = capacity
        self._views: OrderedDict[str, PageView] = OrderedDict()
        self._loading: dict[str, asyncio.Task[PageView | None]] = {}
        self._refreshes = 0

    async def get(self, page_id: UUID) -> PageView | None:
        """None: no such page, or deleted."""
        key = str(page_id)
        view = self._views.get(key)
        return view if view is not None else await self._load_once(key)

    async def by_subdomain(self, subdomain: str) -> PageView | None:
        key = await self._value(BY_SUBDOMAIN, subdomain)
        return None if key is None else await self.get(UUID(key))

    async def by_domain(self, domain: str, organisation_id: UUID) -> PageView | None:
        """The organisation's own page with that domain; says nothing about others'."""
        key = await self._value(BY_DOMAIN, domain, organisation_id)
        return None if key is None else await self.get(UUID(key))

    async def by_group(self, group_id: UUID, organisation_id: UUID) -> PageView | None:
        """The organisation's own page that has the group."""
        key = await self._value(BY_GROUP, organisation_id, [{"group_id": str(group_id)}])
        return None if key is None else await self.get(UUID(key))

    async def list(
        self, organisation_id: UUID, limit: int, after: str | None
    ) -> tuple[Sequence[PageView], str | None]:
        """A result set by name, and the cursor of the next one. Raises cursor.BadCursor."""
        name, key = cursor.decode(after, 2) if after else ("", "")
        rows = await self._rows(LIST, organisation_id, name, key, limit + 1)
        views = [self._render(row) for row in rows[:limit]]
        if len(rows) <= limit:
            return views, None
        last = views[-1]
        return views, cursor.encode(last.statuspage["name"], str(last.page_id))

    async def refresh(self, after: int) -> None:
        """Render anew what is in memory and was touched by an event beyond position `after`."""
        self._refreshes += 1
        changed = [row["key"] for row in await self._rows(CHANGED, after)]
        stale = [key for key in changed if key in self._views]
        for row in await self._rows(GET_MANY, stale) if stale else ():
            self._replace(row)

    def clear(self) -> None:
        """Forget everything: the read model has been swapped for another build."""
        self._refreshes += 1
        self._views.clear()

    def _replace(self, row: Any) -> None:
        if row["document"] is None:
            self._views.pop(row["key"], None)
        else:
            self._views[row["key"]] = self._render(row)

    async def _load_once(self, key: str) -> PageView | None:
        """However many ask at once, one of them reads and renders."""
        task = self._loading.get(key)
        if task is None:
            task = self._loading[key] = asyncio.ensure_future(self._load(key))
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        return await asyncio.shield(task)

    async def _load(self, key: str) -> PageView | None:
        refreshes = self._refreshes
        rows = await self._rows(GET, key)
        if not rows:
            return None
        view = self._render(rows[0])
        if refreshes == self._refreshes:  # else it may have changed again after it was read
            self._remember(key, view)
        return view

    def _remember(self, key: str, view: PageView) -> None:
        self._views[key] = view
        if len(self._views) > self._capacity:
            self._views.popitem(last=False)

    async def _rows(self, query: str, *values: Any) -> Sequence[Any]:
        async with connection(self._pool) as conn:
            return await conn.fetch(query, *values)

    async def _value(self, query: str, *values: Any) -> Any:
        async with connection(self._pool) as conn:
            return await conn.fetchval(query, *values)

    def _render(self, row: Any) -> PageView:
        return render(UUID(row["key"]), row["document"], row["position"], self._places)

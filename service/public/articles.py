"""GET and HEAD of one incident or one maintenance of a page, for people: at its `url` in the API."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Protocol
from uuid import UUID

from aiohttp import web

from eventstore.store import StoreUnavailable
from service.clock import Clock
from service.public.answers import NOT_KEPT, answered, shown
from service.public.article import Article, article_html, of_incident, of_maintenance
from service.public.markup import refusal_html
from service.readmodels.incident_rendering import render_incident
from service.readmodels.maintenance_rendering import render_maintenance
from service.readmodels.rendering import PageView

Json = dict[str, Any]
CAPACITY = 1_000
RENEW_AFTER = timedelta(seconds=5)
NOT_THERE = refusal_html("There is nothing here any more", "What was here has been withdrawn, or never was.")


class Source(Protocol):
    """As service.readmodels has incidents, and maintenances."""

    async def get(self, article_id: UUID, /) -> Json | None: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """`current`: where a page has those that are not over. `render`: a document as the JSON of the API."""

    current: str
    render: Callable[[Json, str], Json]
    article: Callable[[Json], Article]


INCIDENT = Kind("incidents", render_incident, of_incident)
MAINTENANCE = Kind("maintenances", render_maintenance, of_maintenance)


@dataclass(frozen=True, slots=True)
class Copy:
    """`position`: of the page when it was made."""

    body: bytes
    etag: str
    page_id: UUID
    position: int
    made_at: datetime


class Articles:
    """Copies are kept for a moment, so that a flood renders seldom, and for when the database is away."""

    def __init__(self, kind: Kind, source: Source, clock: Clock) -> None:
        self._kind = kind
        self._source = source
        self._clock = clock
        self._kept: OrderedDict[UUID, Copy] = OrderedDict()

    async def show(self, request: web.Request, view: PageView) -> web.Response:
        """Raises StoreUnavailable for one that was never shown here."""
        article_id = _uuid(request.match_info["id"])
        copy = await self._copy(view, article_id) if article_id else None
        if copy is None:
            return answered(404, NOT_THERE, NOT_KEPT)
        return shown(request, view, copy.body, copy.etag)

    async def _copy(self, view: PageView, article_id: UUID) -> Copy | None:
        kept = self._kept.get(article_id)
        if kept is not None and kept.page_id != view.page_id:
            return None
        if kept is not None and self._is_fresh(kept, view):
            return kept
        try:
            found = await self._find(view, article_id)
        except StoreUnavailable:
            if kept is None:
                raise
            return kept
        return None if found is None else self._keep(article_id, self._made(view, found))

    def _is_fresh(self, copy: Copy, view: PageView) -> bool:
        return copy.position == view.position and self._clock() - copy.made_at < RENEW_AFTER

    async def _find(self, view: PageView, article_id: UUID) -> Json | None:
        """Those that are not over are known without a query."""
        current: list[Json] = view.statuspage[self._kind.current]
        for each in current:
            if each["id"] == str(article_id):
                return each
        document = await self._source.get(article_id)
        if document is None or document["statuspage_id"] != str(view.page_id):
            return None
        return self._kind.render(document, view.statuspage["url"])

    def _made(self, view: PageView, found: Json) -> Copy:
        body = article_html(view, self._kind.article(found))
        etag = blake2b(body, digest_size=12).hexdigest()
        return Copy(body, etag, view.page_id, view.position, self._clock())

    def _keep(self, article_id: UUID, copy: Copy) -> Copy:
        self._kept[article_id] = copy
        self._kept.move_to_end(article_id)
        if len(self._kept) > CAPACITY:
            self._kept.popitem(last=False)
        return copy


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The calls that read status pages: from memory, as rendered bytes."""

from datetime import datetime

import orjson

from service.clock import Clock
from service.domain.errors import NotFound
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.moments import as_of, checked
from service.http.endpoints.own_pages import own_page
from service.http.routing import Endpoint
from service.http.schemas import pages as schemas
from service.http.schemas.base import Page
from service.http.schemas.components import ComponentsAnswer
from service.past.pages import PagePast
from service.readmodels.cursor import BadCursor
from service.readmodels.pages import Pages

TAG = "Status pages"


class PageQueries:
    def __init__(self, pages: Pages, past: PagePast, clock: Clock) -> None:
        self._pages = pages
        self._past = past
        self._clock = clock

    async def list_own(self, call: Call) -> Reply:
        """The organisation's status pages, by name."""
        query: Page = call.query or Page()
        try:
            views, next_cursor = await self._pages.list(call.organisation_id, query.limit, query.cursor)
        except BadCursor:
            raise bad_cursor() from None
        pages = [orjson.Fragment(view.statuspage_json) for view in views]
        return Reply(200, {"statuspages": pages, "next_cursor": next_cursor})

    async def get(self, call: Call) -> Reply:
        """The settings of one status page."""
        view = await own_page(self._pages, call, call.ids["id"])
        return Reply(200, view.page_body, view.page_etag)

    async def components(self, call: Call) -> Reply:
        """Every component once, in page order, and the groups with the ids of theirs."""
        view = await own_page(self._pages, call, call.ids["id"])
        return Reply(200, view.components_body, view.etag)

    async def unified(self, call: Call) -> Reply:
        """Everything that visitors see: settings, theme, status, components, incidents, maintenances.

        With `at`: everything that they saw at that time, as the log had it by then."""
        query: schemas.UnifiedQuery | None = call.query
        if query is not None and query.at is not None:
            return await self._unified_at(call, checked(query.at, self._clock()))
        view = await own_page(self._pages, call, call.ids["id"])
        return Reply(200, view.unified_body, view.etag)

    async def _unified_at(self, call: Call, moment: datetime) -> Reply:
        then = await self._past.at(call.ids["id"], call.organisation_id, moment)
        if then is None:
            raise NotFound("There was no such status page.")
        said = as_of(moment, then.position, corrected_since=then.corrected_since)
        return Reply(200, {"statuspage": then.view.statuspage, "as_of": said})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspages",
                handler=self.list_own,
                summary="List the organisation's status pages",
                scope=Scope.PAGES_READ,
                tag=TAG,
                query=Page,
                answers={200: schemas.StatusPagesAnswer},
            ),
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}",
                handler=self.get,
                summary="Read a status page",
                scope=Scope.PAGES_READ,
                tag=TAG,
                answers={200: schemas.StatusPageAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/components",
                handler=self.components,
                summary="List a status page's components and groups",
                scope=Scope.PAGES_READ,
                tag=TAG,
                answers={200: ComponentsAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/unified",
                handler=self.unified,
                summary="Read everything that a status page shows",
                scope=Scope.PAGES_READ,
                tag=TAG,
                query=schemas.UnifiedQuery,
                answers={200: schemas.UnifiedAnswer},
                problems=(404, 409),
            ),
        ]

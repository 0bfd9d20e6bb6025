"""The calls that read incidents."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from service.domain.errors import NotFound
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.incident_answers import etag_of
from service.http.endpoints.incident_months import span_of
from service.http.endpoints.own_pages import own_page
from service.http.problems import INVALID_QUERY, FieldError, Problem
from service.http.routing import Endpoint
from service.http.schemas import incident_answers as answers
from service.http.schemas.incidents import IncidentsQuery
from service.readmodels.cursor import BadCursor
from service.readmodels.incident_rendering import render_incident
from service.readmodels.incidents import Incidents, Wanted
from service.readmodels.pages import Pages
from service.readmodels.rendering import PageView

TAG = "Incidents"
OPEN = {"open": True, "resolved": False, "all": None}
EVERY = IncidentsQuery.model_validate({})


class IncidentQueries:
    def __init__(self, incidents: Incidents, pages: Pages) -> None:
        self._incidents = incidents
        self._pages = pages

    async def get(self, call: Call) -> Reply:
        """One incident with its updates; a retracted one is not there."""
        document = await self._incidents.get(call.ids["id"])
        if document is None:
            raise NotFound("There is no such incident.")
        page = await own_page(self._pages, call, UUID(document["statuspage_id"]))
        incident = render_incident(document, page.statuspage["url"])
        return Reply(200, {"incident": incident}, etag_of(document, page))

    async def list_of_page(self, call: Call) -> Reply:
        """A page's incidents with their updates, the newest first."""
        query: IncidentsQuery = call.query or EVERY
        page = await own_page(self._pages, call, call.ids["id"])
        wanted = Wanted(OPEN[query.status], *_span(query, page))
        try:
            found, next_cursor = await self._incidents.list(page.page_id, wanted, query.limit, query.cursor)
        except BadCursor:
            raise bad_cursor() from None
        incidents = [render_incident(document, page.statuspage["url"]) for document in found]
        return Reply(200, {"incidents": incidents, "next_cursor": next_cursor})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/incidents",
                handler=self.list_of_page,
                summary="List a status page's incidents",
                scope=Scope.PAGES_READ,
                tag=TAG,
                query=IncidentsQuery,
                answers={200: answers.IncidentsAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/incident/{id}",
                handler=self.get,
                summary="Read an incident",
                scope=Scope.PAGES_READ,
                tag=TAG,
                answers={200: answers.IncidentAnswer},
                problems=(404,),
            ),
        ]


def _span(query: IncidentsQuery, page: PageView) -> tuple[datetime | None, datetime | None]:
    """Raises Problem 400 for a month beside a span."""
    if query.month is None:
        return query.from_, query.to
    if query.from_ is not None or query.to is not None:
        wrong = FieldError("/month", "not_acceptable", "Give either month, or from and to.")
        raise Problem(INVALID_QUERY, "Not acceptable: month.", errors=[wrong])
    return span_of(query.month, ZoneInfo(page.statuspage["time_zone"]))

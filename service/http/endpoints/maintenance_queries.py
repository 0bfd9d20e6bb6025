"""The calls that read maintenances."""

from uuid import UUID

from service.domain.errors import NotFound
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.maintenance_answers import etag_of
from service.http.endpoints.own_pages import own_page
from service.http.routing import Endpoint
from service.http.schemas import maintenance_answers as answers
from service.http.schemas.maintenances import MaintenancesQuery
from service.readmodels.cursor import BadCursor
from service.readmodels.maintenance_rendering import render_maintenance
from service.readmodels.maintenances import Maintenances
from service.readmodels.pages import Pages

TAG = "Maintenance"
EVERY = MaintenancesQuery.model_validate({})


class MaintenanceQueries:
    def __init__(self, maintenances: Maintenances, pages: Pages) -> None:
        self._maintenances = maintenances
        self._pages = pages

    async def get(self, call: Call) -> Reply:
        """One maintenance with its updates."""
        document = await self._maintenances.get(call.ids["id"])
        if document is None:
            raise NotFound("There is no such maintenance.")
        page = await own_page(self._pages, call, UUID(document["statuspage_id"]))
        maintenance = render_maintenance(document, page.statuspage["url"])
        return Reply(200, {"maintenance": maintenance}, etag_of(document, page))

    async def list_of_page(self, call: Call) -> Reply:
        """A page's maintenances with their updates, the latest start first."""
        query: MaintenancesQuery = call.query or EVERY
        page = await own_page(self._pages, call, call.ids["id"])
        status = None if query.status == "all" else query.status
        try:
            found, next_cursor = await self._maintenances.list(
                page.page_id, status, query.limit, query.cursor
            )
        except BadCursor:
            raise bad_cursor() from None
        maintenances = [render_maintenance(document, page.statuspage["url"]) for document in found]
        return Reply(200, {"maintenances": maintenances, "next_cursor": next_cursor})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/maintenances",
                handler=self.list_of_page,
                summary="List a status page's maintenances",
                scope=Scope.PAGES_READ,
                tag=TAG,
                query=MaintenancesQuery,
                answers={200: answers.MaintenancesAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/maintenance/{id}",
                handler=self.get,
                summary="Read a maintenance",
                scope=Scope.PAGES_READ,
                tag=TAG,
                answers={200: answers.MaintenanceAnswer},
                problems=(404,),
            ),
        ]

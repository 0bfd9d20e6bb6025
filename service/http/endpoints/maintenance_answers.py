"""The maintenance as a write left it: what its caller is shown."""

from uuid import UUID

from service.domain.errors import NotFound
from service.history import MaintenanceHistory
from service.http.call import Call, Reply
from service.http.endpoints.page_answers import PageAnswers
from service.readmodels.maintenance_rendering import Json, render_maintenance
from service.readmodels.rendering import PageView


class MaintenanceAnswers:
    def __init__(self, pages: PageAnswers, history: MaintenanceHistory) -> None:
        self._pages = pages
        self._history = history

    async def created(self, call: Call, maintenance_id: UUID, position: int) -> Reply:
        """201, with the maintenance."""
        maintenance, etag = await self._after(call, maintenance_id, position)
        location = {"Location": f"/v1/maintenance/{maintenance_id}"}
        return Reply(201, {"maintenance": maintenance}, etag, position, location)

    async def changed(self, call: Call, maintenance_id: UUID, position: int, message: str) -> Reply:
        maintenance, etag = await self._after(call, maintenance_id, position)
        return Reply(200, {"message": message, "maintenance": maintenance}, etag, position)

    async def _after(self, call: Call, maintenance_id: UUID, position: int) -> tuple[Json, str]:
        document = await self._history.at(maintenance_id, position)
        if document is None:
            raise NotFound("There is no such maintenance.")
        page = await self._pages.after(call, UUID(document["statuspage_id"]), position)
        return render_maintenance(document, page.statuspage["url"]), etag_of(document, page)


def etag_of(document: Json, page: PageView) -> str:
    """Without quotes. The page is part of it, because the maintenance's URL is the page's."""
    return f"v{document['version']}-p{page.version}"

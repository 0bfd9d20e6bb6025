"""The incident as a write left it: what its caller is shown."""

from uuid import UUID

from service.domain.errors import NotFound
from service.history import IncidentHistory
from service.http.call import Call, Reply
from service.http.endpoints.page_answers import PageAnswers
from service.readmodels.incident_rendering import Json, render_incident
from service.readmodels.rendering import PageView


class IncidentAnswers:
    def __init__(self, pages: PageAnswers, history: IncidentHistory) -> None:
        self._pages = pages
        self._history = history

    async def created(self, call: Call, incident_id: UUID, position: int) -> Reply:
        """201, with the incident. Raises NotFound if somebody took it back in the meantime."""
        incident, etag = await self._after(call, incident_id, position)
        location = {"Location": f"/v1/incident/{incident_id}"}
        return Reply(201, {"incident": incident}, etag, position, location)

    async def changed(self, call: Call, incident_id: UUID, position: int, message: str) -> Reply:
        incident, etag = await self._after(call, incident_id, position)
        return Reply(200, {"message": message, "incident": incident}, etag, position)

    async def _after(self, call: Call, incident_id: UUID, position: int) -> tuple[Json, str]:
        document = await self._history.at(incident_id, position)
        if document is None:
            raise NotFound("The incident has been retracted meanwhile.")
        page = await self._pages.after(call, UUID(document["statuspage_id"]), position)
        return render_incident(document, page.statuspage["url"]), etag_of(document, page)


def etag_of(document: Json, page: PageView) -> str:
    """Without quotes. The page is part of it, because the incident's URL is the page's."""
    return f"v{document['version']}-p{page.version}"

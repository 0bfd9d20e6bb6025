"""The calls that say what an incident or an update would do, by the same rules, and do nothing."""

import asyncio
from uuid import UUID, uuid5

from service.clock import Clock
from service.commands.handler import CommandHandler, UseCase
from service.commands.work import Decided
from service.domain.incident import INCIDENT
from service.domain.statuspage import STATUSPAGE, Page
from service.domain.values import Scope
from service.history import IncidentHistory
from service.http.call import Call, Reply
from service.http.endpoints.incident_drafts import opening_of, update_of
from service.http.endpoints.preview_answers import Previewed, component_names, render_preview
from service.http.endpoints.subscription_queries import sees_addresses
from service.http.routing import Endpoint
from service.http.schemas import incidents as schemas
from service.http.schemas.incident_previews import PreviewAnswer
from service.notices import Letter, Told, letter_of, letterhead_of, notice_of, tells, told
from service.notices.incidents import impact_of
from service.readmodels.audience import NOBODY, Audience, Recipients
from service.readmodels.pages import Pages
from service.readmodels.rendering import Places, media_url

TAG = "Incidents"


class IncidentPreviews:
    def __init__(
        self,
        commands: CommandHandler,
        history: IncidentHistory,
        audience: Audience,
        pages: Pages,
        places: Places,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._history = history
        self._audience = audience
        self._pages = pages
        self._places = places
        self._clock = clock

    async def of_opening(self, call: Call) -> Reply:
        """What opening this incident would do: whom it tells what, and which components it changes. Refused
        as the real call would be. Each preview makes up an id of its own, so the link in it is an example."""
        incident_id = uuid5(call.command_id, "incident")
        return await self._preview(call, incident_id, opening_of(call, incident_id, self._clock()))

    async def of_update(self, call: Call) -> Reply:
        """What this update would do: whom it tells what, and which components it changes. Refused as the
        real call would be."""
        return await self._preview(call, call.ids["id"], update_of(call, self._clock()))

    async def _preview(self, call: Call, incident_id: UUID, use_case: UseCase[None]) -> Reply:
        decided = await self._commands.rehearse(use_case)
        incident = decided[INCIDENT.stream(incident_id)]
        events = [*await self._history.events(incident_id), *incident.events]
        page: Page = decided[STATUSPAGE.stream(incident.after.page_id)].after
        telling = told(events, len(events))
        notify = telling is not None and telling.notify and tells(page)
        previewed = Previewed(
            notify,
            None if telling is None else await self._letter(telling, page, decided),
            incident.after.status,
            impact_of(events, incident.after),
            await self._recipients(telling) if telling is not None and notify else NOBODY,
        )
        return Reply(200, render_preview(previewed, decided, whole=sees_addresses(call.caller)))

    async def _recipients(self, telling: Told) -> Recipients:
        return await self._audience.of(telling.page_id, telling.matter)

    async def _letter(self, telling: Told, page: Page, decided: dict[str, Decided]) -> Letter:
        settings, view = page.settings, await self._pages.get(page.page_id)
        url = f"{self._places.base_url}/p/{settings.subdomain}"
        letterhead = letterhead_of(settings, url, media_url(settings.logo, self._places))
        names = component_names(view, decided)
        # Markdown can be made to take half a second of work.
        return await asyncio.to_thread(lambda: letter_of(notice_of(telling, letterhead, names)))

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage/{id}/incident/preview",
                handler=self.of_opening,
                summary="Preview an incident",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.NewIncident,
                answers={200: PreviewAnswer},
                problems=(404,),
                safe=True,
            ),
            Endpoint(
                method="POST",
                path="/v1/incident/{id}/preview",
                handler=self.of_update,
                summary="Preview an update of an incident",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.UpdateIncident,
                answers={200: PreviewAnswer},
                problems=(404, 409),
                safe=True,
            ),
        ]

"""The calls for one component of a page: add, read, change, remove."""

from typing import Any
from uuid import UUID, uuid5

from service.clock import Clock
from service.commands.arrangement import AddToPage, ChangeComponent, RemoveFromPage
from service.commands.drafts import ComponentDraft
from service.commands.handler import CommandHandler
from service.domain.component import COMPONENT, Details
from service.domain.errors import NotFound
from service.domain.statuspage import STATUSPAGE
from service.domain.values import ComponentType, Scope
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.endpoints.page_answers import PageAnswers
from service.http.endpoints.statistics import owned
from service.http.routing import Endpoint
from service.http.schemas import arrangement as schemas
from service.http.schemas.pages import MessageAnswer
from service.readmodels.pages import Pages
from service.readmodels.rendering import PageView, render_components
from service.readmodels.statistics import ComponentHistory

TAG = "Components"
DEFAULTS: dict[str, Any] = {"type": ComponentType.MANUAL, "only_show_if_degraded": False}


class ComponentCalls:
    def __init__(
        self,
        commands: CommandHandler,
        history: ComponentHistory,
        pages: Pages,
        answers: PageAnswers,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._history = history
        self._pages = pages
        self._answers = answers
        self._clock = clock

    async def get(self, call: Call) -> Reply:
        """One component as it is now."""
        present = owned(await self._history.present(call.ids["id"]), call)
        view = await self._pages.get(present.page_id)
        if view is None:
            raise NotFound("There is no such component.")
        component, etag = _shown(view, call.ids["id"])
        return Reply(200, {"component": component}, etag)

    async def add(self, call: Call) -> Reply:
        """At the end of its group, or of the ungrouped."""
        body: schemas.NewComponent = call.body
        page_id, component_id = call.ids["id"], uuid5(call.command_id, "component")
        details = Details(
            body.name, body.description, body.type, body.resource_id, body.only_show_if_degraded
        )
        draft = ComponentDraft(component_id, details, body.status, "")
        command = AddToPage(page_id, call.organisation_id, draft, body.group_id, self._clock())
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        view = await self._answers.after(call, page_id, done.position)
        component, etag = _shown(view, component_id)
        location = {"Location": f"/v1/component/{component_id}"}
        return Reply(201, {"component": component}, etag, done.position, location)

    async def change(self, call: Call) -> Reply:
        """What is left out stays; null clears. Its status has calls of its own."""
        body: schemas.ChangeComponent = call.body
        component_id = call.ids["id"]
        command = ChangeComponent(
            component_id,
            call.organisation_id,
            _details(body),
            "group_id" in body.model_fields_set,
            body.group_id,
            call.if_match,
            self._clock(),
        )
        done = await self._commands.run(origin(call), COMPONENT.stream(component_id), command)
        if done.result is None:
            raise NotFound("There is no such component.")
        view = await self._answers.after(call, done.result, done.position)
        component, etag = _shown(view, component_id)
        answer = {"message": "The component has been updated.", "component": component}
        return Reply(200, answer, etag, done.position)

    async def remove(self, call: Call) -> Reply:
        """From its page, and from what incidents say from now on."""
        component_id = call.ids["id"]
        command = RemoveFromPage(component_id, call.organisation_id, call.if_match, self._clock())
        done = await self._commands.run(origin(call), COMPONENT.stream(component_id), command)
        return Reply(200, {"message": "The component has been removed."}, None, done.position)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage/{id}/component",
                handler=self.add,
                summary="Add a component",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                body=schemas.NewComponent,
                answers={201: schemas.ComponentAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/component/{id}",
                handler=self.get,
                summary="Read a component",
                scope=Scope.PAGES_READ,
                tag=TAG,
                answers={200: schemas.ComponentAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="PUT",
                path="/v1/component/{id}",
                handler=self.change,
                summary="Update a component",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                body=schemas.ChangeComponent,
                answers={200: schemas.ChangedComponentAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="DELETE",
                path="/v1/component/{id}",
                handler=self.remove,
                summary="Remove a component",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                answers={200: MessageAnswer},
                problems=(404,),
            ),
        ]


def _shown(view: PageView, component_id: UUID) -> tuple[dict[str, Any], str]:
    """The component, and its ETag: its own version, and the page's position for where it stands there."""
    wanted = str(component_id)
    components, _ = render_components(view.document)
    found = next((each for each in components if each["id"] == wanted), None)
    if found is None:
        raise NotFound("There is no such component.")
    return found, f"v{view.document['components'][wanted]['version']}-p{view.position}"


def _details(body: schemas.ChangeComponent) -> dict[str, Any]:
    sent = {name: getattr(body, name) for name in body.model_fields_set - {"group_id"}}
    if sent.get("name", "") is None:
        del sent["name"]
    return {name: DEFAULTS.get(name) if value is None else value for name, value in sent.items()}

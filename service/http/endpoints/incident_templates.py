"""The calls that list, make and delete an organisation's incident templates."""

from uuid import uuid5

from service.clock import Clock
from service.commands import incident_templates as use_cases
from service.commands.handler import CommandHandler, Done, UseCase
from service.domain import incident_template
from service.domain.errors import NotFound
from service.domain.incident_template import INCIDENT_TEMPLATES
from service.domain.values import Scope
from service.history import IncidentTemplateHistory
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.incident_drafts import named
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas import incident_templates as schemas
from service.http.schemas.base import Page
from service.http.schemas.pages import MessageAnswer
from service.readmodels.cursor import BadCursor
from service.readmodels.incident_templates import IncidentTemplateList, render_template

TAG = "Incident templates"
ETAG = f"v{use_cases.VERSION}"


class IncidentTemplateCalls:
    def __init__(
        self,
        commands: CommandHandler,
        templates: IncidentTemplateList,
        history: IncidentTemplateHistory,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._templates = templates
        self._history = history
        self._clock = clock

    async def list_all(self, call: Call) -> Reply:
        """The organisation's templates, by name."""
        query: Page = call.query or Page()
        try:
            found, next_cursor = await self._templates.list(call.organisation_id, query.limit, query.cursor)
        except BadCursor:
            raise bad_cursor() from None
        templates = [render_template(document) for document in found]
        return Reply(200, {"incident_templates": templates, "next_cursor": next_cursor})

    async def create(self, call: Call) -> Reply:
        """For any of the organisation's pages; at most 200, and no name twice, in whatever case."""
        body: schemas.NewIncidentTemplate = call.body
        template_id = uuid5(call.command_id, "incident template")
        command = incident_template.CreateTemplate(
            call.organisation_id,
            template_id,
            body.name,
            body.body,
            named(body.components),
            None if body.variables is None else tuple(body.variables),
            self._clock(),
        )
        done = await self._run(call, use_cases.CreateTemplate(command))
        document = await self._history.at(call.organisation_id, template_id, done.position)
        if document is None:
            raise NotFound("The incident template has been deleted meanwhile.")
        return Reply(201, {"incident_template": render_template(document)}, ETAG, done.position)

    async def delete(self, call: Call) -> Reply:
        """Incidents that were opened with its texts stay as they are."""
        use_case = use_cases.DeleteTemplate(
            call.organisation_id, call.ids["id"], call.if_match, self._clock()
        )
        done = await self._run(call, use_case)
        return Reply(200, {"message": "The incident template has been deleted."}, None, done.position)

    async def _run(self, call: Call, use_case: UseCase[None]) -> Done[None]:
        return await self._commands.run(
            origin(call), INCIDENT_TEMPLATES.stream(call.organisation_id), use_case
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/incident-templates",
                handler=self.list_all,
                summary="List incident templates",
                scope=Scope.PAGES_READ,
                tag=TAG,
                query=Page,
                answers={200: schemas.IncidentTemplatesAnswer},
            ),
            Endpoint(
                method="POST",
                path="/v1/incident-templates",
                handler=self.create,
                summary="Make an incident template",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.NewIncidentTemplate,
                answers={201: schemas.IncidentTemplateAnswer},
            ),
            Endpoint(
                method="DELETE",
                path="/v1/incident-template/{id}",
                handler=self.delete,
                summary="Delete an incident template",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                answers={200: MessageAnswer},
                problems=(404,),
            ),
        ]

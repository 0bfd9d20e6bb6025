"""The calls that change incidents, and with them the components they name."""

from uuid import UUID, uuid5

from service.clock import Clock
from service.commands import incidents as use_cases
from service.commands.handler import CommandHandler, Done, UseCase
from service.domain import incident
from service.domain.incident import INCIDENT
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.incident_answers import IncidentAnswers
from service.http.endpoints.incident_drafts import opening_of, update_of
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas import incident_answers as answers
from service.http.schemas import incidents as schemas
from service.http.schemas.pages import MessageAnswer

TAG = "Incidents"


class IncidentCommands:
    def __init__(self, commands: CommandHandler, incidents: IncidentAnswers, clock: Clock) -> None:
        self._commands = commands
        self._incidents = incidents
        self._clock = clock

    async def open(self, call: Call) -> Reply:
        """Its components take the statuses it gives them, in the same step. With `started_at` they have had
        them since then; with `resolved_at` too it is over, and changes their history and nothing now."""
        incident_id = uuid5(call.command_id, "incident")
        use_case = opening_of(call, incident_id, self._clock())
        done = await self._run(call, incident_id, use_case)
        return await self._incidents.created(call, incident_id, done.position)

    async def update(self, call: Call) -> Reply:
        """On `resolved` the components it holds go back to what other open incidents, else running windows
        make of them, else to operational, unless the update says otherwise."""
        incident_id = call.ids["id"]
        done = await self._run(call, incident_id, update_of(call, self._clock()))
        return await self._incidents.created(call, incident_id, done.position)

    async def edit(self, call: Call) -> Reply:
        """What is left out stays; null clears."""
        body: schemas.EditIncident = call.body
        given = body.model_fields_set
        use_case = use_cases.EditIncident(
            call.ids["id"],
            call.organisation_id,
            call.if_match,
            body.name,
            {} if "metadata" in given and body.metadata is None else body.metadata,
            "impact_override" in given,
            body.impact_override,
            self._clock(),
        )
        return await self._changed(call, use_case, "The incident has been updated.")

    async def correct(self, call: Call) -> Reply:
        """Another text for an update; the earlier one stays in the log."""
        body: schemas.Text = call.body
        command = incident.CorrectUpdate(call.ids["update_id"], body.body, self._clock())
        return await self._changed(call, self._change(call, command), "The update has been corrected.")

    async def publish_postmortem(self, call: Call) -> Reply:
        """Of an incident that is over."""
        body: schemas.Text = call.body
        command = incident.PublishPostmortem(body.body, self._clock())
        return await self._changed(call, self._change(call, command), "The postmortem has been published.")

    async def retract(self, call: Call) -> Reply:
        """It never was: what it did to its components is taken back, and to their uptime too."""
        incident_id = call.ids["id"]
        use_case = use_cases.RetractIncident(incident_id, call.organisation_id, call.if_match, self._clock())
        done = await self._run(call, incident_id, use_case)
        return Reply(200, {"message": "The incident has been retracted."}, None, done.position)

    def _change(
        self, call: Call, command: incident.CorrectUpdate | incident.PublishPostmortem
    ) -> use_cases.ChangeIncident:
        return use_cases.ChangeIncident(call.ids["id"], call.organisation_id, call.if_match, command)

    async def _changed(self, call: Call, use_case: UseCase[None], message: str) -> Reply:
        incident_id = call.ids["id"]
        done = await self._run(call, incident_id, use_case)
        return await self._incidents.changed(call, incident_id, done.position, message)

    async def _run(self, call: Call, incident_id: UUID, use_case: UseCase[None]) -> Done[None]:
        return await self._commands.run(origin(call), INCIDENT.stream(incident_id), use_case)

    def endpoints(self) -> list[Endpoint]:
        return [*self._of_incidents(), *self._of_words()]

    def _of_incidents(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage/{id}/incident",
                handler=self.open,
                summary="Open an incident, or record a past one",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.NewIncident,
                answers={201: answers.IncidentAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="PUT",
                path="/v1/incident/{id}",
                handler=self.edit,
                summary="Edit an incident",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.EditIncident,
                answers={200: answers.ChangedIncidentAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="DELETE",
                path="/v1/incident/{id}",
                handler=self.retract,
                summary="Retract an incident",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                answers={200: MessageAnswer},
                problems=(404,),
            ),
        ]

    def _of_words(self) -> list[Endpoint]:
        """What is said of an incident, time after time."""
        return [
            Endpoint(
                method="POST",
                path="/v1/incident/{id}/update",
                handler=self.update,
                summary="Post an update of an incident",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.UpdateIncident,
                answers={201: answers.IncidentAnswer},
                problems=(404, 409),
            ),
            Endpoint(
                method="PUT",
                path="/v1/incident/{id}/update/{update_id}",
                handler=self.correct,
                summary="Correct the text of an update",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.Text,
                ids=("id", "update_id"),
                answers={200: answers.ChangedIncidentAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="PUT",
                path="/v1/incident/{id}/postmortem",
                handler=self.publish_postmortem,
                summary="Publish a postmortem",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.Text,
                answers={200: answers.ChangedIncidentAnswer},
                problems=(404, 409),
            ),
        ]

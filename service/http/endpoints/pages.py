"""The calls on status pages that change them."""

import secrets
from uuid import UUID, uuid5

from service.clock import Clock
from service.commands.handler import CommandHandler, Done
from service.commands.pages import ChangePage, CreatePage, DeletePage, SetPageEnabled
from service.domain.errors import Fault, Invalid
from service.domain.name import SUBDOMAIN
from service.domain.statuspage import STATUSPAGE
from service.domain.values import PageType, Scope
from service.hashing import Hasher
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.endpoints.page_answers import PageAnswers
from service.http.endpoints.page_drafts import draft_of
from service.http.routing import Endpoint
from service.http.schemas import pages as schemas
from service.vault.passwords import Passwords

TAG = "Status pages"


class PageCommands:
    def __init__(
        self,
        commands: CommandHandler,
        answers: PageAnswers,
        passwords: Passwords,
        hasher: Hasher,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._answers = answers
        self._passwords = passwords
        self._hasher = hasher
        self._clock = clock

    async def create(self, call: Call) -> Reply:
        """Creates the page with its components and groups, and claims its names."""
        body: schemas.CreatePage = call.body
        page_id = uuid5(call.command_id, "page")
        private = body.type is PageType.PRIVATE
        password_id = await self._keep_password(call, page_id, body.password if private else None)
        command = CreatePage(
            page_id,
            call.organisation_id,
            draft_of(body, call.command_id),
            password_id,
            domain_target=secrets.token_hex(16),
            at=self._clock(),
        )
        done = await self._commands.run(origin(call), SUBDOMAIN.stream(body.subdomain), command)
        view = await self._answers.after(call, page_id, done.position)
        location = {"Location": f"/v1/statuspage/{page_id}"}
        return Reply(201, {"statuspage": view.statuspage}, view.page_etag, done.position, location)

    async def change(self, call: Call) -> Reply:
        """An optional field left out stays, null clears it. A list that is given is the whole new list."""
        body: schemas.ChangePage = call.body
        page_id = call.ids["id"]
        command = ChangePage(
            page_id,
            call.organisation_id,
            draft_of(body, call.command_id),
            body.update_password,
            await self._new_password(call, page_id, body),
            call.if_match,
            self._clock(),
        )
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        return await self._changed(call, page_id, done, "The status page has been updated.")

    async def set_enabled(self, call: Call) -> Reply:
        """A disabled page is not there for its visitors; the API still answers."""
        body: schemas.SetEnabled = call.body
        page_id = call.ids["id"]
        command = SetPageEnabled(page_id, call.organisation_id, body.enabled, call.if_match, self._clock())
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        state = "enabled" if body.enabled else "disabled"
        return await self._changed(call, page_id, done, f"The status page is {state}.")

    async def delete(self, call: Call) -> Reply:
        """The page, its URLs and its subscriptions end at once; its names stay with the organisation."""
        page_id = call.ids["id"]
        command = DeletePage(page_id, call.organisation_id, call.if_match, self._clock())
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        return Reply(200, {"message": "The status page has been deleted."}, None, done.position)

    async def _changed(self, call: Call, page_id: UUID, done: Done[None], message: str) -> Reply:
        view = await self._answers.after(call, page_id, done.position)
        body = {"message": message, "statuspage": view.statuspage}
        # This write's own version: the view may hold a rival's later one, which the caller has not seen.
        version = done.versions[STATUSPAGE.stream(page_id)]
        return Reply(200, body, f"v{version}", done.position)

    async def _new_password(self, call: Call, page_id: UUID, body: schemas.ChangePage) -> UUID | None:
        if not body.update_password:
            return None
        if "password" not in body.model_fields_set:
            raise Invalid([Fault("/password", "required", "update_password needs a password, or null.")])
        private = body.type is PageType.PRIVATE
        return await self._keep_password(call, page_id, body.password if private else None)

    async def _keep_password(self, call: Call, page_id: UUID, password: str | None) -> UUID | None:
        """Stored before the event that names it; if the command fails, the scheduler sweeps it away."""
        if password is None:
            return None
        password_id = uuid5(call.command_id, "password")
        await self._passwords.put(password_id, page_id, await self._hasher.hash(password))
        return password_id

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage",
                handler=self.create,
                summary="Create a status page",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                body=schemas.CreatePage,
                answers={201: schemas.UnifiedAnswer},
                problems=(409,),
            ),
            Endpoint(
                method="PUT",
                path="/v1/statuspage/{id}",
                handler=self.change,
                summary="Update a status page",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                body=schemas.ChangePage,
                answers={200: schemas.ChangedAnswer},
                problems=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path="/v1/statuspage/{id}",
                handler=self.delete,
                summary="Delete a status page",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                answers={200: schemas.MessageAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="PUT",
                path="/v1/statuspage/{id}/status",
                handler=self.set_enabled,
                summary="Enable or disable a status page",
                scope=Scope.STATUS_WRITE,
                tag=TAG,
                body=schemas.SetEnabled,
                answers={200: schemas.ChangedAnswer},
                problems=(404,),
            ),
        ]

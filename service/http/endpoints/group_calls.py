"""The calls for one group of a page.

A group is a part of its page and has no stream of its own. Where it is, the read model tells; the page's own
stream then says whether that is so.
"""

from typing import Any
from uuid import UUID, uuid5

from service.clock import Clock
from service.commands.arrangement import PutGroup, RemoveGroup
from service.commands.handler import CommandHandler
from service.domain.errors import NotFound
from service.domain.statuspage import STATUSPAGE
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.endpoints.page_answers import PageAnswers
from service.http.routing import Endpoint
from service.http.schemas import arrangement as schemas
from service.http.schemas.pages import MessageAnswer
from service.readmodels.pages import Pages
from service.readmodels.rendering import render_components

TAG = "Components"


class GroupCalls:
    def __init__(self, commands: CommandHandler, pages: Pages, answers: PageAnswers, clock: Clock) -> None:
        self._commands = commands
        self._pages = pages
        self._answers = answers
        self._clock = clock

    async def add(self, call: Call) -> Reply:
        """As the page's last group. Components that it names move into it."""
        body: schemas.NewGroup = call.body
        page_id, group_id = call.ids["id"], uuid5(call.command_id, "group")
        members = tuple(body.component_ids)
        command = PutGroup(page_id, call.organisation_id, group_id, False, body.name, members, self._clock())
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        group = await self._shown(call, page_id, group_id, done.position)
        return Reply(201, {"group": group}, None, done.position)

    async def change(self, call: Call) -> Reply:
        """What is left out stays. `component_ids` is the whole new list; what it leaves out is ungrouped."""
        body: schemas.ChangeGroup = call.body
        page_id, group_id = await self._page_of(call), call.ids["id"]
        members = None if body.component_ids is None else tuple(body.component_ids)
        command = PutGroup(page_id, call.organisation_id, group_id, True, body.name, members, self._clock())
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        group = await self._shown(call, page_id, group_id, done.position)
        return Reply(200, {"message": "The group has been updated.", "group": group}, None, done.position)

    async def remove(self, call: Call) -> Reply:
        """Its components stay, ungrouped."""
        page_id = await self._page_of(call)
        command = RemoveGroup(page_id, call.organisation_id, call.ids["id"], self._clock())
        done = await self._commands.run(origin(call), STATUSPAGE.stream(page_id), command)
        return Reply(200, {"message": "The group has been removed."}, None, done.position)

    async def _page_of(self, call: Call) -> UUID:
        view = await self._pages.by_group(call.ids["id"], call.organisation_id)
        if view is None:
            raise NotFound("There is no such group.")
        return view.page_id

    async def _shown(self, call: Call, page_id: UUID, group_id: UUID, position: int) -> dict[str, Any]:
        view = await self._answers.after(call, page_id, position)
        _, groups = render_components(view.document)
        found = next((group for group in groups if group["id"] == str(group_id)), None)
        if found is None:
            raise NotFound("The group has been removed meanwhile.")
        return found

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage/{id}/group",
                handler=self.add,
                summary="Add a group",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                body=schemas.NewGroup,
                answers={201: schemas.GroupAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="PUT",
                path="/v1/group/{id}",
                handler=self.change,
                summary="Update a group",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                body=schemas.ChangeGroup,
                answers={200: schemas.ChangedGroupAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="DELETE",
                path="/v1/group/{id}",
                handler=self.remove,
                summary="Remove a group",
                scope=Scope.PAGES_WRITE,
                tag=TAG,
                answers={200: MessageAnswer},
                problems=(404,),
            ),
        ]

"""The calls that show a page's owner what became of each message, and have one tried again."""

from uuid import UUID

from service.deliveries.interventions import CAN_BE_RETRIED, Interventions
from service.deliveries.listing import DeliveryList, Listed
from service.deliveries.tally import Tally
from service.deliveries.wanted import Wanted
from service.domain.errors import NotAllowed, NotFound
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.own_pages import own_page
from service.http.endpoints.shown_delivery import shown_delivery
from service.http.endpoints.subscription_queries import sees_addresses
from service.http.routing import Endpoint
from service.http.schemas import deliveries as schemas
from service.readmodels.cursor import BadCursor
from service.readmodels.pages import Pages

TAG = "Deliveries"


class Deliveries:
    def __init__(self, found: DeliveryList, tally: Tally, interventions: Interventions, pages: Pages) -> None:
        self._found = found
        self._tally = tally
        self._interventions = interventions
        self._pages = pages

    async def list_of_page(self, call: Call) -> Reply:
        """What became of each message to the page's subscribers, the newest first. Recipients are masked
        unless the token also has the scope `subscriptions:write`. Finished ones are kept for 90 days."""
        page = await own_page(self._pages, call, call.ids["id"])
        query: schemas.DeliveriesQuery = call.query or schemas.DeliveriesQuery()
        try:
            listed, next_cursor = await self._found.list(
                _wanted(page.page_id, query), query.limit, query.cursor
            )
        except BadCursor:
            raise bad_cursor() from None
        whole = sees_addresses(call.caller)
        body = {
            "deliveries": [shown_delivery(each, whole=whole) for each in listed],
            "counts": await self._tally.of_page(page.page_id),
            "next_cursor": next_cursor,
        }
        return Reply(200, body)

    async def get(self, call: Call) -> Reply:
        """One delivery."""
        return await self._answer(call)

    async def retry(self, call: Call) -> Reply:
        """Sends a delivery that is `parked`, `refused` or `expired` once more, with all its attempts; one in
        another state is 409. The rules stay: what is superseded, or not wanted any more, is not sent."""
        before = await self._own(call)
        if not await self._interventions.retry(Wanted(delivery_ids=[before.delivery_id])):
            known = ", ".join(CAN_BE_RETRIED)
            raise NotAllowed(f"It is {(await self._own(call)).state}; what can be tried again: {known}.")
        return await self._answer(call)

    async def _own(self, call: Call) -> Listed:
        """Raises NotFound."""
        listed = await self._found.get(call.ids["id"])
        if listed is None:
            raise NotFound("There is no such delivery.")
        await own_page(self._pages, call, listed.page_id)
        return listed

    async def _answer(self, call: Call) -> Reply:
        whole = sees_addresses(call.caller)
        return Reply(200, {"delivery": shown_delivery(await self._own(call), whole=whole)})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/deliveries",
                handler=self.list_of_page,
                summary="List a status page's deliveries",
                scope=Scope.SUBSCRIPTIONS_READ,
                tag=TAG,
                query=schemas.DeliveriesQuery,
                answers={200: schemas.DeliveriesAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="GET",
                path="/v1/delivery/{id}",
                handler=self.get,
                summary="Read a delivery",
                scope=Scope.SUBSCRIPTIONS_READ,
                tag=TAG,
                answers={200: schemas.DeliveryAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="POST",
                path="/v1/delivery/{id}/retry",
                handler=self.retry,
                summary="Retry a delivery",
                scope=Scope.SUBSCRIPTIONS_WRITE,
                tag=TAG,
                answers={200: schemas.DeliveryAnswer},
                problems=(404, 409),
            ),
        ]


def _wanted(page_id: UUID, query: schemas.DeliveriesQuery) -> Wanted:
    return Wanted(
        page_id=page_id,
        state=query.state,
        channel_type=query.channel_type,
        event_id=query.event_id,
        subject_id=query.subject_id,
        subscription_id=query.subscription_id,
    )

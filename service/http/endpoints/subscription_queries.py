"""The call that lists a page's subscribers for its owner."""

from typing import Any

from service.domain.values import Scope
from service.http.call import Call, Caller, Reply
from service.http.endpoints.cursors import bad_cursor
from service.http.endpoints.own_pages import own_page
from service.http.routing import Endpoint
from service.http.schemas.subscriptions import SubscriptionsAnswer, SubscriptionsQuery
from service.readmodels.cursor import BadCursor
from service.readmodels.pages import Pages
from service.readmodels.subscriptions import Listed, SubscriptionList, Wanted
from service.timestamps import shown, shown_or_none
from service.vault.email_address import masked

WHOLE_ADDRESS = frozenset({Scope.SUBSCRIPTIONS_WRITE, Scope.ADMIN})


class SubscriptionQueries:
    def __init__(self, subscriptions: SubscriptionList, pages: Pages) -> None:
        self._subscriptions = subscriptions
        self._pages = pages

    async def list_of_page(self, call: Call) -> Reply:
        """Who is subscribed to the page, the oldest first. Addresses are masked unless the token also has the
        scope `subscriptions:write`; those of cancelled subscriptions are erased."""
        page = await own_page(self._pages, call, call.ids["id"])
        query: SubscriptionsQuery = call.query or SubscriptionsQuery()
        wanted = Wanted(query.status, query.channel_type)
        try:
            listed, next_cursor = await self._subscriptions.list(
                page.page_id, query.limit, query.cursor, wanted
            )
        except BadCursor:
            raise bad_cursor() from None
        whole = sees_addresses(call.caller)
        body = {
            "subscriptions": [_shown(each, whole=whole) for each in listed],
            "counts": await self._subscriptions.counts(page.page_id),
            "next_cursor": next_cursor,
        }
        return Reply(200, body)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/subscriptions",
                handler=self.list_of_page,
                summary="List a status page's subscriptions",
                scope=Scope.SUBSCRIPTIONS_READ,
                tag="Subscriptions",
                query=SubscriptionsQuery,
                answers={200: SubscriptionsAnswer},
                problems=(404,),
            )
        ]


def sees_addresses(caller: Caller | None) -> bool:
    return caller is not None and bool(caller.scopes & WHOLE_ADDRESS)


def _shown(listed: Listed, *, whole: bool) -> dict[str, Any]:
    document, address = listed.document, listed.address
    return {
        "id": document["id"],
        "channel_type": document["channel_type"],
        "channel_value": address if whole or address is None else masked(address),
        "status": document["status"],
        "component_ids": document["component_ids"],
        "incident_id": document["incident_id"],
        "created_at": shown(document["created_at"]),
        "verified_at": shown_or_none(document["verified_at"]),
    }

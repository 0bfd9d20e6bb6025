"""A page's subscriptions as a file for a spreadsheet."""

from collections.abc import AsyncIterator
from uuid import UUID

from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.csv_text import MEDIA_TYPE, csv_text
from service.http.endpoints.own_pages import own_page
from service.http.routing import Endpoint
from service.http.schemas.subscriptions import Selection
from service.http.subscriber_file import COLUMNS
from service.readmodels.pages import Pages
from service.readmodels.subscriptions import Listed, SubscriptionList, Wanted
from service.timestamps import shown, shown_or_none

AT_ONCE = 1000


class SubscriptionExport:
    def __init__(self, subscriptions: SubscriptionList, pages: Pages) -> None:
        self._subscriptions = subscriptions
        self._pages = pages

    async def export(self, call: Call) -> Reply:
        """All subscriptions of the page as CSV with a header, the oldest first, with whole addresses; those
        of ended subscriptions are erased. A cell that a spreadsheet would run as a formula has an apostrophe
        before it. Several component ids are separated by spaces."""
        page = await own_page(self._pages, call, call.ids["id"])
        query: Selection = call.query or Selection()
        wanted = Wanted(query.status, query.channel_type)
        rows = [_row(each) async for each in self._all(page.page_id, wanted)]
        headers = {
            "Content-Type": MEDIA_TYPE,
            "Content-Disposition": 'attachment; filename="subscriptions.csv"',
            "Cache-Control": "no-store",
        }
        return Reply(200, csv_text(COLUMNS, rows), headers=headers)

    async def _all(self, page_id: UUID, wanted: Wanted) -> AsyncIterator[Listed]:
        cursor: str | None = None
        while True:
            listed, cursor = await self._subscriptions.list(page_id, AT_ONCE, cursor, wanted)
            for each in listed:
                yield each
            if cursor is None:
                return

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/subscriptions.csv",
                handler=self.export,
                summary="Export a status page's subscriptions",
                scope=Scope.SUBSCRIPTIONS_WRITE,
                tag="Subscriptions",
                query=Selection,
                answers={200: None},
                problems=(404,),
                media_type="text/csv",
            )
        ]


def _row(listed: Listed) -> list[str]:
    document = listed.document
    return [
        document["id"],
        document["channel_type"],
        listed.address or "",
        document["status"],
        " ".join(document["component_ids"]),
        document["incident_id"] or "",
        shown(document["created_at"]),
        shown_or_none(document["verified_at"]) or "",
    ]

"""The archive of a page's incidents: calendar months in the page's time zone."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.own_pages import own_page
from service.http.routing import Endpoint
from service.http.schemas.incident_answers import MonthsAnswer
from service.readmodels.incidents import Incidents
from service.readmodels.pages import Pages
from service.timestamps import text


class IncidentMonths:
    def __init__(self, incidents: Incidents, pages: Pages) -> None:
        self._incidents = incidents
        self._pages = pages

    async def get(self, call: Call) -> Reply:
        """The months in which incidents started, the newest first, and how many did."""
        page = await own_page(self._pages, call, call.ids["id"])
        zone = ZoneInfo(page.statuspage["time_zone"])
        counts = Counter(month_of(at, zone) for at in await self._incidents.starts(page.page_id))
        return Reply(200, {"months": [_shown(month, counts[month], zone) for month in sorted(counts)[::-1]]})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/statuspage/{id}/incidents/months",
                handler=self.get,
                summary="List the months of a status page's incidents",
                scope=Scope.PAGES_READ,
                tag="Incidents",
                answers={200: MonthsAnswer},
                problems=(404,),
            )
        ]


def month_of(at: datetime, zone: ZoneInfo) -> str:
    """`2026-11`: the calendar month there and then."""
    return at.astimezone(zone).strftime("%Y-%m")


def span_of(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the month begins in that zone, and when the next one does."""
    year, number = int(month[:4]), int(month[5:])
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def _shown(month: str, count: int, zone: ZoneInfo) -> dict[str, object]:
    start, end = span_of(month, zone)
    return {"month": month, "count": count, "from": text(start), "to": text(end)}

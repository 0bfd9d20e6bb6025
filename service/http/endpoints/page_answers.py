"""The page as a write left it: what its caller is shown."""

from uuid import UUID

from service.domain.errors import NotFound
from service.history import PageHistory
from service.http.call import Call
from service.http.kernel import Freshness
from service.readmodels.pages import Pages
from service.readmodels.rendering import PageView


class PageAnswers:
    def __init__(self, freshness: Freshness, pages: Pages, history: PageHistory) -> None:
        self._freshness = freshness
        self._pages = pages
        self._history = history

    async def after(self, call: Call, page_id: UUID, position: int) -> PageView:
        """From the read model when it gets there in the caller's time, else folded from the log.

        Raises NotFound if somebody deleted the page in the meantime.
        """
        view = None
        if await self._freshness.wait_for(position, call.wait):
            view = await self._pages.get(page_id)
        else:
            call.wait = 0  # the caller's patience is used up
        view = view or await self._history.at(page_id, position)
        if view is None:
            raise NotFound("The status page has been deleted meanwhile.")
        return view

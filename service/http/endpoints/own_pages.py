"""The caller's own page; another organisation's is as if it did not exist."""

from uuid import UUID

from service.domain.errors import NotFound
from service.http.call import Call
from service.readmodels.pages import Pages
from service.readmodels.rendering import PageView


async def own_page(pages: Pages, call: Call, page_id: UUID) -> PageView:
    """Raises NotFound."""
    page = await pages.get(page_id)
    if page is None or page.organisation_id != call.organisation_id:
        raise NotFound("There is no such status page.")
    return page

"""A page's headline as of something that happened on it."""

from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.headline import Headline
from service.readmodels.rendering import headline_of, render_components

GET = """
SELECT p.document FROM rm.pages p JOIN notify.deliveries d ON d.page_id::text = p.key
WHERE d.delivery_id = $1 AND p.position >= d.position AND p.document IS NOT NULL
"""


class Headlines:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def told_by(self, delivery_id: UUID) -> Headline | None:
        """The page's headline now, when a delivery tells of it; None: the read model does not know of what
        the delivery tells yet, or the page is gone."""
        async with connection(self._pool) as conn:
            document = await conn.fetchval(GET, delivery_id)
        if document is None:
            return None
        components, _ = render_components(document)
        return headline_of(components, list(document.get("incidents", {}).values()))

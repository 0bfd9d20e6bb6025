"""Incident templates as the projection has them, and as the API shows them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.readmodels import cursor
from service.readmodels.incident_rendering import render_named
from service.timestamps import shown

LIST = """
SELECT key, document, name FROM rm.incident_templates
WHERE organisation_id = $1 AND (name, key) > ($2, $3) ORDER BY name, key LIMIT $4
"""
Json = dict[str, Any]


class IncidentTemplateList:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self, organisation_id: UUID, limit: int, after: str | None
    ) -> tuple[Sequence[Json], str | None]:
        """The documents by name, and the cursor of the next part. Raises cursor.BadCursor."""
        name, key = cursor.decode(after, 2) if after else ("", "")
        async with connection(self._pool) as conn:
            rows = await conn.fetch(LIST, organisation_id, name, key, limit + 1)
        documents = [row["document"] for row in rows[:limit]]
        if len(rows) <= limit:
            return documents, None
        last = rows[limit - 1]
        return documents, cursor.encode(last["name"], last["key"])


def render_template(template: Json) -> Json:
    return {
        "id": template["id"],
        "name": template["name"],
        "body": template["body"],
        "components": render_named(template["components"]),
        "variables": template["variables"],
        "created_at": shown(template["created_at"]),
    }

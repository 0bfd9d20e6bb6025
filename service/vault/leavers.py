"""Who left a page by their own will, so that no list of its owner brings them back.

Only a keyed hash of the address is kept, until its reader comes back or the page is deleted.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.vault.contacts import NewContact

# Mailboxes alone: nobody can vouch for the others.
LEAVING = """
SELECT page_id, address_key, incident_id FROM vault.contacts
WHERE subscription_id = $1 AND channel_type = 'email' AND ($2::timestamptz IS NULL OR created_at <= $2)
"""
NOTE = "INSERT INTO vault.leavers (page_id, address_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING"
WELCOME = "DELETE FROM vault.leavers WHERE page_id = $1 AND address_hash = $2"
AMONG = """
SELECT address_hash FROM vault.leavers WHERE page_id = ANY($1::uuid[]) AND address_hash = ANY($2::bytea[])
"""
ERASE_ALL = "DELETE FROM vault.leavers WHERE page_id = $1"


class Leavers:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool, secret: bytes) -> None:
        self._pool = pool
        self._secret = secret

    async def note(self, subscription_id: UUID, asked_before: datetime | None = None) -> None:
        """To be called while its contact is there. `asked_before`: see Contacts.erase."""
        await self._change(NOTE, subscription_id, asked_before)

    async def welcome(self, subscription_id: UUID) -> None:
        """Its reader is back."""
        await self._change(WELCOME, subscription_id, None)

    async def left(self, contacts: Sequence[NewContact]) -> list[bool]:
        """Of each contact, in their order, whether it left."""
        hashes = [self._hash(each.page_id, each.address_key, each.incident_id) for each in contacts]
        page_ids = {each.page_id for each in contacts}
        async with connection(self._pool) as conn:
            found = {row["address_hash"] for row in await conn.fetch(AMONG, list(page_ids), hashes)}
        return [each in found for each in hashes]

    async def erase_all(self, page_id: UUID) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(ERASE_ALL, page_id)

    async def _change(self, statement: str, *contact: Any) -> None:
        async with connection(self._pool) as conn:
            for row in await conn.fetch(LEAVING, *contact):
                await conn.execute(statement, row["page_id"], self._hash(*row))

    def _hash(self, page_id: UUID, address_key: str, incident_id: UUID | None) -> bytes:
        text = f"left:{page_id}:{incident_id}:{address_key}"
        return hmac.digest(self._secret, text.encode(), sha256)

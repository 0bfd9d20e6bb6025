"""Where subscribers are reached. This is the only place that holds an address; erasing is deleting a row."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.values import ChannelType

MOST = 1_000_000
"""Of one page: what bounds its lists, its exports and the time that telling them takes."""
RECOUNT, PAGES_KEPT = 60.0, 1000

# `created_at` moves with every request: what was asked for after an ending must not be erased with it.
CLAIM = """
INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key, incident_id, host)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ON CONSTRAINT contacts_once DO UPDATE
SET address = excluded.address, host = excluded.host, created_at = excluded.created_at
RETURNING subscription_id
"""
CLAIM_ALL = """
INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key, incident_id, host)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[])
ON CONFLICT ON CONSTRAINT contacts_once DO UPDATE
SET address = excluded.address, host = excluded.host, created_at = excluded.created_at
RETURNING subscription_id, page_id, channel_type, address_key, incident_id
"""
GET = "SELECT subscription_id, page_id, channel_type, address FROM vault.contacts WHERE subscription_id = $1"
COUNT = "SELECT count(*) FROM (SELECT FROM vault.contacts WHERE page_id = $1 LIMIT $2) AS counted"
OF_PAGE = "SELECT subscription_id FROM vault.contacts WHERE page_id = $1"
ERASE = """
DELETE FROM vault.contacts WHERE subscription_id = $1 AND ($2::timestamptz IS NULL OR created_at <= $2)
"""


@dataclass(frozen=True, slots=True)
class Contact:
    subscription_id: UUID
    page_id: UUID
    channel_type: ChannelType
    address: str


@dataclass(frozen=True, slots=True)
class NewContact:
    """`address_key` is the same for all spellings of one address; a page has it once.

    `host`: the other side.
    """

    page_id: UUID
    channel_type: ChannelType
    address: str
    address_key: str
    incident_id: UUID | None = None
    host: str | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells two contacts apart."""
        return str(self.page_id), self.channel_type, self.address_key, str(self.incident_id)


class Contacts:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._counted: dict[UUID, tuple[float, int]] = {}

    async def have_room(self, page_id: UUID, more: int) -> bool:
        """Whether the page may have that many more. It is counted once a minute, so that asking costs nothing
        and a page is over MOST by no more than a minute brings."""
        counted_at, count = self._counted.get(page_id, (-inf, 0))
        if counted_at + RECOUNT < monotonic():
            async with connection(self._pool) as conn:
                count = await conn.fetchval(COUNT, page_id, MOST)
            if len(self._counted) >= PAGES_KEPT:
                self._counted.clear()
            self._counted[page_id] = monotonic(), count
        return count + more <= MOST

    async def claim(self, subscription_id: UUID, contact: NewContact) -> UUID:
        """The subscription that the contact has on its page: the one given, or the one that was first."""
        async with connection(self._pool) as conn:
            claimed: UUID = await conn.fetchval(
                CLAIM,
                subscription_id,
                contact.page_id,
                contact.channel_type,
                contact.address,
                contact.address_key,
                contact.incident_id,
                contact.host,
            )
        return claimed

    async def claim_all(self, contacts: Mapping[UUID, NewContact]) -> dict[UUID, UUID]:
        """By the ids given, the subscriptions that the contacts have. No two contacts are the same."""
        if not contacts:
            return {}
        # Always in one order, or two lists that overlap could wait for each other for ever.
        ordered = sorted(contacts.items(), key=lambda each: each[1].identity)
        columns = zip(*((each, *astuple(contact)) for each, contact in ordered), strict=True)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(CLAIM_ALL, *map(list, columns))
        claimed = {tuple(map(str, tuple(row)[1:])): row["subscription_id"] for row in rows}
        return {each: claimed[contact.identity] for each, contact in ordered}

    async def get(self, subscription_id: UUID) -> Contact | None:
        """None: erased, or never known."""
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(GET, subscription_id)
        return None if row is None else _contact(row)

    async def of_page(self, page_id: UUID) -> Sequence[UUID]:
        """The subscriptions that the page has contacts of."""
        async with connection(self._pool) as conn:
            return [row["subscription_id"] for row in await conn.fetch(OF_PAGE, page_id)]

    async def erase(self, subscription_id: UUID, asked_before: datetime | None = None) -> None:
        """`asked_before`: spare a contact asked for again after that moment (the database's clock)."""
        async with connection(self._pool) as conn:
            await conn.execute(ERASE, subscription_id, asked_before)


def _contact(row: Any) -> Contact:
    return Contact(row["subscription_id"], row["page_id"], ChannelType(row["channel_type"]), row["address"])

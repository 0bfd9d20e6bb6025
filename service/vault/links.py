"""The links in mails.

A token is made from the secret key and what it is for, so that sending a mail again sends the very same one;
the database holds only hashes, which open nothing.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from eventstore.pool import Pool, connection

RETENTION = timedelta(days=90)
"""How long a link of an ended subscription still says so."""

PUT = """
INSERT INTO vault.links (sha256, subscription_id, purpose)
SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::text[])
ON CONFLICT (sha256) DO NOTHING
"""
FIND = "SELECT subscription_id, purpose FROM vault.links WHERE sha256 = $1"
PURGE = """
DELETE FROM vault.links l WHERE l.created_at < clock_timestamp() - $1::interval
AND NOT EXISTS (SELECT FROM vault.contacts c WHERE c.subscription_id = l.subscription_id)
"""


class Purpose(StrEnum):
    """What a link's token can do; neither can do the other's."""

    VERIFY = "verify"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Link:
    subscription_id: UUID
    purpose: Purpose


@lru_cache(1024)
def token(secret: bytes, purpose: Purpose, of: UUID) -> str:
    """256 bits that nobody can guess without the secret key. Kept, since each is asked for twice: to make its
    link valid, and to write it."""
    digest = hmac.digest(secret, f"{purpose}:{of}".encode(), sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")


class Links:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, subscription_id: UUID, tokens: Mapping[Purpose, str]) -> None:
        """Make the tokens lead to the subscription, each for its purpose."""
        await self.put_all({token: Link(subscription_id, purpose) for purpose, token in tokens.items()})

    async def put_all(self, links: Mapping[str, Link]) -> None:
        """Make each token lead to its link, in one step."""
        hashes = [_hash(token) for token in links]
        subscription_ids = [link.subscription_id for link in links.values()]
        async with connection(self._pool) as conn:
            await conn.execute(PUT, hashes, subscription_ids, [link.purpose for link in links.values()])

    async def find(self, token: str) -> Link | None:
        """None: there never was such a link, or it is long over."""
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(FIND, _hash(token))
        return None if row is None else Link(row["subscription_id"], Purpose(row["purpose"]))

    async def purge(self) -> None:
        """Forget the old links of subscriptions that have ended."""
        async with connection(self._pool) as conn:
            await conn.execute(PURGE, RETENTION)


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()

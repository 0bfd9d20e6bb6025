"""What webhooks are signed with: a secret for each subscription, erased with its contact."""

import secrets
from base64 import b64encode
from datetime import timedelta
from uuid import UUID

from eventstore.pool import Pool, connection

LENGTH = 32
OVERLAP = timedelta(hours=24)
"""How long the secret before the newest still signs, so that a receiver has time to change."""
PREFIX = "whsec_"

# The first one needs a contact: without that, nobody is left to sign for.
ENSURE = """
INSERT INTO vault.webhook_secrets (subscription_id, secret)
SELECT subscription_id, $2 FROM vault.contacts WHERE subscription_id = $1
AND NOT EXISTS (SELECT FROM vault.webhook_secrets WHERE subscription_id = $1)
"""
ROTATE = """
INSERT INTO vault.webhook_secrets (subscription_id, secret)
SELECT subscription_id, $2 FROM vault.contacts WHERE subscription_id = $1 AND channel_type = 'webhook'
RETURNING secret
"""
FORGET = """
DELETE FROM vault.webhook_secrets old WHERE subscription_id = $1 AND EXISTS (
    SELECT FROM vault.webhook_secrets newer WHERE newer.subscription_id = $1
    AND newer.since > old.since AND newer.since <= clock_timestamp() - $2::interval
)
"""
VALID = "SELECT secret FROM vault.webhook_secrets WHERE subscription_id = $1 ORDER BY since DESC LIMIT 2"
LOCK = "SELECT FROM vault.contacts WHERE subscription_id = $1 FOR UPDATE"


class WebhookSecrets:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, subscription_id: UUID) -> list[bytes]:
        """Those that sign now, the newest first; the first is made when it is needed. Empty: erased."""
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(LOCK, subscription_id)
            await conn.execute(ENSURE, subscription_id, secrets.token_bytes(LENGTH))
            await conn.execute(FORGET, subscription_id, OVERLAP)
            return [row["secret"] for row in await conn.fetch(VALID, subscription_id)]

    async def rotate(self, subscription_id: UUID) -> bytes | None:
        """A new one beside the one before, which ends after OVERLAP. None: erased, or no webhook."""
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(LOCK, subscription_id)
            secret: bytes | None = await conn.fetchval(ROTATE, subscription_id, secrets.token_bytes(LENGTH))
            return secret


def shown(secret: bytes) -> str:
    """As the libraries of Standard Webhooks take it."""
    return f"{PREFIX}{b64encode(secret).decode()}"

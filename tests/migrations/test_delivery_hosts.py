"""0030: deliveries and contacts from before it have their hosts."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from eventstore.migrate import MIGRATIONS, migrate
from tests.environment.postgres import fresh_database

CONTACT = """
INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key)
VALUES ($1, gen_random_uuid(), $2, $3, $3)
"""
DELIVERY = """
INSERT INTO notify.deliveries (delivery_id, event_id, subscription_id, page_id, channel_type, kind, state)
VALUES (gen_random_uuid(), gen_random_uuid(), $1, gen_random_uuid(), $2, 'incident.opened', $3)
"""


@pytest.fixture
async def before(postgres_dsn: str, tmp_path: Path) -> AsyncIterator[str]:
    """A database as it was before this migration."""
    for file in sorted(MIGRATIONS.glob("*.sql")):
        if file.name < "0030":
            shutil.copy(file, tmp_path)
    async with fresh_database(postgres_dsn) as dsn:
        await migrate(dsn, tmp_path)
        yield dsn


async def test_what_waits_has_the_host_of_its_address(before: str) -> None:
    conn = await asyncpg.connect(before)
    addresses = {
        "email": ("ada@Mail.Example.org", "mail.example.org"),
        "slack": ("https://hooks.slack.com/services/1", "hooks.slack.com"),
        "webhook": ("https://me:pass@Hook.Example.org:8443?a=1@2", "hook.example.org"),
        "teams": ("http://[2001:db8::1]:80/a", "2001:db8::1"),
    }
    for channel, (address, _) in addresses.items():
        subscription_id = uuid4()
        await conn.execute(CONTACT, subscription_id, channel, address)
        await conn.execute(DELIVERY, subscription_id, channel, "pending")
    await conn.execute(DELIVERY, uuid4(), "erased", "sent")
    await migrate(before)
    rows = await conn.fetch("SELECT channel_type, host FROM notify.deliveries")
    await conn.close()
    hosts = {channel: host for channel, (_, host) in addresses.items()}
    assert dict(map(tuple, rows)) == hosts | {"erased": ""}

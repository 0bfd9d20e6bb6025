"""A deployment moves: export, import into an empty database; every GET answers the same, byte for byte."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
import pytest

from eventstore.migrate import checksums, migrate
from eventstore.moving.errors import MoveRefused
from eventstore.pool import connect_pool, connection
from eventstore.postgres import PostgresStore
from service.config import Settings
from service.timestamps import text
from tests.environment.postgres import fresh_database
from tests.environment.smtp import SmtpSink, smtp_server
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append
from tests.service.api.moving import (
    Story,
    at_its_head,
    exported,
    ids_of,
    imported,
    paths,
    reading,
    rows,
    tell,
    work,
)
from tests.service.api.seed import page_body
from tests.service.client import Client
from tests.service.deployment import deploy
from tests.service.mailing import mailing

LOG = "SELECT e::text FROM es.events e ORDER BY position"


@dataclass(frozen=True)
class Moved:
    """`old` and `new`: DSNs. `mails`: what the new deployment has sent."""

    story: Story
    old: str
    new: str
    file: bytes
    mails: SmtpSink


@pytest.fixture(scope="module")
async def moved(database: str, postgres_dsn: str) -> AsyncIterator[Moved]:
    """Read from the file by its workers; nobody works on either any more."""
    async with mailing(database) as house:
        story = await tell(house)
        await at_its_head(house.deployment.core.pool)
    file = await exported(database)
    async with fresh_database(postgres_dsn) as dsn, smtp_server() as sink:
        await imported(dsn, file)
        await work(dsn, sink)
        yield Moved(story, database, dsn, file, sink)


async def test_every_get_is_answered_the_same_byte_for_byte(moved: Moved) -> None:
    story, ids = moved.story, await ids_of(moved.old)
    tokens = [story.pending.verify, story.verified.verify, story.verified.manage]
    async with reading(moved.old) as old, reading(moved.new) as new:
        api = [*paths(old.table, ids, tokens), "/openapi.json"]
        public = [f"/p/{name}" for name in ids["subdomain"]] + [f"/subscription/{each}" for each in tokens]
        past = [
            f"/v1/statuspage/{page_id}/unified?at={moment}"
            for page_id in ids["statuspage"]
            for moment in await moments(moved.old)
        ]
        answers = [(path, await old.get(path, story.token)) for path in [*api, *public, *past]]
        for path, answer in answers:
            assert await new.get(path, story.token) == answer, path
    statuses = [answer[0] for _, answer in answers]
    assert statuses.count(200) > 30
    assert set(statuses) <= {200, 403, 404, 410}


async def moments(dsn: str) -> list[str]:
    """Some in between, when pages were others."""
    query = "SELECT recorded_at FROM es.events WHERE position % 20 = 0 ORDER BY position"
    return [text(moment) for moment in await rows(dsn, query)]


async def test_an_etag_of_the_old_deployment_is_still_good(moved: Moved) -> None:
    async with reading(moved.old) as old, reading(moved.new) as new:
        page = orjson.loads((await old.get("/v1/statuspages", moved.story.token))[2])["statuspages"][0]
        path = f"/v1/statuspage/{page['id']}/unified"
        _, headers, _ = await old.get(path, moved.story.token)
        asking = {"Authorization": f"Bearer {moved.story.token}", "If-None-Match": headers["etag"]}
        async with new.session.get(new.base_url + path, headers=asking) as response:
            assert response.status == 304


async def test_nothing_that_was_sent_is_sent_again(moved: Moved) -> None:
    assert moved.mails.attempts == 0
    query = "SELECT d::text FROM notify.deliveries d ORDER BY delivery_id"
    assert await rows(moved.new, query) == await rows(moved.old, query)


async def test_the_log_has_grown_by_nothing(moved: Moved) -> None:
    assert await rows(moved.new, LOG) == await rows(moved.old, LOG)


async def test_what_is_due_is_sent_by_the_new_deployment_once(moved: Moved, postgres_dsn: str) -> None:
    """A mail that was planned and not yet sent when the old one stopped."""
    due = """
    UPDATE notify.deliveries SET state = 'pending', next_attempt_at = clock_timestamp()
    WHERE state = 'sent' AND subscription_id = $1
    """
    async with fresh_database(postgres_dsn) as dsn, smtp_server() as sink:
        await imported(dsn, moved.file)
        async with await connect_pool(dsn) as pool, connection(pool) as conn:
            pending = await conn.fetchval(
                "SELECT subscription_id FROM vault.contacts WHERE address = 'pending@example.com'"
            )
            await conn.execute(due, pending)
        settings = Settings.model_validate({"DATABASE_URL": dsn})
        async with deploy(settings.model_copy(update={"amqp_url": None, "smtp_url": sink.url})):
            await sink.wait_for(1)
        assert [mail.recipients for mail in sink.messages] == [["pending@example.com"]]
        assert moved.story.pending.verify in sink.messages[0].content.decode()


async def test_the_new_deployment_goes_on(moved: Moved, postgres_dsn: str) -> None:
    """Tokens, links of mails that are out, names that are taken, the next write."""
    async with fresh_database(postgres_dsn) as dsn:
        await imported(dsn, moved.file)
        settings = Settings.model_validate({"DATABASE_URL": dsn}).model_copy(update={"amqp_url": None})
        async with deploy(settings) as deployed:
            client = Client(deployed.session, deployed.base_url, moved.story.token)
            await eventually(client.is_known)
            verified = await client.put(f"/v1/subscription/{moved.story.pending.verify}/verification")
            assert verified.status == 200
            [taken, *_] = (await client.get("/v1/statuspages")).json["statuspages"]
            again = page_body(subdomain=taken["subdomain"], domain=None)
            assert (await client.post("/v1/statuspage", again)).status == 409
            assert (await client.post("/v1/statuspage", page_body())).status == 201


async def test_another_secret_key_is_refused_unless_it_is_wanted(moved: Moved, postgres_dsn: str) -> None:
    async with fresh_database(postgres_dsn) as dsn:
        for key in (None, b"another key that is long enough 0123456789"):
            with pytest.raises(MoveRefused, match="STATUSPAGES_SECRET_KEY"):
                await imported(dsn, moved.file, key)
        await imported(dsn, moved.file, None, other_key=True)


async def test_without_secrets_no_address_or_hash_is_in_the_file(moved: Moved, postgres_dsn: str) -> None:
    file = await exported(moved.old, secrets=False)
    assert b"verified@example.com" in moved.file
    assert b"@example.com" not in file
    assert b"argon2" not in file
    async with fresh_database(postgres_dsn) as dsn:
        await imported(dsn, file, None)
        assert await rows(dsn, LOG) == await rows(moved.old, LOG)


async def test_an_export_of_an_earlier_release_is_upgraded_as_it_arrives(postgres_dsn: str) -> None:
    """What a later migration makes of the rows it finds, it makes of these: a new policy starts from now."""
    earlier = sorted(checksums())[:5]
    async with fresh_database(postgres_dsn) as old, fresh_database(postgres_dsn) as new:
        await migrate(old, only=earlier)
        async with await connect_pool(old) as pool:
            await PostgresStore(pool).append(an_append(a_stream(), count=3))
        await imported(new, await exported(old))
        assert await rows(new, "SELECT name FROM es_migrations ORDER BY name") == sorted(checksums())
        assert await rows(new, "SELECT position FROM es.checkpoints WHERE name = 'policy:timers'") == [3]


async def test_a_database_of_a_later_release_is_refused(postgres_dsn: str) -> None:
    async with fresh_database(postgres_dsn) as old, fresh_database(postgres_dsn) as new:
        await migrate(old, only=sorted(checksums())[:5])
        file = await exported(old)
        await migrate(new)
        with pytest.raises(MoveRefused, match="ahead of the export"):
            await imported(new, file)


async def test_what_moved_moves_again(moved: Moved) -> None:
    again = await exported(moved.new)
    assert events_in(again) == events_in(moved.file)


def events_in(file: bytes) -> list[bytes]:
    return [line for line in file.splitlines() if line.startswith(b'{"position"')]

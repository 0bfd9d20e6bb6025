"""The doctor finds each damage, and says what to do."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from eventstore.bus.protocol import BusUnavailable
from eventstore.events import ANY, Append, Context, NewEvent, StreamWrite
from eventstore.leases import Leases
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore
from service.codec import build_codec
from tests.environment import postgres
from workers.doctor import examine as examining
from workers.doctor.examine import examine
from workers.doctor.finding import Finding

TYPES = [known.name for known in build_codec().types]
WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica"
DELIVERY = """
INSERT INTO notify.deliveries
    (delivery_id, event_id, subscription_id, page_id, channel_type, kind, next_attempt_at)
VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'email', 'confirmation',
    clock_timestamp() - $1 * interval '1 second')
"""


@pytest.fixture
async def pool(postgres_dsn: str, migrated_template: str) -> AsyncIterator[Pool]:
    """Three events of an unknown kind in one stream, and every reader at the head."""
    async with postgres.fresh_database(postgres_dsn, template=migrated_template) as dsn:
        pool = await connect_pool(dsn)
        await PostgresStore(pool).append(
            Append(
                (StreamWrite("component-1", ANY, (NewEvent("ComponentRemoved", {}),) * 3),), Context(uuid4())
            )
        )
        await damage(pool, "UPDATE es.checkpoints SET position = 3")
        yield pool
        await pool.close()


async def damage(pool: Pool, statement: str, *values: object) -> None:
    async with connection(pool) as conn, conn.transaction():
        await conn.execute(WITHOUT_TRIGGERS)
        await conn.execute(statement, *values)


async def wrong(pool: Pool) -> dict[str, Finding]:
    return {each.subject: each for each in await examine(pool, TYPES, None) if not each.well}


async def test_a_sound_database_has_nothing_wrong(pool: Pool) -> None:
    findings = await examine(pool, TYPES, None)
    assert [each.text for each in findings if not each.well] == []
    assert {"migrations", "positions", "streams", "event types", "pages@1", "deliveries"} <= {
        each.subject for each in findings
    }


async def test_a_missing_position_is_found(pool: Pool) -> None:
    await damage(pool, "DELETE FROM es.events WHERE position = 2")
    found = await wrong(pool)
    assert set(found) == {"positions", "streams"}
    assert "2 is missing" in found["positions"].text
    assert "component-1" in found["streams"].text
    assert "backup" in found["positions"].advice


async def test_a_missing_beginning_is_found(pool: Pool) -> None:
    await damage(pool, "DELETE FROM es.events WHERE position = 1")
    assert "1 is missing" in (await wrong(pool))["positions"].text


async def test_a_gap_in_a_stream_is_found(pool: Pool) -> None:
    await damage(pool, "UPDATE es.events SET version = 9 WHERE position = 3")
    assert set(await wrong(pool)) == {"streams"}


async def test_an_event_type_of_a_newer_release_is_found(pool: Pool) -> None:
    await damage(pool, "UPDATE es.events SET type = 'FromTheFuture' WHERE position = 3")
    assert (await wrong(pool))["event types"].text == "unknown: FromTheFuture (1)"


async def test_a_checkpoint_beyond_the_log_is_found(pool: Pool) -> None:
    await damage(pool, "UPDATE es.checkpoints SET position = 9 WHERE name IN ('pages@1', 'policy:erasure')")
    found = await wrong(pool)
    assert "statuspages replay rebuild pages --accept-differences" in found["pages@1"].advice
    assert "es.checkpoints" in found["policy:erasure"].advice


async def test_a_reader_that_is_behind_and_has_no_worker_is_found(pool: Pool) -> None:
    await damage(pool, "UPDATE es.checkpoints SET position = 1 WHERE name IN ('pages@1', 'policy:erasure')")
    found = await wrong(pool)
    assert "statuspages worker pages" in found["pages@1"].advice
    assert "statuspages worker erasure" in found["policy:erasure"].advice
    assert "2 behind" in found["pages@1"].text
    await Leases(pool).acquire("projection:pages", "somebody")
    await Leases(pool).acquire("policy:erasure", "somebody")
    assert await wrong(pool) == {}


async def test_a_worker_that_does_not_keep_up_is_found(pool: Pool) -> None:
    many = StreamWrite("component-2", ANY, (NewEvent("ComponentRemoved", {}),) * 1_001)
    await PostgresStore(pool).append(Append((many,), Context(uuid4())))
    await damage(pool, "UPDATE es.checkpoints SET position = 1004 WHERE name <> 'pages@1'")
    await Leases(pool).acquire("projection:pages", "somebody")
    assert "does not keep up" in (await wrong(pool))["pages@1"].advice


async def test_the_relay_matters_only_with_a_broker(pool: Pool) -> None:
    async def answers() -> None:
        return None

    await damage(pool, "INSERT INTO es.checkpoints (name, position) VALUES ('relay', 0)")
    assert await wrong(pool) == {}
    found = {each.subject: each for each in await examine(pool, TYPES, answers)}
    assert found["broker"].well
    assert "statuspages relay" in found["relay"].advice


async def test_a_projection_that_stands_still_is_shown_with_its_error(pool: Pool) -> None:
    await damage(pool, "UPDATE rm.generations SET error = 'KeyError(1)' WHERE projection = 'pages'")
    found = await wrong(pool)
    assert "KeyError(1)" in found["pages@1"].text


async def test_an_outdated_generation_is_found(pool: Pool) -> None:
    await damage(pool, "UPDATE rm.generations SET fold_version = 0 WHERE projection = 'pages'")
    assert "replay rebuild pages --accept-differences" in (await wrong(pool))["pages@1"].advice


async def test_a_projection_without_a_read_model_is_found(pool: Pool) -> None:
    await damage(pool, "DELETE FROM rm.generations WHERE projection = 'pages'")
    assert "statuspages migrate" in (await wrong(pool))["pages"].advice


async def test_leases_are_shown_with_their_holder(pool: Pool) -> None:
    await Leases(pool).acquire("projection:pages", "somebody")
    epoch = await Leases(pool).acquire("scheduler", "somebody else")
    await Leases(pool).release("scheduler", "somebody else", epoch or 0)
    texts = {each.subject: each.text for each in await examine(pool, TYPES, None)}
    assert texts["lease projection:pages"] == "held by somebody"
    assert texts["lease scheduler"].startswith("free for")


async def test_a_delivery_that_waits_too_long_is_found(pool: Pool) -> None:
    await damage(pool, DELIVERY, 10)
    assert await wrong(pool) == {}
    await damage(pool, DELIVERY, 1_000)
    assert "2 due, the oldest for 1,000 s" in (await wrong(pool))["deliveries"].text


async def test_a_broker_that_is_away_is_found(pool: Pool) -> None:
    async def is_away() -> None:
        raise BusUnavailable("ConnectionRefusedError")

    findings = await examine(pool, TYPES, is_away)
    [broker] = [each for each in findings if each.subject == "broker"]
    assert "ConnectionRefusedError" in broker.text
    assert "AMQP_URL" in broker.advice


async def test_a_pending_migration_is_all_it_says(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "9999_next.sql").write_text("SELECT 1")
    monkeypatch.setattr(examining, "MIGRATIONS", tmp_path)
    [finding] = await examine(pool, TYPES, None)
    assert "9999_next.sql" in finding.text
    assert "statuspages migrate" in finding.advice


async def test_a_database_without_tables_is_told_to_migrate(postgres_dsn: str) -> None:
    async with postgres.fresh_database(postgres_dsn) as dsn, await connect_pool(dsn) as empty:
        [finding] = await examine(empty, TYPES, None)
    assert "0001_event_store.sql" in finding.text

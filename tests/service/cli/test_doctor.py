"""`statuspages doctor` from outside."""

import json

from eventstore.pool import Pool, connection
from tests.service.cli.conftest import Command


async def test_all_is_well_when_every_reader_is_at_the_head(statuspages: Command, pool: Pool) -> None:
    async with connection(pool) as conn:
        await conn.execute("UPDATE es.checkpoints SET position = 32")
    done = statuspages("doctor")
    assert done.returncode == 0, done.stdout
    assert "ok     positions: 32 events, without a gap" in done.stdout


async def test_what_is_wrong_comes_with_what_to_do_and_exit_status_1(
    statuspages: Command, pool: Pool
) -> None:
    async with connection(pool) as conn:
        await conn.execute("UPDATE es.checkpoints SET position = 31 WHERE name = 'pages@1'")
    done = statuspages("doctor")
    assert done.returncode == 1
    assert "WRONG  pages@1: at 31, 1 behind (live)\n       -> nobody feeds it" in done.stdout
    report = json.loads(statuspages("doctor", "--json").stdout)
    assert report["ok"] is False
    assert [each["subject"] for each in report["findings"] if not each["ok"]] == ["pages@1"]


def test_a_broker_out_of_reach_is_named_without_its_password(
    statuspages: Command, environment: dict[str, str]
) -> None:
    environment["AMQP_URL"] = "amqp://guest:topsecret@127.0.0.1:1/"
    done = statuspages("doctor")
    del environment["AMQP_URL"]
    assert done.returncode == 1
    assert "WRONG  broker: out of reach" in done.stdout
    assert "topsecret" not in done.stdout + done.stderr

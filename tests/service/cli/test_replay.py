"""`statuspages replay` from outside: output, JSON, exit status."""

import json

from eventstore.pool import Pool, connection
from tests.service.cli.conftest import Command


def test_a_rebuild_says_what_it_did(statuspages: Command) -> None:
    done = statuspages("replay", "rebuild", "statistics")
    assert done.returncode == 0
    assert "statistics@2: folded 32 events up to 32" in done.stdout
    assert "Equal to the live one at position 32: 28 documents." in done.stdout
    assert "Readers see statistics@2 now" in done.stdout
    assert done.stderr.splitlines() == [
        "building statistics@2",
        "indexes",
        "comparing with the live one",
        "swapping",
    ]


def test_its_result_is_one_json_object(statuspages: Command) -> None:
    done = statuspages("replay", "rebuild", "tokens", "--json")
    result = json.loads(done.stdout)
    assert (result["projection"], result["generation"]) == ("tokens", 2)
    assert (result["equal"], result["swapped"], result["differences"]) == (True, True, [])


async def test_a_difference_is_printed_and_the_exit_status_is_1(statuspages: Command, pool: Pool) -> None:
    renamed = """jsonb_set(document, '{name}', '"Wrong"')"""
    statuspages("replay", "verify", "organisations")  # the live one is up to date after that
    async with connection(pool) as conn:
        await conn.execute(f"UPDATE rm.organisations_g1 SET document = {renamed}")
    done = statuspages("replay", "rebuild", "organisations")
    assert done.returncode == 1
    assert 'document.name: live "Wrong", built "Acme"' in done.stdout
    assert "Readers see what they saw before." in done.stdout
    accepted = statuspages("replay", "swap", "organisations", "--accept-differences", "--json")
    assert accepted.returncode == 0
    assert json.loads(accepted.stdout)["differences"][0]["fields"] == [["document.name", "Wrong", "Acme"]]


def test_a_policy_is_refused_in_one_line(statuspages: Command) -> None:
    done = statuspages("replay", "rebuild", "confirmations")
    assert done.returncode == 1
    assert done.stderr == (
        "statuspages: confirmations is a policy: it has effects, so it is never replayed.\n"
    )


async def test_the_list_shows_what_is_out_of_date(statuspages: Command, pool: Pool) -> None:
    outdated = "UPDATE rm.generations SET fold_version = {} WHERE projection = 'subscriptions'"
    async with connection(pool) as conn:
        await conn.execute(outdated.format(0))
    done = statuspages("replay", "list")
    async with connection(pool) as conn:
        await conn.execute(outdated.format(1))
    [line] = [line for line in done.stdout.splitlines() if line.startswith("subscriptions")]
    assert line.endswith("outdated: run `statuspages replay rebuild subscriptions --accept-differences`")


def test_the_status_shows_what_is_being_built(statuspages: Command) -> None:
    statuspages("replay", "rebuild", "pages", "--no-swap")
    done = statuspages("replay", "status")
    assert "pages@1 is live at 32, 0 behind." in done.stdout
    assert "pages@2 is being built: 32 of 32 events (100%)." in done.stdout
    [built] = [
        entry
        for entry in json.loads(statuspages("replay", "list", "--json").stdout)["generations"]
        if entry["state"] == "building"
    ]
    assert (built["projection"], built["position"], built["lag"]) == ("pages", 32, 0)

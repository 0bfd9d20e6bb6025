"""`statuspages deliveries` as an operator uses it, on a ledger that nobody works on."""

import json
from typing import Any
from uuid import uuid4

import pytest

from eventstore.pool import Pool
from service.deliveries import interventions
from tests.service.cli.conftest import Command
from tests.service.deliveries.rows import Rows

CONTACT = """
INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key)
SELECT subscription_id, page_id, 'email', 'ada@example.com', 'ada@example.com' FROM notify.deliveries
WHERE delivery_id = $1
"""


@pytest.fixture
def rows(pool: Pool) -> Rows:
    """Of a page of its own."""
    return Rows(pool)


def listed(statuspages: Command, *arguments: str) -> list[dict[str, Any]]:
    done = statuspages("deliveries", "list", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["deliveries"]
    return found


async def test_the_list_is_narrowed_and_shows_no_address(statuspages: Command, rows: Rows) -> None:
    [parked] = await rows.put("parked")
    await rows.put("parked", channel="slack")
    await rows.put("sent", 3)
    await rows.pool.execute(CONTACT, parked)
    page = ("--page", str(rows.page_id))
    assert len(listed(statuspages, *page, "--limit", "4")) == 4
    [found] = listed(statuspages, *page, "--state", "parked", "--channel", "email")
    assert (found["id"], found["recipient"], found["reason"]) == (str(parked), "a***@example.com", "as_told")
    text = statuspages("deliveries", "list", *page, "--state", "parked").stdout
    assert "a***@example.com" in text
    assert "as_told" in text
    assert statuspages("deliveries", "list", *page, "--state", "expired").stdout == "There are none.\n"


async def test_one_is_shown_in_full_and_an_unknown_one_is_an_error(statuspages: Command, rows: Rows) -> None:
    [parked] = await rows.put("parked")
    done = statuspages("deliveries", "show", str(parked))
    assert done.returncode == 0
    assert "state         parked\nreason        as_told\nattempts      1\n" in done.stdout
    unknown = statuspages("deliveries", "show", str(uuid4()))
    assert unknown.returncode == 1
    assert "There is no delivery" in unknown.stderr


async def test_all_that_fit_are_retried_part_by_part_and_no_others(statuspages: Command, rows: Rows) -> None:
    many = interventions.PART + 5
    await rows.put("parked", many)
    await rows.put("parked", channel="slack")
    await rows.put("refused")
    done = statuspages("deliveries", "retry", "--page", str(rows.page_id), "--channel", "email", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"retried": many, "left_alone": 0})
    assert "retried: 1,000\nretried: 1,005\n" in done.stderr
    assert await rows.states() == {"pending": many, "parked": 1, "refused": 1}
    kept = "SELECT count(*) FROM notify.deliveries WHERE page_id = $1 AND state = 'pending' AND attempts = 0"
    assert await rows.pool.fetchval(f"{kept} AND next_attempt_at <= now()", rows.page_id) == many


async def test_of_those_that_are_named_what_cannot_be_retried_is_told(
    statuspages: Command, rows: Rows
) -> None:
    delivery_ids = [*await rows.put("refused"), *await rows.put("sent"), uuid4()]
    done = statuspages("deliveries", "retry", *map(str, delivery_ids))
    assert done.returncode == 1
    assert "Retried: 1 in" in done.stdout
    assert "Left alone: 2" in done.stdout
    assert await rows.states() == {"pending": 1, "sent": 1}


async def test_what_is_pending_is_held_back_and_given_up(statuspages: Command, rows: Rows) -> None:
    await rows.put("pending", 2)
    await rows.put("sending")
    page = ("--page", str(rows.page_id))
    assert statuspages("deliveries", "park", *page).stdout.startswith("Parked: 2 in")
    assert await rows.states() == {"parked": 2, "sending": 1}
    assert statuspages("deliveries", "drop", *page).stdout.startswith("Dropped: 2 in")
    assert await rows.states() == {"refused": 2, "sending": 1}
    reasons = "SELECT DISTINCT reason FROM notify.deliveries WHERE page_id = $1 AND state = 'refused'"
    assert await rows.pool.fetchval(reasons, rows.page_id) == "dropped_by_hand"


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["retry"], 1, "Say which: ids, or a filter such as --state parked"),
        (["retry", "--state", "sent"], 1, "those that can: parked, refused, expired."),
        (["retry", str(uuid4()), "--state", "parked"], 1, "Give ids or a filter, not both."),
        (["list", "--state", "lost"], 2, "parked"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_can(
    statuspages: Command, arguments: list[str], status: int, text: str
) -> None:
    done = statuspages("deliveries", *arguments)
    assert done.returncode == status
    assert text in done.stderr + done.stdout

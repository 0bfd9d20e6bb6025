"""What mail servers do to a recipient, and what becomes of the mail, its subscription and all others."""

from collections.abc import AsyncIterator
from email import message_from_bytes
from typing import Any
from uuid import UUID

import pytest

from service.domain.values import ChannelType
from tests.environment.scripted_smtp import ScriptedSmtp, scripted_smtp
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.mail_table import BAD, Row
from tests.service.outcomes.outcome import Outcome, make_due, open_incident, outcomes, statuses
from tests.service.outcomes.patience import PATIENCE
from tests.service.outcomes.subscribed import subscribed

HEALTHY = {f"healthy-{number}": Row(".", "250 taken", "sent", None) for number in range(20)}
TABLE = BAD | HEALTHY
AMBIGUOUS = {"takes-and-hangs-up", "takes-and-is-late"}


@pytest.fixture(scope="module")
async def smtp() -> AsyncIterator[ScriptedSmtp]:
    async with scripted_smtp() as smtp:
        smtp.lateness, smtp.pace = PATIENCE * 2, PATIENCE / 3
        smtp.domains = {f"{name}.example": {row.point: row.answer} for name, row in TABLE.items()}
        yield smtp


@pytest.fixture(scope="module")
async def post(database: str, smtp: ScriptedSmtp, impatient: None) -> AsyncIterator[Mailing]:
    async with mailing(database, smtp_url=smtp.url) as running:
        yield running


@pytest.fixture(scope="module")
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


@pytest.fixture(scope="module")
async def readers(post: Mailing, page: dict[str, Any]) -> dict[str, UUID]:
    """One for each row, whose mail server does as it says."""
    return {name: await subscribed(post, page, ChannelType.EMAIL, f"ada@{name}.example") for name in TABLE}


@pytest.fixture(scope="module")
async def first(post: Mailing, page: dict[str, Any], readers: dict[str, UUID]) -> dict[UUID, Outcome]:
    await post.policies_are_done()
    await open_incident(post, page)
    return await outcomes(post, page, len(readers))


@pytest.mark.parametrize("name", TABLE)
def test_every_failure_has_its_outcome(
    readers: dict[str, UUID], first: dict[UUID, Outcome], name: str
) -> None:
    outcome = first[readers[name]]
    assert (outcome.state, outcome.reason) == (TABLE[name].state, TABLE[name].reason)
    assert outcome.state != "pending" or outcome.is_scheduled


async def test_only_who_is_unknown_rests(
    post: Mailing, page: dict[str, Any], readers: dict[str, UUID], first: dict[UUID, Outcome]
) -> None:
    found = await statuses(post, page)
    assert {name: found[each] for name, each in readers.items()} == {
        name: row.subscription for name, row in TABLE.items()
    }


async def test_who_is_healthy_is_told_exactly_once(smtp: ScriptedSmtp, first: dict[UUID, Outcome]) -> None:
    assert {name: len(message_ids(smtp, name)) for name in HEALTHY} == dict.fromkeys(HEALTHY, 1)


async def test_once_it_is_over_whoever_waits_is_told_and_nobody_gets_two_different_mails(
    post: Mailing, page: dict[str, Any], smtp: ScriptedSmtp, first: dict[UUID, Outcome]
) -> None:
    """Where nobody knows whether a mail was taken, it comes again, as the same one."""
    smtp.domains.clear()
    await make_due(post, page)
    await eventually(lambda: nothing_waits(post, page), 60, "nothing waits")
    waited = [name for name, row in BAD.items() if row.state == "pending"]
    assert {name: len(set(message_ids(smtp, name))) for name in waited} == dict.fromkeys(waited, 1)
    repeated = {name for name in TABLE if len(message_ids(smtp, name)) > 1}
    assert repeated == AMBIGUOUS


async def nothing_waits(post: Mailing, page: dict[str, Any]) -> bool:
    waiting = "SELECT count(*) FROM notify.deliveries WHERE page_id = $1 AND state IN ('pending', 'sending')"
    return bool(await post.value(waiting, UUID(page["id"])) == 0)


def message_ids(smtp: ScriptedSmtp, name: str) -> list[str]:
    mails = [message_from_bytes(raw) for raw in smtp.messages]
    return [str(mail["Message-ID"]) for mail in mails if mail["To"] == f"ada@{name}.example"]

"""A mail server that is in trouble or wants nothing from us: everybody waits, nobody rests, all are told.

Each of these brings up a deployment of its own, so most are for make faults; what the mailer makes of each is
tested with it alone.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple

import pytest

from service.domain.values import ChannelType
from tests.environment.scripted_smtp import (
    DRIP,
    FALL_SILENT,
    GREETING,
    HANG_UP,
    ScriptedSmtp,
    scripted_smtp,
)
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.outcome import make_due, open_incident, outcomes, statuses
from tests.service.outcomes.patience import PATIENCE
from tests.service.outcomes.subscribed import subscribed

pytestmark = pytest.mark.usefixtures("impatient")


class Row(NamedTuple):
    """What the server says, and what the reason begins with."""

    script: dict[str, str]
    reason: str


TABLE = {
    "busy": Row({GREETING: "421 4.3.2 busy"}, "connect: 421"),
    "not for us": Row({GREETING: "554 5.7.1 not you"}, "connect: 554"),
    "hangs up at once": Row({GREETING: HANG_UP}, "connect: "),
    "no banner": Row({GREETING: FALL_SILENT}, "connect: "),
    "a banner by the byte": Row({GREETING: f"{DRIP}220 here"}, "connect: "),
    "no TLS after all": Row({"EHLO": "250-here\r\n250 STARTTLS", "STARTTLS": "220 go"}, "connect: "),
    "no sender now": Row({"MAIL": "451 4.3.0 later"}, "mail: 451 4.3.0"),
    "not this sender": Row({"MAIL": "550 5.7.1 not you"}, "mail: 550 5.7.1"),
    "closing": Row({"MAIL": "421 4.3.2 going down"}, "mail: 421 4.3.2"),
    "hangs up in between": Row({"MAIL": HANG_UP}, "mail: "),
    "falls silent": Row({"MAIL": FALL_SILENT}, "mail: "),
}
USUAL = "not this sender"
OTHERS = [name for name in TABLE if name != USUAL]


@asynccontextmanager
async def in_trouble(database: str, smtp: ScriptedSmtp) -> AsyncIterator[tuple[Mailing, dict[str, Any]]]:
    """A deployment whose two readers are to be told of an incident."""
    async with mailing(database, smtp_url=smtp.url) as post:
        page = await post.page()
        for name in ("ada", "bob"):
            await subscribed(post, page, ChannelType.EMAIL, f"{name}@{name}.example")
        await post.policies_are_done()
        await open_incident(post, page)
        yield post, page


@pytest.mark.parametrize("name", [USUAL, *(pytest.param(name, marks=pytest.mark.faults) for name in OTHERS)])
async def test_everybody_waits_and_is_told_once_it_is_over(database: str, name: str) -> None:
    async with scripted_smtp(TABLE[name].script) as smtp:
        smtp.pace = PATIENCE / 3
        async with in_trouble(database, smtp) as (post, page):
            await waiting(post, page, TABLE[name].reason)
            smtp.script.clear()
            await told(post, page, smtp)


async def test_a_server_that_is_not_there_is_waited_for(database: str) -> None:
    async with AsyncExitStack() as later:
        async with scripted_smtp() as gone:
            port = gone.port
        async with in_trouble(database, gone) as (post, page):
            await waiting(post, page, "connect: ")
            smtp = await later.enter_async_context(scripted_smtp(port=port))
            await told(post, page, smtp)


async def waiting(post: Mailing, page: dict[str, Any], reason: str) -> None:
    """A first attempt was made, and is to be repeated. Whoever was not tried yet has lost nothing."""
    [outcome, *_] = (await outcomes(post, page, 1)).values()
    assert outcome.state == "pending"
    assert str(outcome.reason).startswith(reason)
    assert outcome.is_scheduled
    assert set((await statuses(post, page)).values()) == {"verified"}


async def told(post: Mailing, page: dict[str, Any], smtp: ScriptedSmtp) -> None:
    """Both, exactly once."""
    await make_due(post, page)
    unsent = "SELECT count(*) FROM notify.deliveries WHERE page_id = $1 AND kind <> 'confirmation'"

    async def is_done() -> bool:
        return bool(await post.value(f"{unsent} AND state <> 'sent'", page["id"]) == 0)

    await eventually(is_done, 20, "everybody is told")
    assert len(smtp.messages) == 2

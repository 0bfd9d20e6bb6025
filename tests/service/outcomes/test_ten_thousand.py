"""Ten thousand readers, every tenth at a mail server that does one of all the things that such servers do."""

from collections import defaultdict
from email import message_from_bytes
from typing import Any
from uuid import UUID

import pytest

from service.domain.values import ChannelType
from tests.environment.scripted_smtp import ScriptedSmtp, scripted_smtp
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.mail_table import BAD
from tests.service.outcomes.outcome import make_due, open_incident
from tests.service.outcomes.patience import PATIENCE
from tests.service.outcomes.subscribed import all_subscribed

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("impatient")]

READERS = 10_000
HEALTHY = [f"ada-{number}@healthy-{number % 90}.example" for number in range(READERS * 9 // 10)]
AILING = {
    name: [f"ada-{number}@{name}.example" for number in range(READERS // 10 // len(BAD))] for name in BAD
}
REFUSED = [address for name, row in BAD.items() if row.state == "refused" for address in AILING[name]]
WAITING = [address for name, row in BAD.items() if row.state == "pending" for address in AILING[name]]
STATES = """
SELECT state, count(*) FROM notify.deliveries WHERE page_id = $1 AND kind = 'incident.opened' GROUP BY state
"""


async def test_the_healthy_are_told_once_the_gone_never_and_whoever_waits_when_it_is_over(
    database: str,
) -> None:
    async with scripted_smtp() as smtp, mailing(database, smtp_url=smtp.url) as post:
        smtp.lateness, smtp.pace = PATIENCE * 2, PATIENCE / 3
        smtp.domains = {f"{name}.example": {row.point: row.answer} for name, row in BAD.items()}
        page = await post.page()
        await all_subscribed(post, page, ChannelType.EMAIL, [*HEALTHY, *REFUSED, *WAITING])
        await post.policies_are_done()
        await open_incident(post, page)
        await become(post, page, sent=len(HEALTHY), refused=len(REFUSED))
        smtp.domains.clear()
        await make_due(post, page)
        await become(post, page, sent=len(HEALTHY) + len(WAITING), refused=len(REFUSED))
        told = message_ids(smtp)
    assert told.keys() == {*HEALTHY, *WAITING}
    assert {len(told[address]) for address in HEALTHY} == {1}
    assert {len(set(told[address])) for address in WAITING} == {1}


async def become(post: Mailing, page: dict[str, Any], **counts: int) -> None:
    """So many deliveries are in each state."""

    async def done() -> bool:
        rows = await post.deployment.core.pool.fetch(STATES, UUID(page["id"]))
        return {row["state"]: row["count"] for row in rows if row["state"] in counts} == counts

    await eventually(done, 180, f"deliveries: {counts}")


def message_ids(smtp: ScriptedSmtp) -> dict[str, list[str]]:
    """Of the mails that the server took, by their recipient."""
    found: dict[str, list[str]] = defaultdict(list)
    for mail in map(message_from_bytes, smtp.messages):
        found[str(mail["To"])].append(str(mail["Message-ID"]))
    return found

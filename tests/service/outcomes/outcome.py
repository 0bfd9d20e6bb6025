"""What became of the first attempts to tell an incident."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.environment.waiting import eventually
from tests.service.mailing import Mailing
from workers.delivery.outcomes import RETRY_AFTER

TRIED = """
SELECT subscription_id, state, reason, attempts, next_attempt_at - clock_timestamp() AS wait
FROM notify.deliveries
WHERE page_id = $1 AND kind = 'incident.opened' AND attempts > 0 AND state <> 'sending'
"""
DUE = """
UPDATE notify.deliveries SET next_attempt_at = clock_timestamp() WHERE page_id = $1 AND state = 'pending'
"""
ATTEMPTS = """
SELECT sum(attempts) FROM notify.deliveries
WHERE page_id = $1 AND kind = 'incident.opened' AND state <> 'sending'
"""


@dataclass(frozen=True)
class Outcome:
    """As the ledger has it; `wait`: until the next attempt."""

    state: str
    reason: str | None
    attempts: int
    wait: timedelta

    @property
    def is_scheduled(self) -> bool:
        """One that is to be tried again is due within the schedule's time."""
        return self.wait <= RETRY_AFTER[self.attempts - 1]


async def open_incident(post: Mailing, page: dict[str, Any]) -> None:
    body = {"name": "Slow answers", "body": "We look into it."}
    opened = await post.owner.post(f"/v1/statuspage/{page['id']}/incident", body)
    assert opened.status == 201, opened.json


async def outcomes(post: Mailing, page: dict[str, Any], count: int) -> dict[UUID, Outcome]:
    """Of at least `count` subscriptions, each as soon as it has one."""
    found: dict[UUID, Outcome] = {}

    async def all_tried() -> bool:
        for row in await post.deployment.core.pool.fetch(TRIED, UUID(page["id"])):
            found.setdefault(row["subscription_id"], Outcome(*list(row.values())[1:]))
        return len(found) >= count

    await eventually(all_tried, 30, f"{count} outcomes")
    return found


async def make_due(post: Mailing, page: dict[str, Any]) -> None:
    """What waits for another attempt waits no longer."""
    await post.execute(DUE, UUID(page["id"]))


async def tried_again(post: Mailing, page: dict[str, Any]) -> None:
    """The page's only delivery, once more at least."""
    made = await post.value(ATTEMPTS, UUID(page["id"])) or 0
    await make_due(post, page)

    async def done() -> bool:
        return bool((await post.value(ATTEMPTS, UUID(page["id"])) or 0) > made)

    await eventually(done, 10, "another attempt")


async def statuses(post: Mailing, page: dict[str, Any]) -> dict[UUID, str]:
    """Of the page's subscriptions, as its owner sees them."""
    await post.read_models_are_done()
    answer = await post.owner.get(f"/v1/statuspage/{page['id']}/subscriptions?limit=100")
    assert answer.status == 200, answer.json
    return {UUID(each["id"]): each["status"] for each in answer.json["subscriptions"]}

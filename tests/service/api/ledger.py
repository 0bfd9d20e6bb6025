"""An owner's hands in the tests of deliveries."""

from typing import Any
from uuid import UUID

from tests.environment.waiting import eventually
from tests.service.client import Answer
from tests.service.mailing import Mailing, somebody


async def deliveries(post: Mailing, page: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = await post.owner.get(f"/v1/statuspage/{page['id']}/deliveries{query}")
    assert answer.status == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


async def notices(post: Mailing, page: dict[str, Any], state: str, count: int = 1) -> list[dict[str, Any]]:
    """The page's deliveries in this state that are no requests to confirm, once there are so many."""
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        listed = (await deliveries(post, page, f"?state={state}"))["deliveries"]
        found[:] = [each for each in listed if each["event"]["kind"] != "confirmation"]
        return len(found) >= count

    await eventually(there, 10, f"{count} {state}")
    return found


async def reader(post: Mailing, page: dict[str, Any]) -> tuple[str, str]:
    """The address and the subscription of somebody who wants to be told."""
    address = somebody()
    body = {"channel_type": "email", "channel_value": address, "confirmed": True}
    answer = await post.owner.post(f"/v1/statuspage/{page['id']}/subscriptions", body)
    assert answer.status == 201, answer.json
    return address, answer.json["subscription"]["id"]


async def retry(post: Mailing, delivery: dict[str, Any]) -> Answer:
    return await post.owner.call("POST", f"/v1/delivery/{delivery['id']}/retry")


async def give_up(post: Mailing, delivery: dict[str, Any], state: str) -> None:
    """What becomes of one that could not be delivered for hours."""
    await post.execute(
        """
        UPDATE notify.deliveries
        SET state = $2, attempts = 8, reason = 'data: 451', expires_at = clock_timestamp()
        WHERE delivery_id = $1
        """,
        UUID(delivery["id"]),
        state,
    )

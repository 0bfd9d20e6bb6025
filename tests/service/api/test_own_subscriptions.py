"""What a page's owner does with its subscribers: adds, removes and wakes them, and finds them in the list."""

import csv
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.commands.handler import Origin
from service.commands.subscriptions import Quarantine
from service.domain.subscription import SUBSCRIPTION, QuarantineReason
from tests.environment.waiting import eventually
from tests.service.api.incidents import opened
from tests.service.client import Answer
from tests.service.mailing import Mailing, somebody


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


async def add(post: Mailing, page: dict[str, Any], address: str, **fields: Any) -> Answer:
    body = {"channel_type": "email", "channel_value": address, **fields}
    return await post.owner.post(f"/v1/statuspage/{page['id']}/subscriptions", body)


async def added(post: Mailing, page: dict[str, Any], address: str = "", **fields: Any) -> dict[str, Any]:
    answer = await add(post, page, address or somebody(), **fields)
    assert answer.status == 201, answer.json
    found: dict[str, Any] = answer.json["subscription"]
    return found


def path(page: dict[str, Any], subscription: dict[str, Any], call: str = "") -> str:
    return f"/v1/statuspage/{page['id']}/subscriptions/{subscription['id']}{call}"


async def quarantine(post: Mailing, subscription: dict[str, Any]) -> None:
    """What becomes of it when its mailbox is gone."""
    core, subscription_id = post.deployment.core, UUID(subscription["id"])
    command = Quarantine(subscription_id, QuarantineReason.MAILBOX_GONE, core.clock())
    await core.commands.run(Origin(uuid4(), "test"), SUBSCRIPTION.stream(subscription_id), command)
    await post.read_models_are_done()


class TestAdding:
    async def test_who_is_added_is_asked_first(self, post: Mailing, page: dict[str, Any]) -> None:
        address = somebody()
        subscription = await added(post, page, address)
        assert (subscription["status"], subscription["channel_value"]) == ("pending", address)
        mail = await post.mail_to(address)
        assert (await post.verify(mail.verify)).status == 200

    async def test_who_has_consented_already_is_asked_nothing_and_the_log_says_who_said_so(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        component_id = page["components"][0]["id"]
        subscription = await added(post, page, address, confirmed=True, component_ids=[component_id])
        assert (subscription["status"], subscription["component_ids"]) == ("verified", [component_id])
        await post.policies_are_done()
        undone = "SELECT count(*) FROM notify.deliveries WHERE subscription_id = $1 AND state <> 'refused'"

        async def is_refused() -> bool:
            return bool(await post.value(undone, UUID(subscription["id"])) == 0)

        await eventually(is_refused)
        assert post.mails_to(address) == []
        actors = "SELECT array_agg(DISTINCT actor) FROM es.events WHERE stream = $1"
        [actor] = await post.value(actors, f"subscription-{subscription['id']}")
        assert actor.startswith("token:")

    async def test_who_was_added_is_told_in_the_lane_of_the_mail_domain(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        subscription = await added(post, page, address, confirmed=True)
        host = "SELECT host FROM vault.contacts WHERE subscription_id = $1"
        assert await post.value(host, UUID(subscription["id"])) == "example.com"
        await opened(post.owner, page, "major_outage")
        assert "Down" in str((await post.mail_to(address)).message["Subject"])

    async def test_adding_twice_is_200_and_the_same_subscription(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        first = await added(post, page, address, confirmed=True)
        again = await add(post, page, address.upper().replace("@EXAMPLE", "@example"), confirmed=True)
        assert (again.status, again.json["subscription"]["id"]) == (200, first["id"])

    async def test_an_address_is_asked_three_times_a_day_over_all_pages_and_owners(
        self, post: Mailing
    ) -> None:
        address = somebody()
        pages = [await post.page() for _ in range(4)]
        answers = [await add(post, page, address) for page in pages]
        assert [answer.status for answer in answers] == [201, 201, 201, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0

    async def test_what_is_wrong_is_named(self, post: Mailing, page: dict[str, Any]) -> None:
        answer = await add(post, page, "no address", component_ids=["x"])
        assert (answer.status, answer.pointers) == (422, {"/channel_value", "/component_ids/0"})
        answer = await add(post, page, somebody(), component_ids=[str(uuid4())], incident_id=str(uuid4()))
        assert (answer.status, answer.pointers) == (422, {"/component_ids/0", "/incident_id"})

    async def test_a_page_that_tells_nobody_is_409(self, post: Mailing) -> None:
        for fields in (
            {"subscription_enabled": False},
            {"type": "private", "ip_addresses": ["192.0.2.1"]},
        ):
            assert (await add(post, await post.page(**fields), somebody())).status == 409

    async def test_reading_is_not_enough(self, post: Mailing, page: dict[str, Any]) -> None:
        reader = await post.deployment.client(post.organisation_id, "subscriptions:read")
        body = {"channel_type": "email", "channel_value": somebody()}
        answer = await reader.post(f"/v1/statuspage/{page['id']}/subscriptions", body)
        assert answer.status == 403


class TestRemoving:
    async def test_who_is_removed_is_erased_and_it_is_200_again(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        subscription = await added(post, page, confirmed=True)
        for _ in range(2):
            assert (await post.owner.delete(path(page, subscription))).status == 200
        [listed] = (await post.listed(page))["subscriptions"]
        assert (listed["status"], listed["channel_value"]) == ("cancelled", None)
        reason = "SELECT data->>'reason' FROM es.events WHERE stream = $1 ORDER BY version DESC LIMIT 1"
        assert await post.value(reason, f"subscription-{subscription['id']}") == "removed"

    async def test_only_a_subscription_of_this_page_can_be_removed(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        subscription = await added(post, page, confirmed=True)
        other = await post.page()
        _, stranger = await post.deployment.organisation()
        assert (await post.owner.delete(path(other, subscription))).status == 404
        assert (await stranger.delete(path(page, subscription))).status == 404
        assert (await post.owner.delete(path(page, {"id": str(uuid4())}))).status == 404
        assert (await post.listed(page))["counts"]["verified"] == 1


class TestQuarantine:
    async def test_what_rests_is_counted_and_reactivated(self, post: Mailing, page: dict[str, Any]) -> None:
        subscription = await added(post, page, confirmed=True)
        await quarantine(post, subscription)
        listed = await post.listed(page)
        assert listed["subscriptions"][0]["status"] == "quarantined"
        assert (listed["counts"]["quarantined"], listed["counts"]["verified"]) == (1, 0)
        for _ in range(2):
            answer = await post.owner.call("POST", path(page, subscription, "/reactivate"))
            assert (answer.status, answer.json["subscription"]["status"]) == (200, "verified")
        assert (await post.listed(page))["counts"]["verified"] == 1

    async def test_asking_again_or_the_old_link_reactivates_it_too(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        first = await post.subscribed(page, address)
        [subscription] = (await post.listed(page))["subscriptions"]
        await quarantine(post, subscription)
        assert (await post.verify(first.verify)).json["subscription"]["status"] == "verified"
        await quarantine(post, subscription)
        assert (await post.subscribe(page, address)).status == 201
        second = await post.mail_to(address, count=2)
        assert (await post.verify(second.verify)).json["subscription"]["status"] == "verified"

    async def test_what_waits_for_its_confirmation_is_409(self, post: Mailing, page: dict[str, Any]) -> None:
        subscription = await added(post, page)
        assert (await post.owner.call("POST", path(page, subscription, "/reactivate"))).status == 409


async def test_the_list_is_narrowed_by_status_and_channel(post: Mailing, page: dict[str, Any]) -> None:
    waiting, active = await added(post, page), await added(post, page, confirmed=True)

    async def ids(query: str) -> list[str]:
        answer = await post.owner.get(f"/v1/statuspage/{page['id']}/subscriptions?{query}")
        assert answer.status == 200, answer.json
        return [each["id"] for each in answer.json["subscriptions"]]

    assert await ids("status=pending") == [waiting["id"]]
    assert await ids("status=verified&channel_type=email") == [active["id"]]
    assert await ids("channel_type=webhook") == []
    unknown = await post.owner.get(f"/v1/statuspage/{page['id']}/subscriptions?status=asleep")
    assert (unknown.status, unknown.pointers) == (400, {"/status"})


class TestExport:
    async def rows(self, post: Mailing, page: dict[str, Any], query: str = "") -> list[dict[str, str]]:
        url = f"{post.deployment.base_url}/v1/statuspage/{page['id']}/subscriptions.csv{query}"
        headers = {"Authorization": f"Bearer {post.owner.token}"}
        async with post.deployment.session.get(url, headers=headers) as answer:
            assert (answer.status, answer.content_type) == (200, "text/csv")
            assert answer.headers["Cache-Control"] == "no-store"
            return list(csv.DictReader(StringIO(await answer.text(), newline="")))

    async def test_it_has_every_subscription_with_its_address(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        addresses = [somebody() for _ in range(3)]
        component_id = page["components"][0]["id"]
        for address in addresses:
            await added(post, page, address, confirmed=True, component_ids=[component_id])
        rows = await self.rows(post, page)
        assert [row["channel_value"] for row in rows] == addresses
        assert {(row["status"], row["component_ids"]) for row in rows} == {("verified", component_id)}

    async def test_no_address_is_run_by_a_spreadsheet(self, post: Mailing, page: dict[str, Any]) -> None:
        await added(post, page, "=cmd|calc@example.com", confirmed=True)
        assert (await self.rows(post, page))[0]["channel_value"] == "'=cmd|calc@example.com"

    async def test_it_is_narrowed_and_an_erased_address_is_empty(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        gone, _ = await added(post, page, confirmed=True), await added(post, page, confirmed=True)
        await post.owner.delete(path(page, gone))
        rows = await self.rows(post, page, "?status=cancelled")
        assert [(row["id"], row["channel_value"]) for row in rows] == [(gone["id"], "")]

    async def test_reading_is_not_enough(self, post: Mailing, page: dict[str, Any]) -> None:
        reader = await post.deployment.client(post.organisation_id, "subscriptions:read")
        assert (await reader.get(f"/v1/statuspage/{page['id']}/subscriptions.csv")).status == 403

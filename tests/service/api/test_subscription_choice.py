"""What a subscription is to: components, or one incident; seen and changed by its manage link alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.service.api.incidents import opened, update
from tests.service.client import Answer
from tests.service.mailing import Mailing, somebody, somewhere


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}, {"name": "Website"}])


async def look(post: Mailing, token: str) -> Answer:
    return await post.deployment.visitor().get(f"/v1/subscription/{token}")


async def choose(post: Mailing, token: str, component_ids: object) -> Answer:
    body = {"component_ids": component_ids}
    return await post.deployment.visitor().put(f"/v1/subscription/{token}", body)


class TestComponents:
    async def test_the_link_shows_what_there_is_to_choose(self, post: Mailing, page: dict[str, Any]) -> None:
        mail = await post.subscribed(page, somebody())
        answer = await look(post, mail.manage)
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json["statuspage_name"] == page["name"]
        assert [each["name"] for each in answer.json["components"]] == ["API", "Website"]
        assert answer.json["subscription"]["component_ids"] == []
        assert answer.json["subscription"]["channel_value"].startswith("r***@")

    async def test_a_choice_is_what_the_owner_sees(self, post: Mailing, page: dict[str, Any]) -> None:
        mail = await post.subscribed(page, somebody())
        first, second = (component["id"] for component in page["components"])
        for chosen in ([second], [first, second], []):
            answer = await choose(post, mail.manage, chosen * 2)
            assert (answer.status, answer.json["subscription"]["component_ids"]) == (200, chosen)
            [listed] = (await post.listed(page))["subscriptions"]
            assert (listed["component_ids"], listed["status"]) == (chosen, "verified")

    async def test_notices_follow_the_choice(self, post: Mailing, page: dict[str, Any]) -> None:
        follows, looks_away = somebody(), somebody()
        first, second = (component["id"] for component in page["components"])
        for address, component_id in ((follows, first), (looks_away, second)):
            mail = await post.subscribed(page, address)
            assert (await choose(post, mail.manage, [component_id])).status == 200
        await opened(post.owner, page, "major_outage")
        await post.mail_to(follows, count=2)
        await post.policies_are_done()
        planned = "SELECT count(*) FROM notify.deliveries WHERE page_id = $1 AND kind <> 'confirmation'"
        assert await post.value(planned, UUID(page["id"])) == 1
        assert len(post.mails_to(looks_away)) == 1

    async def test_a_component_of_another_page_is_named_and_nothing_is_recorded(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        mail = await post.subscribed(page, somebody())
        other = await post.page(components=[{"name": "Foreign"}])
        chosen = [page["components"][0]["id"], other["components"][0]["id"], str(uuid4())]
        answer = await choose(post, mail.manage, chosen)
        assert (answer.status, answer.pointers) == (422, {"/component_ids/1", "/component_ids/2"})
        assert (await look(post, mail.manage)).json["subscription"]["component_ids"] == []

    async def test_only_the_link_that_manages_shows_or_changes_it(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        mail = await post.subscribed(page, somebody())
        for token in (mail.verify, "guess"):
            assert (await look(post, token)).status == 404
            assert (await choose(post, token, [])).status == 404

    async def test_after_leaving_there_is_no_choice(self, post: Mailing, page: dict[str, Any]) -> None:
        mail = await post.subscribed(page, somebody())
        await post.unsubscribe(mail.manage)
        assert (await choose(post, mail.manage, [])).status == 404
        shown = (await look(post, mail.manage)).json["subscription"]
        assert (shown["status"], shown["channel_value"]) == ("cancelled", None)

    async def test_guessing_is_limited(self, post: Mailing) -> None:
        visitor, bot = post.deployment.visitor(), somewhere()
        answers = [await visitor.get("/v1/subscription/guess", X_Forwarded_For=bot) for _ in range(70)]
        assert {answer.status for answer in answers} == {404, 429}


class TestIncident:
    async def test_one_can_subscribe_to_an_incident_beside_the_page(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        incident, address = await opened(post.owner, page, "major_outage"), somebody()
        await post.subscribed(page, address)
        assert (await post.subscribe(page, address, incident_id=incident["id"])).status == 201
        mail = await post.mail_to(address, count=2)
        assert (await post.verify(mail.verify)).json["subscription"]["incident_id"] == incident["id"]
        assert [each["incident_id"] for each in (await post.listed(page))["subscriptions"]] == [
            None,
            incident["id"],
        ]

    async def test_it_has_no_choice_of_components(self, post: Mailing, page: dict[str, Any]) -> None:
        incident, address = await opened(post.owner, page, "major_outage"), somebody()
        await post.subscribe(page, address, incident_id=incident["id"])
        mail = await post.mail_to(address)
        assert (await choose(post, mail.manage, [page["components"][0]["id"]])).status == 409

    async def test_another_pages_incident_and_one_that_is_over_are_422(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        other = await post.page(components=[{"name": "Foreign"}])
        foreign = await opened(post.owner, other, "major_outage")
        over = await opened(post.owner, page, "major_outage")
        assert (await update(post.owner, over, "resolved")).status in (200, 201)
        for incident in (foreign, over):
            answer = await post.subscribe(page, somebody(), incident_id=incident["id"])
            assert (answer.status, answer.pointers) == (422, {"/incident_id"})

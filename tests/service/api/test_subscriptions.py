"""Asking to be told, over HTTP and with real mails; and the owner's list of who asked."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.environment.waiting import eventually
from tests.service.api.seed import page_body
from tests.service.client import Answer
from tests.service.mailing import Mailing, somebody, somewhere

UNTELLING = ("date", "x-request-id")


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


def shown(answer: Answer) -> tuple[int, Any, dict[str, str]]:
    """All that an answer tells, but for what differs between any two."""
    return answer.status, answer.json, {k: v for k, v in answer.headers.items() if k.lower() not in UNTELLING}


class TestAsking:
    async def test_the_mail_arrives_once_and_its_token_verifies(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        answer = await post.subscribe(page, address)
        assert (answer.status, list(answer.json)) == (201, ["message"])
        mail = await post.mail_to(address)
        assert str(mail.message["To"]) == address
        assert page["name"] in str(mail.message["Subject"])
        verified = await post.verify(mail.verify)
        assert verified.status == 200
        assert verified.json["subscription"]["status"] == "verified"
        assert verified.json["subscription"]["channel_value"].startswith("r***@")
        await post.policies_are_done()
        assert len(post.mails_to(address)) == 1

    async def test_the_samples_body_subscribes_to_the_page_of_the_host(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        host = f"{page['subdomain']}.localhost:8080"
        address = somebody()
        body = {"channel_type": "email", "channel_value": address}
        assert (await post.ask(body, Host=host)).status == 201
        assert page["name"] in (await post.mail_to(address)).text

    async def test_a_page_is_named_by_origin_subdomain_domain_or_id(self, post: Mailing) -> None:
        page = (await post.owner.post("/v1/statuspage", page_body())).json["statuspage"]
        ways: list[tuple[dict[str, str], dict[str, str]]] = [
            ({}, {"Origin": f"http://{page['subdomain']}.localhost"}),
            ({"domain": page["subdomain"]}, {}),
            ({"domain": f"{page['subdomain']}.localhost"}, {}),
            ({"domain": page["domain"].upper()}, {}),
            ({"statuspage_id": page["id"]}, {}),
        ]
        for fields, headers in ways:
            address = somebody()
            body = {"channel_type": "email", "channel_value": address, **fields}
            assert (await post.ask(body, **headers)).status == 201, fields
            await post.mail_to(address)

    async def test_a_known_address_is_answered_exactly_as_an_unknown_one(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        verified, pending, unsubscribed = somebody(), somebody(), somebody()
        await post.subscribed(page, verified)
        await post.unsubscribe((await post.subscribed(page, unsubscribed)).manage)
        unknown = shown(await post.subscribe(page, pending))
        for address in (verified, pending, unsubscribed, somebody()):
            assert shown(await post.subscribe(page, address)) == unknown

    async def test_a_verified_address_gets_no_second_mail(self, post: Mailing, page: dict[str, Any]) -> None:
        address = somebody()
        await post.subscribed(page, address)
        for _ in range(5):
            await post.subscribe(page, address)
        await post.policies_are_done()
        assert len(post.mails_to(address)) == 1

    async def test_a_double_click_sends_one_mail(self, post: Mailing, page: dict[str, Any]) -> None:
        address = somebody()
        answers = await asyncio.gather(*(post.subscribe(page, address) for _ in range(5)))
        assert {answer.status for answer in answers} == {201}
        await post.mail_to(address)
        await post.policies_are_done()
        assert len(post.mails_to(address)) == 1

    async def test_nobody_can_be_flooded_over_many_pages_and_in_many_spellings(self, post: Mailing) -> None:
        pages = [await post.page() for _ in range(6)]
        name = f"victim{uuid4().hex[:8]}"
        spellings = [f"{name}@gmail.com", f"{name}+list@gmail.com", f"v.{name[1:]}@gmail.com"]
        requests = [post.subscribe(page, spelling) for page in pages for spelling in spellings]
        answers = await asyncio.gather(*requests)
        assert {answer.status for answer in answers} == {201}
        await post.policies_are_done()
        await eventually(lambda: sum(len(post.mails_to(each)) for each in spellings) >= 3)
        assert sum(len(post.mails_to(each)) for each in spellings) == 3

    async def test_one_client_is_limited_whatever_it_asks_for(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        bot = somewhere()
        body = {"channel_type": "email", "channel_value": somebody(), "statuspage_id": page["id"]}
        answers = await asyncio.gather(*(post.ask(body, X_Forwarded_For=bot) for _ in range(25)))
        refused = [answer for answer in answers if answer.status == 429]
        assert len(refused) >= 4
        assert {answer.status for answer in answers} == {201, 429}
        assert int(refused[0].headers["Retry-After"]) >= 1

    async def test_the_same_idempotency_key_asks_once(self, post: Mailing, page: dict[str, Any]) -> None:
        address = somebody()
        body = {"channel_type": "email", "channel_value": address, "statuspage_id": page["id"]}
        headers = {"Idempotency_Key": str(uuid4()), "X_Forwarded_For": somewhere()}
        first, second = [await post.ask(body, **headers) for _ in range(2)]
        assert (second.status, second.json) == (first.status, first.json)
        assert second.headers["Idempotent-Replayed"] == "true"

    async def test_a_page_that_takes_no_subscriptions_is_409(self, post: Mailing) -> None:
        page = await post.page(subscription_enabled=False)
        assert (await post.subscribe(page, somebody())).status == 409

    async def test_a_private_page_is_as_unknown_as_one_that_does_not_exist(self, post: Mailing) -> None:
        private = await post.page(type="private", ip_addresses=["192.0.2.1"])
        for page in (private, {"id": str(uuid4())}):
            answer = await post.subscribe(page, somebody())
            assert (answer.status, answer.pointers) == (422, {"/statuspage_id"})


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"channel_type": "sms"}, {"/channel_type"}),
        ({"channel_type": "EMAIL"}, {"/channel_type"}),
        ({"channel_type": 1}, {"/channel_type"}),
        ({"channel_type": "webhook", "channel_value": "http://example.com/hook"}, {"/channel_value"}),
        ({"channel_type": "slack", "channel_value": "https://example.com/hook"}, {"/channel_value"}),
        ({"channel_value": "a@b"}, {"/channel_value"}),
        ({"channel_value": "a@example.com\nBcc: x@y.zz"}, {"/channel_value"}),
        ({"channel_value": "jürgen@example.com"}, {"/channel_value"}),
        ({"channel_value": ""}, {"/channel_value"}),
        ({"channel_value": None}, {"/channel_value"}),
        ({"channel_value": ["a@example.com"]}, {"/channel_value"}),
        ({"incident_id": str(uuid4())}, {"/incident_id"}),
        (
            {"incident_id": str(uuid4()), "component_ids": [str(uuid4())]},
            {"/incident_id", "/component_ids/0"},
        ),
        ({"component_ids": ["x"]}, {"/component_ids/0"}),
        ({"component_ids": [str(uuid4())]}, {"/component_ids/0"}),
        ({"domain": "acme"}, {"/statuspage_id"}),
        ({"domain": "nobody-has-this", "statuspage_id": None}, {"/domain"}),
        ({"domain": "nobody.example.com", "statuspage_id": None}, {"/domain"}),
        ({"domain": "no host..name", "statuspage_id": None}, {"/domain"}),
        ({"statuspage_id": None}, {"/domain"}),
        ({"verified": True}, {"/verified"}),
        (
            {"channel_type": "sms", "channel_value": "a@b", "incident_id": 1},
            {"/channel_type", "/incident_id"},
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_recorded(
    post: Mailing, page: dict[str, Any], fields: dict[str, Any], pointers: set[str]
) -> None:
    head = await post.deployment.core.store.head()
    body = {"channel_type": "email", "channel_value": "a@example.com", "statuspage_id": page["id"], **fields}
    answer = await post.ask(body)
    assert (answer.status, answer.pointers) == (422, pointers), answer.json
    assert await post.deployment.core.store.head() == head


class TestList:
    async def test_an_address_is_masked_unless_the_token_may_write(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        address = somebody()
        await post.subscribed(page, address)
        path = f"/v1/statuspage/{page['id']}/subscriptions"
        reader = await post.deployment.client(post.organisation_id, "subscriptions:read")
        writer = await post.deployment.client(
            post.organisation_id, "subscriptions:read", "subscriptions:write"
        )
        assert (await reader.get(path)).json["subscriptions"][0]["channel_value"] == "r***@example.com"
        assert (await writer.get(path)).json["subscriptions"][0]["channel_value"] == address

    async def test_a_subscription_shows_what_was_asked_for(self, post: Mailing, page: dict[str, Any]) -> None:
        components = [component["id"] for component in page["components"]]
        await post.subscribe(page, somebody(), component_ids=components * 2)
        [listed] = (await post.listed(page))["subscriptions"]
        assert listed["component_ids"] == components
        assert (listed["status"], listed["verified_at"], listed["incident_id"]) == ("pending", None, None)

    async def test_it_shows_a_request_as_soon_as_that_is_answered(self, post: Mailing) -> None:
        page = await post.page()
        for count in range(1, 6):
            await post.subscribe(page, somebody())
            assert (await post.listed(page))["counts"]["pending"] == count

    async def test_it_comes_in_parts(self, post: Mailing, page: dict[str, Any]) -> None:
        for _ in range(5):
            await post.subscribe(page, somebody())
        path = f"/v1/statuspage/{page['id']}/subscriptions?limit=2"
        parts, cursor = [], ""
        while True:
            answer = (await post.owner.get(path + cursor)).json
            parts.append([each["id"] for each in answer["subscriptions"]])
            assert answer["counts"] == {"pending": 5, "verified": 0, "quarantined": 0, "cancelled": 0}
            if answer["next_cursor"] is None:
                break
            cursor = f"&cursor={answer['next_cursor']}"
        assert [len(part) for part in parts] == [2, 2, 1]
        everything = [each["id"] for each in (await post.listed(page))["subscriptions"]]
        assert [each for part in parts for each in part] == everything

    @pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd", "WzEsMl0", "e30"])
    async def test_a_cursor_of_nobodys_is_400(self, post: Mailing, page: dict[str, Any], cursor: str) -> None:
        path = f"/v1/statuspage/{page['id']}/subscriptions?cursor={cursor}"
        answer = await post.owner.get(path)
        assert (answer.status, answer.pointers) == (400, {"/cursor"})

    async def test_a_cancelled_subscription_is_counted_without_its_address(
        self, post: Mailing, page: dict[str, Any]
    ) -> None:
        await post.unsubscribe((await post.subscribed(page, somebody())).manage)
        listed = await post.listed(page)
        assert listed["subscriptions"][0]["channel_value"] is None
        assert listed["counts"]["cancelled"] == 1

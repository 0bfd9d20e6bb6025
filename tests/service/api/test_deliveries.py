"""What a page's owner sees of the messages to its subscribers."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.environment.waiting import eventually
from tests.service.api.incidents import opened, update
from tests.service.api.ledger import deliveries, notices, reader
from tests.service.mailing import Mailing, somebody


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


async def test_it_says_who_was_told_of_what_and_what_became_of_it(
    post: Mailing, page: dict[str, Any]
) -> None:
    address, subscription_id = await reader(post, page)
    incident = await opened(post.owner, page, "major_outage")
    [sent] = await notices(post, page, "sent")
    assert (sent["recipient"], sent["subscription_id"]) == (address, subscription_id)
    assert sent["event"]["kind"] == "incident.opened"
    assert sent["subject"] == {"kind": "incident", "id": incident["id"]}
    assert (sent["attempts"], sent["reason"], sent["next_attempt_at"]) == (1, None, None)
    assert sent["created_at"] <= sent["finished_at"]
    position = "SELECT position FROM es.events WHERE event_id = $1"
    assert await post.value(position, UUID(sent["event"]["id"])) == sent["event"]["position"]
    alone = await post.owner.get(f"/v1/delivery/{sent['id']}")
    assert (alone.status, alone.json) == (200, {"delivery": sent})


async def test_a_request_to_confirm_is_about_nothing(post: Mailing, page: dict[str, Any]) -> None:
    address = somebody()
    await post.subscribe(page, address)
    await post.mail_to(address)

    async def sent() -> bool:
        return bool((await deliveries(post, page))["counts"]["sent"])

    await eventually(sent)
    [question] = (await deliveries(post, page))["deliveries"]
    assert (question["event"]["kind"], question["event"]["position"]) == ("confirmation", None)
    assert question["subject"] is None


async def test_recipients_are_masked_for_who_only_reads_and_null_once_erased(
    post: Mailing, page: dict[str, Any]
) -> None:
    address, subscription_id = await reader(post, page)
    await opened(post.owner, page, "major_outage")
    [sent] = await notices(post, page, "sent")
    narrow = await post.deployment.client(post.organisation_id, "subscriptions:read")
    for path in (f"/v1/statuspage/{page['id']}/deliveries", f"/v1/delivery/{sent['id']}"):
        answer = await narrow.get(path)
        assert "r***@example.com" in str(answer.json)
        assert address not in str(answer.json)
    assert (await narrow.call("POST", f"/v1/delivery/{sent['id']}/retry")).status == 403
    await post.owner.delete(f"/v1/statuspage/{page['id']}/subscriptions/{subscription_id}")
    await post.policies_are_done()
    assert (await post.owner.get(f"/v1/delivery/{sent['id']}")).json["delivery"]["recipient"] is None


async def test_parts_of_the_list_follow_one_another_the_newest_first(
    post: Mailing, page: dict[str, Any]
) -> None:
    for _ in range(3):
        await reader(post, page)
    incident = await opened(post.owner, page, "major_outage")
    await notices(post, page, "sent", 3)
    await update(post.owner, incident, "identified")
    await notices(post, page, "sent", 6)
    whole = (await deliveries(post, page))["deliveries"]
    parts, cursor = [], ""
    while cursor is not None:
        part = await deliveries(post, page, f"?limit=2{cursor and f'&cursor={cursor}'}")
        parts += part["deliveries"]
        cursor = part["next_cursor"]
    assert parts == whole
    assert [each["event"]["kind"] for each in whole[:6]] == ["incident.updated"] * 3 + ["incident.opened"] * 3
    assert len({each["id"] for each in whole}) == len(whole)
    answer = await post.owner.get(f"/v1/statuspage/{page['id']}/deliveries?cursor=x")
    assert (answer.status, answer.pointers) == (400, {"/cursor"})


async def test_the_list_is_narrowed_by_state_channel_event_subject_and_subscription(
    post: Mailing, page: dict[str, Any]
) -> None:
    (_, first), (_, second) = await reader(post, page), await reader(post, page)
    incident = await opened(post.owner, page, "major_outage")
    await notices(post, page, "sent", 2)
    other = await opened(post.owner, page, "degraded_performance")
    sent = await notices(post, page, "sent", 4)

    async def found(query: str) -> set[str]:
        return {each["id"] for each in (await deliveries(post, page, query))["deliveries"]}

    def ids(**fields: str) -> set[str]:
        return {
            each["id"]
            for each in sent
            if fields.get("subject") in (None, each["subject"]["id"])
            and fields.get("subscription") in (None, each["subscription_id"])
        }

    assert await found(f"?subject_id={incident['id']}") == ids(subject=incident["id"])
    assert await found(f"?event_id={sent[0]['event']['id']}") == ids(subject=other["id"])
    both = f"?subject_id={other['id']}&subscription_id={second}&state=sent"
    assert await found(both) == ids(subject=other["id"], subscription=second)
    assert await found(f"?state=sent&channel_type=email&subscription_id={first}") == ids(subscription=first)
    assert await found("?channel_type=webhook") == set()
    assert await found(f"?subject_id={uuid4()}") == set()
    wrong = await post.owner.get(f"/v1/statuspage/{page['id']}/deliveries?state=lost&event_id=1")
    assert (wrong.status, wrong.pointers) == (400, {"/state", "/event_id"})


async def test_counts_are_those_of_the_rows(post: Mailing, page: dict[str, Any]) -> None:
    for _ in range(2):
        await reader(post, page)
    await opened(post.owner, page, "major_outage")
    await notices(post, page, "sent", 2)
    counted = (await deliveries(post, page))["counts"]
    rows = "SELECT jsonb_object_agg(state, count) FROM (SELECT state, count(*) FROM notify.deliveries"
    by_state = await post.value(f"{rows} WHERE page_id = $1 GROUP BY state) AS counts", UUID(page["id"]))
    assert {state: count for state, count in counted.items() if count} == by_state
    assert counted["sent"] == 2


async def test_another_organisations_deliveries_are_as_if_there_were_none(
    post: Mailing, page: dict[str, Any]
) -> None:
    await reader(post, page)
    await opened(post.owner, page, "major_outage")
    [sent] = await notices(post, page, "sent")
    _, stranger = await post.deployment.organisation()
    foreign = await stranger.get(f"/v1/delivery/{sent['id']}")
    unknown = await stranger.get(f"/v1/delivery/{uuid4()}")
    assert (foreign.status, foreign.json["detail"]) == (unknown.status, unknown.json["detail"])
    assert foreign.status == 404
    assert (await stranger.call("POST", f"/v1/delivery/{sent['id']}/retry")).status == 404
    assert (await stranger.get(f"/v1/statuspage/{page['id']}/deliveries")).status == 404


async def test_prometheus_is_told_of_them(post: Mailing, page: dict[str, Any]) -> None:
    await reader(post, page)
    await opened(post.owner, page, "major_outage")
    await notices(post, page, "sent")
    async with post.deployment.session.get(f"{post.deployment.base_url}/metrics") as response:
        lines = (await response.text()).splitlines()
    [sent] = [line for line in lines if 'finished_total{channel_type="email",state="sent"}' in line]
    assert float(sent.split()[-1]) >= 1

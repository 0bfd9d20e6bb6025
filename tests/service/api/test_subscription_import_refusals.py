"""A list of subscribers with anything wrong in it is refused as a whole, and every bad place is named."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.incidents import opened
from tests.service.api.subscriber_lists import HEADER, send, table
from tests.service.mailing import Mailing, somebody


@pytest.fixture
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page(components=[{"name": "API"}])


async def test_every_bad_place_is_named_and_nobody_is_subscribed(post: Mailing, page: dict[str, Any]) -> None:
    unknown = uuid4()
    rows = [
        f"email,{somebody()},,",
        "email,no address,,",
        f"telegram,{somebody()},,",
        f"email,{somebody()},API,",
        f"email,{somebody()},,{unknown} {unknown}",
        "email,too few",
    ]
    sent = await send(post, page, "\n".join([HEADER, *rows]))
    assert (sent.status, sent.errors) == (
        422,
        {
            "/3/channel_value": "not_an_address",
            "/4/channel_type": "not_one_of",
            "/5/component_ids": "uuid",
            "/6/incident_id": "uuid",
            "/7": "wrong_form",
        },
    )
    assert all(error["message"].startswith("Line ") for error in sent.json["errors"])
    assert (await post.listed(page))["subscriptions"] == []


async def test_what_the_page_has_not_is_named_by_its_line(post: Mailing, page: dict[str, Any]) -> None:
    other = await opened(post.owner, await post.page(components=[{"name": "API"}]), "major_outage")
    rows = (somebody(), f"{somebody()},{uuid4()},", f"{somebody()},,{other['id']}")
    sent = await send(post, page, table(*rows))
    assert (sent.status, sent.errors) == (
        422,
        {"/3/component_ids": "unknown_id", "/4/incident_id": "unknown_id"},
    )
    assert (await post.listed(page))["subscriptions"] == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("", {"/1/channel_type": "required", "/1/channel_value": "required"}),
        ("channel_type,e-mail\n", {"/1/channel_value": "required", "/1/2": "unknown_field"}),
        ("channel_type,channel_value,channel_type\n", {"/1/channel_type": "repeated"}),
        (b"channel_type,channel_value\nemail,\xff@example.com", {"/2": "not_utf_8"}),
        ('channel_type,channel_value\nemail,"', {"/2": "wrong_form"}),
        (
            "channel_type,channel_value,status\nemail,,asleep",
            {"/2/status": "not_one_of", "/2/channel_value": "not_an_address"},
        ),
    ],
)
async def test_what_is_no_such_table_is_named(
    post: Mailing, page: dict[str, Any], body: str | bytes, errors: dict[str, str]
) -> None:
    sent = await send(post, page, body)
    assert (sent.status, sent.errors) == (422, errors)


async def test_a_spreadsheets_own_ways_are_understood(post: Mailing, page: dict[str, Any]) -> None:
    text = f"\ufeffchannel_type;channel_value\r\n\r\nemail;{somebody()}\r\n"
    assert (await send(post, page, text)).counts == {"added": 1}


async def test_rows_that_nobody_can_vouch_for_are_left_out_and_counted(
    post: Mailing, page: dict[str, Any]
) -> None:
    component = {"id": page["components"][0]["id"], "status": "operational"}
    incident = await opened(post.owner, page, "major_outage")
    over = {"status": "resolved", "body": "Done.", "components": [component]}
    assert (await post.owner.post(f"/v1/incident/{incident['id']}/update", over)).status == 201
    rows = [
        "channel_type,channel_value,status,incident_id",
        "webhook,https://example.com/hook,verified,",
        f"email,{somebody()},pending,",
        "email,,cancelled,",
        f"email,{somebody()},quarantined,",
        f"email,{somebody()},verified,{incident['id']}",
    ]
    sent = await send(post, page, "\n".join(rows))
    reasons = ("pending", "quarantined", "cancelled", "other_channel", "incident_over")
    assert sent.counts == dict.fromkeys(reasons, 1)


async def test_a_body_of_another_kind_is_415_and_one_too_large_413(
    post: Mailing, page: dict[str, Any]
) -> None:
    assert (await send(post, page, "{}", **{"Content-Type": "application/json"})).status == 415
    assert (await send(post, page, BytesIO(b"x" * (4 * 1024 * 1024 + 1)))).status == 413


async def test_more_rows_than_fit_are_refused(post: Mailing, page: dict[str, Any]) -> None:
    sent = await send(post, page, table(*("x@example.com" for _ in range(10_001))))
    assert (sent.status, sent.errors) == (422, {"/10002": "too_long"})


async def test_a_page_that_tells_nobody_is_409_and_somebody_elses_404(
    post: Mailing, page: dict[str, Any]
) -> None:
    silent = await post.page(subscription_enabled=False)
    assert (await send(post, silent, table(somebody()))).status == 409
    assert (await send(post, {"id": str(uuid4())}, table(somebody()))).status == 404

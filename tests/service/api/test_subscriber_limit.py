"""A page that has all the subscribers that it may have: the answer is the same for everybody."""

from collections.abc import AsyncIterator, Iterator

import pytest

from service.vault import contacts
from tests.service.api.subscriber_lists import send, table
from tests.service.mailing import Mailing, mailing, somebody


@pytest.fixture(scope="module")
def few() -> Iterator[None]:
    """Two, counted at every request."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contacts, "MOST", 2)
        patch.setattr(contacts, "RECOUNT", 0.0)
        yield


@pytest.fixture(scope="module")
async def post(few: None, database: str) -> AsyncIterator[Mailing]:
    async with mailing(database) as running:
        yield running


async def test_a_full_page_answers_who_is_subscribed_and_who_is_not_alike(post: Mailing) -> None:
    page, known = await post.page(), somebody()
    assert (await post.subscribe(page, known)).status == 201
    assert (await post.subscribe(page, somebody())).status == 201
    answers = [await post.subscribe(page, address) for address in (known, somebody())]
    said = [(answer.status, answer.json["type"], answer.json["detail"]) for answer in answers]
    assert said[0] == said[1]
    assert said[0][:2] == (409, "/problems/not-allowed")


async def test_its_owner_can_add_nobody_and_import_no_more_than_fit(post: Mailing) -> None:
    page = await post.page()
    assert (await send(post, page, table(*(somebody() for _ in range(3))))).status == 409
    assert (await post.listed(page))["subscriptions"] == []
    assert (await send(post, page, table(somebody(), somebody()))).status == 200
    body = {"channel_type": "email", "channel_value": somebody(), "confirmed": True}
    answer = await post.owner.post(f"/v1/statuspage/{page['id']}/subscriptions", body)
    assert (answer.status, answer.json["detail"]) == (
        409,
        "This status page has no room for more subscriptions.",
    )


async def test_another_page_has_room(post: Mailing) -> None:
    assert (await post.subscribe(await post.page(), somebody())).status == 201

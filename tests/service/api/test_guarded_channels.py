"""As it is delivered, nobody can ask for a webhook that leads into a private network."""

from typing import Any

import orjson
import pytest

from tests.service.mailing import Mailing
from tests.service.outgoing.forbidden import FORBIDDEN


@pytest.fixture(scope="module")
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


@pytest.mark.parametrize("url", [each for each in FORBIDDEN if each.isprintable() and 0 < len(each) <= 1000])
async def test_a_forbidden_place_is_named_as_such(post: Mailing, page: dict[str, Any], url: str) -> None:
    body = {"channel_type": "webhook", "channel_value": url, "statuspage_id": page["id"]}
    answer = await post.ask(body)
    assert answer.status == 422, answer.json
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        ("/channel_value", "url_not_allowed")
    ]
    assert url not in orjson.dumps(answer.json).decode()

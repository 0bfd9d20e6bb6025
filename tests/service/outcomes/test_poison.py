"""Addresses that no mail can be made for, or that mean more than one, fail alone and mail nobody else."""

from typing import Any
from uuid import UUID

import pytest

from service.domain.values import ChannelType
from tests.service.mailing import Mailing
from tests.service.outcomes.outcome import Outcome, open_incident, outcomes
from tests.service.outcomes.subscribed import all_subscribed

POISON = (
    "",
    "nobody",
    "@example.com",
    "ada@",
    "ada@example.com, bob@example.com",
    "ada@example.com,bob@example.com",
    "ada@example.com;bob@example.com",
    "ada@example.org)bob@example.com",
    "ada@example.com(bob@example.com)",
    "Ada <bob@example.com>",
    "<bob@example.com>",
    "ada@example.com>\r\nRCPT TO:<bob@example.com",
    "ada@example.com\r\nBcc: bob@example.com",
    "ada@example.com\nBcc: bob@example.com",
    "ada\rbob@example.com",
    "ada@example.com> SIZE=1 <",
    "ada@example.com\x01",
    "ada@example.com\u2028Bcc: bob@example.com",
    "ada\u202e@example.com",
    "ädä@example.com",
    "ada bob@example.com",
    '"ada bob"@@example.com',
    "=?utf-8?q?ada?=@@example.com",
    "ada@[127.0.0.1",
    "ada@example..com,",
    "team: ada@example.com;",
)
HEALTHY = tuple(f"reader-{number}@example-{number % 10}.com" for number in range(200))


@pytest.fixture(scope="module")
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


@pytest.fixture(scope="module")
async def readers(post: Mailing, page: dict[str, Any]) -> dict[str, UUID]:
    """The poison in between, so that it has healthy neighbours in every batch."""
    mixed = [address for pair in zip(HEALTHY, (*POISON, *HEALTHY), strict=False) for address in pair]
    addresses = list(dict.fromkeys((*mixed, *HEALTHY)))
    return await all_subscribed(post, page, ChannelType.EMAIL, addresses)


@pytest.fixture(scope="module")
async def first(post: Mailing, page: dict[str, Any], readers: dict[str, UUID]) -> dict[UUID, Outcome]:
    await post.policies_are_done()
    await open_incident(post, page)
    return await outcomes(post, page, len(readers))


@pytest.mark.parametrize("address", POISON)
def test_a_poisonous_address_is_refused_and_its_reason_does_not_repeat_it(
    readers: dict[str, UUID], first: dict[UUID, Outcome], address: str
) -> None:
    outcome = first[readers[address]]
    assert (outcome.state, outcome.attempts) == ("refused", 1)
    assert outcome.reason in ("not_an_address", "unsupported_address")


async def test_everybody_else_is_mailed_exactly_once_and_nobody_beside(
    post: Mailing, readers: dict[str, UUID], first: dict[UUID, Outcome]
) -> None:
    assert {first[readers[address]].state for address in HEALTHY} == {"sent"}
    assert sorted(mail.recipients for mail in post.sink.messages) == sorted([each] for each in HEALTHY)


async def test_a_poisonous_address_lets_nobody_rest(
    post: Mailing, page: dict[str, Any], readers: dict[str, UUID], first: dict[UUID, Outcome]
) -> None:
    await post.read_models_are_done()
    assert (await post.listed(page))["counts"]["verified"] == len(readers)

"""Two API processes on one database: of rivals one wins, and everybody sees what was written."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from service.http.consistency import POSITION
from tests.faults.product import Product, running
from tests.service.api.seed import minimal_body
from tests.service.client import Answer

ROUNDS = 50
RIVALS = 100


@pytest.fixture(scope="module")
async def product(database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    async with running(tmp_path_factory.mktemp("races"), database, apis=2) as deployed:
        yield deployed


async def test_of_two_posts_for_one_subdomain_one_wins(product: Product) -> None:
    for _ in range(ROUNDS):
        body = minimal_body(domain=f"{uuid4().hex}.example.org")
        rivals = [product.at(number).post("/v1/statuspage", body) for number in (0, 1)]
        answers = sorted(await asyncio.gather(*rivals), key=lambda answer: answer.status)
        assert [answer.status for answer in answers] == [201, 409]
        assert answers[1].json["type"].endswith("name-taken")


async def test_of_many_puts_with_one_if_match_one_wins(product: Product) -> None:
    created = await _create(product, 0)
    path = f"/v1/statuspage/{created.json['statuspage']['id']}"
    subdomain = created.json["statuspage"]["subdomain"]
    rivals = [
        product.at(number % 2).put(
            path, minimal_body(subdomain=subdomain, description=str(number)), If_Match=created.etag
        )
        for number in range(RIVALS)
    ]
    answers = await asyncio.gather(*rivals)
    assert Counter(answer.status for answer in answers) == {200: 1, 412: RIVALS - 1}


async def test_of_many_puts_without_a_condition_all_win_in_some_order(product: Product) -> None:
    created = await _create(product, 0)
    path = f"/v1/statuspage/{created.json['statuspage']['id']}"
    subdomain = created.json["statuspage"]["subdomain"]
    rivals = [
        product.at(number % 2).put(path, minimal_body(subdomain=subdomain, description=str(number)))
        for number in range(RIVALS // 4)
    ]
    answers = await asyncio.gather(*rivals)
    assert {answer.status for answer in answers} == {200}
    assert {answer.etag for answer in answers} == {f'"v{number + 2}"' for number in range(RIVALS // 4)}


@pytest.mark.parametrize("pages", [100, pytest.param(500, marks=pytest.mark.faults)])
async def test_a_page_can_be_read_at_once_wherever_it_was_created(product: Product, pages: int) -> None:
    for number in range(pages):
        created = await _create(product, number % 2)
        path = f"/v1/statuspage/{created.json['statuspage']['id']}"
        here = await product.at(number % 2).get(path)
        there = await product.at(1 - number % 2).get(path, Statuspages_Min_Position=created.headers[POSITION])
        for answer in (here, there):
            assert answer.status == 200
            assert answer.json["statuspage"]["subdomain"] == created.json["statuspage"]["subdomain"]


async def _create(product: Product, number: int) -> Answer:
    answer = await product.at(number).post("/v1/statuspage", minimal_body())
    assert answer.status == 201
    return answer

"""Somebody with many addresses and pages wants to fill a victim's mailbox, or to learn who is subscribed."""

import asyncio
from collections import Counter
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

import pytest

from tests.environment.waiting import eventually
from tests.service.client import Answer
from tests.service.mailing import Mailing, somebody, somewhere

PAGES, CLIENTS, REQUESTS, AT_ONCE = 50, 200, 1000, 25


def spellings(name: str) -> list[str]:
    """Eight, all of one mailbox: letters, dots, tags, domains."""
    dotted = f"{name[0]}.{name[1:]}"
    return [
        *(f"{name}@gmail.com", f"{name.upper()}@GMail.com", f"{dotted}@gmail.com", f"{dotted}@GMAIL.COM"),
        *(
            f"{name}+a@gmail.com",
            f"{dotted}+b@googlemail.com",
            f"{name}@googlemail.com",
            f"{name}+@gmail.com",
        ),
    ]


def body(page: dict[str, Any], address: str) -> dict[str, str]:
    return {"channel_type": "email", "channel_value": address, "statuspage_id": page["id"]}


async def test_a_thousand_requests_for_one_victim_are_at_most_three_mails(post: Mailing) -> None:
    pages = [await post.page() for _ in range(PAGES)]
    victim = spellings(f"victim{uuid4().hex[:10]}")
    clients = [somewhere() for _ in range(CLIENTS)]
    turn = asyncio.Semaphore(AT_ONCE)

    async def ask(i: int) -> Answer:
        async with turn:
            wish = body(pages[i % PAGES], victim[i // PAGES % len(victim)])
            return await post.ask(wish, X_Forwarded_For=clients[i % CLIENTS])

    answers = await asyncio.gather(*map(ask, range(REQUESTS)))
    assert Counter((answer.status, str(answer.json)) for answer in answers).most_common() == [
        ((201, str(answers[0].json)), REQUESTS)
    ]
    await post.policies_are_done()
    waiting = "SELECT count(*) FROM notify.deliveries WHERE state IN ('pending', 'sending')"

    async def all_is_sent() -> bool:
        return bool(await post.value(waiting) == 0)

    await eventually(all_is_sent, 20)
    boxes = {spelling.lower() for spelling in victim}
    sent = [mail for mail in post.sink.messages if {each.lower() for each in mail.recipients} & boxes]
    assert len(sent) == 3


async def test_the_distribution_of_times_is_the_same_for_known_and_unknown_addresses(post: Mailing) -> None:
    page, known = await post.page(), somebody()
    await post.subscribed(page, known)

    async def seconds(address: str) -> float:
        started = perf_counter()
        assert (await post.subscribe(page, address)).status == 201
        return perf_counter() - started

    async def alike() -> bool:
        fresh, old = [], []
        for _ in range(20):
            fresh.append(await seconds(somebody()))
            old.append(await seconds(known))
        return all(
            abs(one - other) < 0.05
            for one, other in zip(quantiles(fresh, n=4), quantiles(old, n=4), strict=True)
        )

    # A busy machine can part them once; what the address parts, it parts each time.
    for _ in range(3):
        if await alike():
            return
    pytest.fail("The times tell known addresses from unknown ones.")


async def test_one_page_is_asked_for_at_most_so_often_by_all_clients_together(post: Mailing) -> None:
    page, address = await post.page(), somebody()
    answers = []
    for _ in range(14):
        wishes = (post.ask(body(page, address)) for _ in range(AT_ONCE))
        answers += await asyncio.gather(*wishes)
    assert {answer.status for answer in answers} == {201, 429}
    refused = next(answer for answer in answers if answer.status == 429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await post.subscribe(await post.page(), address)).status == 201

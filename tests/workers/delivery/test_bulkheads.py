"""Nobody waits for another one's trouble: not for a host, not for a page, not for a mail server."""

from uuid import UUID

import pytest
from structlog.testing import capture_logs

from tests.environment.scripted_smtp import GREETING, ScriptedSmtp
from tests.environment.waiting import eventually
from tests.workers.delivery.delivering import deliverer_by, email_by, planned, running, settled
from tests.workers.delivery.recording import Recording
from tests.workers.delivery.test_circuit import Clock
from tests.workers.subscribers import Subscribers
from workers.delivery import deliverer
from workers.delivery.circuit import LONGEST_REST_SECONDS, REST_SECONDS
from workers.delivery.gate import MAILS, Bounds, Gate

HOLE = "hole.example.org"
SMALL = Bounds(in_hand=8, sending=4, aside=32, per_host=2)


async def asked(subscribers: Subscribers, page_id: UUID, *hosts: str) -> None:
    for number, host in enumerate(hosts):
        await subscribers.request(page_id, f"reader-{number}@{host}")
    await subscribers.catch_up(subscribers.confirming())


async def nothing_in_hand(subscribers: Subscribers) -> bool:
    query = "SELECT NOT EXISTS (SELECT FROM notify.deliveries WHERE state = 'sending')"
    return bool(await subscribers.pool.fetchval(query))


async def test_a_host_that_never_answers_delays_nobody_else(
    subscribers: Subscribers, page_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer, "FINISH_SECONDS", 0.1)
    healthy = [f"{number}.example.org" for number in range(10)]
    await asked(subscribers, page_id, *[HOLE] * 60, *healthy)
    channel = Recording(holes=frozenset({HOLE}))
    async with running(deliverer_by(subscribers, channel, Gate(SMALL))):
        await eventually(lambda: len(channel.sent) == len(healthy), 10, "the healthy ones told")
        assert channel.most <= SMALL.per_host


async def test_a_small_page_is_told_while_a_large_one_waits(subscribers: Subscribers, page_id: UUID) -> None:
    small = await subscribers.page()
    await asked(subscribers, page_id, *[f"{number}.example.org" for number in range(60)])
    await asked(subscribers, small, *[f"{number}.example.org" for number in range(5)])
    channel = Recording()
    async with running(deliverer_by(subscribers, channel, Gate(SMALL))):
        await eventually(lambda: len(channel.sent) == 65, 20, "everybody told")
    last = max(place for place, (page, _) in enumerate(channel.sent) if page == small)
    assert last < 30


async def test_a_fault_of_ours_over_one_reader_costs_nobody_else_and_is_told_without_the_address(
    subscribers: Subscribers, page_id: UUID
) -> None:
    await asked(subscribers, page_id, "a.example.org", HOLE, "b.example.org")
    channel = Recording(trips=frozenset({HOLE}))
    with capture_logs() as lines:
        async with running(deliverer_by(subscribers, channel, Gate(SMALL))):
            await eventually(lambda: len(channel.sent) == 2, 10, "the others told")
            await eventually(lambda: nothing_in_hand(subscribers), 10, "everything noted")
    rows = await subscribers.deliveries(page_id)
    assert [row["state"] for row in rows] == ["sent", "pending", "sent"]
    assert (rows[1]["attempts"], rows[1]["reason"]) == (1, "internal_error: RuntimeError")
    [told] = [line for line in lines if line["log_level"] == "error"]
    assert (told["delivery_id"], told["error"]) == (str(rows[1]["delivery_id"]), "RuntimeError")
    assert HOLE not in repr(lines)


async def test_an_outage_of_the_mail_server_costs_no_attempts_and_nobody_their_subscription(
    subscribers: Subscribers, page_id: UUID, smtp: ScriptedSmtp
) -> None:
    clock = Clock()
    gate = Gate(MAILS, clock)
    smtp.script[GREETING] = "554 5.7.1 not you"
    await asked(subscribers, page_id, *[f"{number}.example.org" for number in range(20)])
    async with running(deliverer_by(subscribers, email_by(smtp), gate)):
        await eventually(lambda: gate.server.is_open, 10, "the circuit open")
        await eventually(lambda: nothing_in_hand(subscribers), 10, "everything noted")
        waiting = await subscribers.deliveries(page_id)
        smtp.script.clear()
        await subscribers.pool.execute("UPDATE notify.deliveries SET next_attempt_at = clock_timestamp()")
        clock.now = REST_SECONDS
        rows = await settled(subscribers, page_id)
    assert {row["state"] for row in waiting} == {"pending"}
    assert max(row["attempts"] for row in waiting) <= 1
    assert ({row["state"] for row in rows}, len(smtp.messages)) == ({"sent"}, 20)


async def test_one_host_whose_mails_are_refused_does_not_keep_all_others_waiting(
    subscribers: Subscribers, page_id: UUID, smtp: ScriptedSmtp
) -> None:
    clock = Clock()
    gate = Gate(MAILS, clock)
    smtp.domains = {"a.example.org": {"DATA": "554 no"}}
    await asked(subscribers, page_id, *["a.example.org"] * 30)
    async with running(deliverer_by(subscribers, email_by(smtp), gate)):
        await eventually(lambda: gate.server.is_open, 10, "the circuit open")
        await asked(subscribers, page_id, "z.example.org")

        def told() -> bool:
            clock.now += LONGEST_REST_SECONDS
            return bool(smtp.messages)

        await eventually(told, 10, "the other one told")
    rows = await subscribers.deliveries(page_id)
    assert [row["state"] for row in rows] == ["pending"] * 30 + ["sent"]
    assert sum(row["attempts"] for row in rows) >= 6
    assert {row["reason"] for row in rows[:30] if row["attempts"]} == {"data: 554"}


async def test_what_has_waited_too_long_for_its_turn_is_judged_anew(
    subscribers: Subscribers, page_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await planned(subscribers, page_id, 3)
    monkeypatch.setattr(deliverer, "PATIENCE_SECONDS", -1.0)
    planned_at = {row["next_attempt_at"] for row in await subscribers.deliveries(page_id)}
    channel = Recording()

    async def handed_back() -> bool:
        return planned_at.isdisjoint(row["next_attempt_at"] for row in await subscribers.deliveries(page_id))

    async with running(deliverer_by(subscribers, channel, Gate(SMALL))):
        await eventually(handed_back, 10, "all of them claimed and handed back")
    rows = await subscribers.deliveries(page_id)
    assert ({(row["state"], row["attempts"]) for row in rows}, channel.sent) == ({("pending", 0)}, [])

"""How many deliveries may be begun, and what is held against them."""

from datetime import UTC, datetime
from uuid import uuid4

from structlog.testing import capture_logs

from service.domain.values import ChannelType
from tests.workers.delivery.test_circuit import Clock
from workers.delivery.circuit import REST_SECONDS, THRESHOLD
from workers.delivery.delivery import Delivery
from workers.delivery.gate import Bounds, Gate
from workers.delivery.outcomes import Fault, Gone, Later, Outcome, Sent, Untried

BOUNDS = Bounds(in_hand=20, sending=4, aside=32, per_host=2)
AWAY = Later("connect: SMTPConnectError", fault=Fault.SERVER)
REFUSED = Later("data: 554", fault=Fault.MESSAGE)
SLOW = Later("unreachable", fault=Fault.HOST)


def delivery_to(host: str) -> Delivery:
    return Delivery(
        delivery_id=uuid4(),
        event_id=uuid4(),
        subscription_id=uuid4(),
        page_id=uuid4(),
        channel_type=ChannelType.EMAIL,
        host=host,
        kind="incident.opened",
        position=1,
        thing_id=uuid4(),
        attempts=1,
        created_at=datetime(2026, 3, 4, tzinfo=UTC),
        gathered=0,
        late=False,
        superseded=False,
        address=f"ada@{host}",
        verified=True,
    )


def passed(gate: Gate, host: str, outcome: Outcome) -> Outcome:
    delivery = delivery_to(host)
    gate.enter(delivery)
    return gate.leave(delivery, outcome)


def test_a_host_has_no_more_in_hand_than_its_share_and_gets_it_back() -> None:
    gate = Gate(BOUNDS, Clock())
    first, second = delivery_to("a.example"), delivery_to("a.example")
    gate.enter(first)
    gate.enter(second)
    assert gate.choice().narrow == {"a.example": 0}
    gate.leave(first, Sent())
    gate.leave(second, Gone("http 410"))
    assert gate.choice().narrow == {}


def test_a_host_that_fails_rests_and_nobody_else() -> None:
    clock = Clock()
    gate = Gate(BOUNDS, clock)
    for _ in range(THRESHOLD):
        assert passed(gate, "down.example", SLOW) == SLOW
    assert (gate.choice().narrow, gate.room()) == ({"down.example": 0}, BOUNDS.in_hand)
    clock.now = REST_SECONDS
    assert gate.choice().narrow == {"down.example": 1}
    passed(gate, "down.example", Sent())
    assert gate.choice().narrow == {}


def test_while_the_server_is_in_trouble_nothing_begins_and_nothing_counts() -> None:
    clock = Clock()
    gate = Gate(BOUNDS, clock)
    in_hand = [delivery_to(f"{number}.example") for number in range(THRESHOLD + 1)]
    for each in in_hand:
        gate.enter(each)
    outcomes = [gate.leave(each, AWAY) for each in in_hand]
    assert outcomes == [AWAY] * (THRESHOLD - 1) + [Untried(AWAY.reason)] * 2
    assert gate.room() == 0
    clock.now = REST_SECONDS
    assert gate.room() == 1


def test_whose_messages_the_server_refuses_counts_and_lets_others_be_tried_first() -> None:
    clock = Clock()
    gate = Gate(BOUNDS, clock)
    outcomes = [passed(gate, "refused.example", REFUSED) for _ in range(THRESHOLD)]
    assert outcomes == [REFUSED] * THRESHOLD
    clock.now = REST_SECONDS
    assert (gate.room(), gate.choice().narrow) == (1, {"refused.example": 0})
    gate.nothing_found()
    assert (gate.room(), gate.choice().narrow) == (1, {})
    passed(gate, "refused.example", REFUSED)
    assert gate.choice().narrow == {"refused.example": 0}
    passed(gate, "other.example", Sent())
    assert gate.choice().narrow == {}


def test_the_operator_is_told_once_that_mails_wait_and_once_that_they_go_out() -> None:
    clock = Clock()
    gate = Gate(BOUNDS, clock)
    with capture_logs() as logs:
        for _ in range(THRESHOLD + 1):
            passed(gate, "a.example", AWAY)
        passed(gate, "a.example", Sent())
    assert [each["log_level"] for each in logs] == ["error", "info"]
    assert "SMTP_URL" in logs[0]["advice"]


def test_claims_are_large_while_enough_is_in_hand() -> None:
    gate = Gate(BOUNDS, Clock())
    for number in range(12):
        gate.enter(delivery_to(f"{number}.example"))
    assert gate.room() == 0
    with gate.beginning() as may_begin:
        assert (may_begin, gate.waiting) == (True, 11)

"""What a receiver's answer means for the delivery."""

import socket
from datetime import timedelta

import pytest

from service.outgoing import Answer, Outgoing
from tests.environment.sink import Sink, sink, status
from tests.service.domain.facts import NOON
from tests.service.outgoing.forbidden import FORBIDDEN
from workers.delivery.channels.posting import Poster, outcome_of
from workers.delivery.outcomes import Gone, Later, Outcome, Refused, Sent


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (200, Sent()),
        (204, Sent()),
        (302, Later("http 302")),
        (400, Later("http 400")),
        (404, Gone("http 404")),
        (410, Gone("http 410")),
        (429, Later("http 429")),
        (500, Later("http 500")),
    ],
)
async def test_the_status_decides(poster: Poster, receiver: Sink, code: int, outcome: Outcome) -> None:
    receiver.answer = status(code)
    assert await poster.send(receiver.url(), b"{}") == outcome
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    ("retry_after", "after"),
    [
        (None, None),
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("999999999999999999999", timedelta(hours=24)),
        ("Sun, 01 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Sun, 01 Nov 2030 11:00:00 GMT", timedelta(hours=24)),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_who_asks_to_wait_is_waited_for_up_to_a_day(retry_after: str | None, after: timedelta | None) -> None:
    assert outcome_of(Answer(503, retry_after), NOON) == Later("http 503", after)


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_a_row_that_should_not_be_there_is_refused_before_anything_is_opened(address: str) -> None:
    outgoing = Outgoing(open_socket=_no_socket)
    assert await Poster(outgoing, (), lambda: NOON).send(address, b"{}") == Refused("url_not_allowed")
    await outgoing.close()


async def test_nobody_there_and_nobody_allowed_read_the_same(poster: Poster) -> None:
    async with sink() as gone:
        url = gone.url()
    assert await poster.send(url, b"{}") == Later("unreachable")
    guarded = Outgoing(open_socket=_no_socket)
    assert await Poster(guarded, poster.allowed, poster.clock).send(url, b"{}") == Later("unreachable")
    await guarded.close()


def _no_socket(family: int, kind: int, protocol: int) -> socket.socket:
    raise AssertionError("a socket was opened")

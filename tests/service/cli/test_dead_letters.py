"""`statuspages dead-letters` from outside; what it does on a broker is tested where it is done."""

import json
from collections.abc import Iterator

import pytest

from service.cli.dead_letters import list_text
from tests.service.cli.conftest import Command

REJECTED = {
    "reason": "rejected",
    "queue": "statuspages.projection:pages",
    "times": 1,
    "died_at": "2026-11-24T18:00:00.000Z",
    "type": "PageCreated",
    "position": 7,
    "bytes": 900,
}


@pytest.fixture
def broker(environment: dict[str, str], amqp_url: str) -> Iterator[None]:
    environment["AMQP_URL"] = amqp_url
    yield
    del environment["AMQP_URL"]


@pytest.fixture
def no_broker(environment: dict[str, str]) -> Iterator[None]:
    environment["AMQP_URL"] = "amqp://guest:topsecret@127.0.0.1:1/"
    yield
    del environment["AMQP_URL"]


@pytest.mark.usefixtures("broker")
def test_a_broker_is_asked_what_it_put_aside(statuspages: Command) -> None:
    done = statuspages("dead-letters", "list", "--json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout)["dead_letters"], list)


def test_without_a_broker_there_are_none(statuspages: Command) -> None:
    done = statuspages("dead-letters", "list")
    assert done.returncode == 1
    assert "AMQP_URL" in done.stderr


@pytest.mark.usefixtures("no_broker")
def test_a_broker_out_of_reach_is_told_without_its_password(statuspages: Command) -> None:
    done = statuspages("dead-letters", "replay")
    assert done.returncode == 1
    assert "out of reach" in done.stderr
    assert "topsecret" not in done.stdout + done.stderr


def test_a_line_says_why_where_and_of_which_event() -> None:
    _, line = list_text([REJECTED]).splitlines()
    assert line.split() == [
        *("rejected", "statuspages.projection:pages", "1", "2026-11-24T18:00:00.000Z", "PageCreated", "7")
    ]
    _, line = list_text([{**REJECTED, "type": None, "position": None, "queue": None}]).splitlines()
    assert line.endswith("no event                     900 bytes")


def test_none_are_none() -> None:
    assert list_text([]) == "There are none."

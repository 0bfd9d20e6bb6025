"""What stands in the logs, and what does not."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from service.logs import configure_logs, current_request, hide_secrets

TOKEN = "sp_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


@pytest.fixture
def configured() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("info")
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("configured")
def test_a_line_is_one_json_object_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    structlog.get_logger().info("answered", route="/x\r\n{}", agent="\x1b[2J")
    out, err = capfd.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    found = json.loads(line)
    assert found["event"] == "answered"
    assert found["level"] == "info"
    assert found["timestamp"].endswith("Z")
    assert "\x1b" not in line


@pytest.mark.usefixtures("configured")
def test_the_request_is_named_in_every_line(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    token = current_request.set("deploy-7")
    structlog.get_logger().info("x")
    current_request.reset(token)
    structlog.get_logger().info("y")
    first, second = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert first["request_id"] == "deploy-7"
    assert "request_id" not in second


@pytest.mark.usefixtures("configured")
def test_what_is_below_the_level_is_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["loud"]


@pytest.mark.usefixtures("configured")
def test_warnings_of_libraries_come_in_the_same_form(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    logging.getLogger("library").warning("of %s", "a library")
    logging.getLogger("library").info("chatter")
    (line,) = capfd.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "of a library"


@pytest.mark.usefixtures("configured")
def test_an_exception_brings_its_trace_without_local_variables(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    hidden = "local-" + "value"
    try:
        raise KeyError("x")
    except KeyError:
        structlog.get_logger().exception("failed", length=len(hidden))
    (line,) = capfd.readouterr().err.splitlines()
    assert "KeyError" in json.loads(line)["exception"]
    assert hidden not in line


@pytest.mark.parametrize(
    ("event", "hidden"),
    [
        ({"event": f"bad token {TOKEN}"}, TOKEN),
        ({"event": "x", "token": "anything"}, "anything"),
        ({"event": "x", "password": "anything"}, "anything"),
        ({"event": "x", "Authorization": "Bearer anything"}, "anything"),
        ({"event": "x", "channel_value": "anything"}, "anything"),
        ({"event": "refused alice+x@example.org."}, "alice"),
        ({"event": "x", "exception": f"KeyError: '{TOKEN}'"}, TOKEN),
        ({"event": "cannot reach postgresql://user:secret@host/x"}, "secret"),
        ({"event": "whsec_c2VjcmV0c2VjcmV0"}, "c2VjcmV0"),
    ],
)
def test_tokens_passwords_and_addresses_are_hidden(event: dict[str, str], hidden: str) -> None:
    assert hidden not in json.dumps(hide_secrets(None, "", dict(event)))


def test_ids_of_tokens_are_shown() -> None:
    assert hide_secrets(None, "", {"event": "x", "token_id": "7"})["token_id"] == "7"

"""`statuspages events`: the log on the terminal, and as CloudEvents."""

import json
import signal
import subprocess
import sys

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from tests.service.cli.conftest import Command
from tests.workers.replay.stories import Story


def test_events_are_read_in_order_from_a_position(statuspages: Command) -> None:
    done = statuspages("events", "read", "--after", "29", "--json")
    assert [json.loads(line)["position"] for line in done.stdout.splitlines()] == [30, 31, 32]


def test_a_line_is_a_cloud_event(statuspages: Command) -> None:
    done = statuspages("events", "read", "--limit", "1", "--json")
    event = JSONFormat().read(CloudEvent, done.stdout)
    assert event.get_type() == "OrganisationCreated"


def test_only_a_type_or_only_a_stream_is_read(statuspages: Command, story: Story) -> None:
    done = statuspages("events", "read", "--type", "PageCreated", "--limit", "2")
    assert [line.split()[2] for line in done.stdout.splitlines()] == ["PageCreated"] * 2
    stream = f"component-{story.components[0][0]}"
    done = statuspages("events", "read", "--stream", stream, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["version"] for event in events] == [1, 2, 3, 4, 5]
    assert {event["stream"] for event in events} == {stream}


async def test_the_tail_prints_what_happens_until_it_is_told_to_stop(
    environment: dict[str, str], story: Story
) -> None:
    command = (sys.executable, "-m", "service", "events", "tail", "--after", "31", "--json")
    tail = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        command, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert tail.stdout is not None
    first = json.loads(tail.stdout.readline())
    await story.goes_on(1)
    second = json.loads(tail.stdout.readline())
    assert (first["position"], second["position"]) == (32, 33)
    tail.send_signal(signal.SIGINT)
    tail.communicate(timeout=10)
    assert tail.returncode == 0

"""The description of events is valid, up to date, and true of what is published."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import orjson
import pytest
from jsonschema_rs import Draft7Validator

from docs.write import DOCS, kept, written
from eventstore.bus import envelope
from eventstore.bus.rabbit import RabbitBus
from eventstore.events import RecordedEvent
from service.asyncapi.payloads import payload_schemas
from service.codec import build_codec
from tests.docs.described import Described
from tests.service.domain.stored import recorded

ROOT = Path(__file__).parents[2]
GOLDEN = sorted((ROOT / "tests/service/domain/golden").glob("*.json"))
SPECIFICATION = json.loads((Path(__file__).parent / "vendor" / "asyncapi-3.0.0.json").read_text())
EXCHANGE = "statuspages.events"


@pytest.fixture(scope="module")
def described() -> Described:
    return Described()


def golden(path: Path) -> RecordedEvent:
    name, version, _ = path.name.split(".")
    return recorded(name, int(version), orjson.loads(path.read_bytes()))


def published(path: Path) -> dict[str, Any]:
    """The sample as it goes over the wire."""
    attributes: dict[str, Any] = orjson.loads(envelope.encode(golden(path)))
    return attributes


def valid(document: dict[str, Any]) -> bool:
    return Draft7Validator(SPECIFICATION).is_valid(document)


def test_it_is_valid_asyncapi(described: Described) -> None:
    errors = [str(error) for error in Draft7Validator(SPECIFICATION).iter_errors(described.document)]
    assert errors == []


@pytest.mark.parametrize("part", ["info", "asyncapi"])
def test_a_document_that_lacks_a_part_is_not_valid(described: Described, part: str) -> None:
    broken = {name: each for name, each in described.document.items() if name != part}
    assert not valid(broken)


def test_a_document_with_a_part_too_many_is_not_valid(described: Described) -> None:
    broken = deepcopy(described.document)
    broken["channels"]["stream"]["speed"] = "fast"
    assert not valid(broken)


def test_every_reference_leads_somewhere(described: Described) -> None:
    found = references(described.document)
    assert found
    for reference in found:
        here: Any = described.document
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]


def references(value: Any) -> list[str]:
    match value:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [found for item in value.values() for found in references(item)]
        case list():
            return [found for item in value for found in references(item)]
    return []


def test_what_is_in_the_folder_is_what_make_docs_writes() -> None:
    for name, text in written(kept()).items():
        assert (DOCS / name).read_text() == text, f"{name} is not up to date: run `make docs`"


def test_every_event_type_is_described(described: Described) -> None:
    assert described.names == {f"{one.name}.{one.schema_version}" for one in build_codec().types} | set(
        kept()
    )
    assert described.names >= {path.stem for path in GOLDEN}
    for channel in described.document["channels"].values():
        assert set(channel["messages"]) == described.names


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_each_event_is_as_described(described: Described, path: Path) -> None:
    assert described.faults(published(path)) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_each_schema_stands_alone(path: Path) -> None:
    schema = kept()[path.stem]
    assert Draft7Validator(schema, validate_formats=True).is_valid(orjson.loads(path.read_bytes()))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_altered_event_is_not_as_described(described: Described, path: Path) -> None:
    required = kept()[path.stem]["required"]
    assert required
    for name in required:
        lacking, wrong = published(path), published(path)
        del lacking["data"][name]
        wrong["data"][name] = "nonsense" if isinstance(wrong["data"][name], dict) else {"nonsense": True}
        assert described.faults(lacking), name
        assert described.faults(wrong), name


@pytest.mark.parametrize("name", ["id", "position", "stream", "version", "time", "data", "actor"])
def test_an_envelope_that_lacks_something_is_not_as_described(described: Described, name: str) -> None:
    assert described.faults({**published(GOLDEN[0]), name: None})


def test_an_unknown_type_is_not_described(described: Described) -> None:
    assert described.faults({**published(GOLDEN[0]), "type": "Happened"}) == ["Happened.1 is not described"]


def test_an_event_that_came_to_say_more_is_still_as_described(described: Described) -> None:
    grown = published(GOLDEN[0])
    grown["data"]["later"] = True
    grown["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert described.faults(grown) == []


async def test_what_comes_over_rabbitmq_is_as_described(described: Described, amqp_url: str) -> None:
    prefix = f"test-{uuid4().hex[:12]}"
    channel = described.document["channels"]["broker"]
    words = channel["address"].split(".")
    bus = RabbitBus(amqp_url, prefix)
    await bus.publish([])  # declares the exchange
    try:
        async with await aio_pika.connect(amqp_url) as connection:
            broker = await connection.channel()
            name = channel["bindings"]["amqp"]["exchange"]["name"].replace("statuspages", prefix)
            queue = await broker.declare_queue(exclusive=True)
            await queue.bind(await broker.get_exchange(name, ensure=True), ".".join("*" for _ in words))
            await bus.publish([golden(path) for path in GOLDEN])
            for path in GOLDEN:
                message = await queue.get(timeout=5)
                await message.ack()
                assert message is not None
                assert message.content_type == described.document["defaultContentType"]
                assert message.type == path.stem.split(".")[0]
                assert described.faults(orjson.loads(message.body)) == []
            await broker.exchange_delete(name)
    finally:
        await bus.close()


def test_the_exchange_is_the_one_that_is_used(described: Described) -> None:
    bindings = described.document["channels"]["broker"]["bindings"]["amqp"]
    assert bindings["exchange"] == {
        "name": EXCHANGE,
        "type": "topic",
        "durable": True,
        "autoDelete": False,
    }


def test_a_schema_of_an_older_version_stays(described: Described) -> None:
    old = {"title": "PageDeleted", "type": "object", "properties": {"page": {"type": "string"}}}
    files = written({**kept(), "PageDeleted.0": old})
    assert json.loads(files["schemas/events/PageDeleted.0.json"]) == old
    assert "PageDeleted.0:" in files["asyncapi.yaml"]


def test_schemas_are_written_in_the_draft_that_they_name() -> None:
    text = json.dumps(payload_schemas(build_codec()))
    assert "$defs" not in text
    assert "prefixItems" not in text

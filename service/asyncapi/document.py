"""The description of events (AsyncAPI 3.0, https://www.asyncapi.com), made from the classes of the events."""

import re
from collections.abc import Mapping
from typing import Any

from eventstore.bus.envelope import CONTENT_TYPE
from service.asyncapi import parts
from service.asyncapi.payloads import Schema, placed
from service.http.schemas.events import CloudEvent

WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def asyncapi(payloads: Mapping[str, Schema], version: str) -> dict[str, Any]:
    """`payloads` by `<Type>.<schema version>`, old ones included: events stay as they are."""
    names = sorted(payloads)
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in names}
    return {
        "asyncapi": "3.0.0",
        "info": {**parts.INFO, "version": version},
        "defaultContentType": CONTENT_TYPE,
        "servers": parts.SERVERS,
        "channels": parts.channels(messages),
        "operations": parts.operations(),
        "components": {
            "messages": {name: _message(name, payloads[name]) for name in names},
            "schemas": {
                "CloudEvent": _envelope(),
                **{name: placed(payloads[name], f"#/components/schemas/{name}") for name in names},
            },
            "securitySchemes": parts.SECURITY,
        },
    }


def _message(name: str, payload: Schema) -> dict[str, Any]:
    event_type, _, version = name.partition(".")
    described = {"description": payload["description"]} if "description" in payload else {}
    own = {
        "type": {"const": event_type},
        "schemaversion": {"const": int(version)},
        "data": {"$ref": f"#/components/schemas/{name}"},
    }
    return {
        "name": event_type,
        "title": WORD.sub(" ", event_type).capitalize(),
        **described,
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {"type": "object", "properties": own, "required": list(own)},
            ]
        },
        "bindings": {"amqp": {"messageType": event_type, "bindingVersion": "0.3.0"}},
    }


def _envelope() -> Schema:
    """As answers have it, but open: an envelope may come to carry more."""
    schema = CloudEvent.model_json_schema(mode="serialization")
    schema.pop("additionalProperties")
    for each in schema["properties"].values():
        each.pop("title")
    return {**schema, "description": CloudEvent.__doc__.partition(";")[0] + "." if CloudEvent.__doc__ else ""}

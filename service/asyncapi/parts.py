"""The parts of the description of events that do not depend on which events there are."""

from typing import Any

from service.http.live.connections import MOST
from service.http.schemas.events import LiveQuery

EXCHANGE = "statuspages.events"
STREAM = "/v1/events/stream"
INFO = {
    "title": "Statuspages events",
    "license": {"name": "MIT"},
    "description": (
        "What happens to an organisation's status pages, as CloudEvents 1.0. The same events come over "
        "RabbitMQ and over HTTP, and `GET /v1/events` reads all that ever happened.\n\n"
        "`position` grows from event to event: whoever keeps the last one together with its effects, and "
        "passes over what is not beyond it, has each event once. On RabbitMQ a copy may come twice, and does "
        "not wait for who has no queue; what is missing is read over HTTP. New event types and fields may "
        "appear at any time; a payload that changes its shape comes with a higher `schemaversion`. An event "
        "never changes. None holds an address of a subscriber or a secret."
    ),
}
SERVERS: dict[str, Any] = {
    "rabbitmq": {
        "host": "{host}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "The operator's broker (AMQP_URL). It has the events of all organisations.",
        "variables": {"host": {"default": "localhost:5672"}},
    },
    "api": {
        "host": "{host}",
        "protocol": "https",
        "description": "The API at STATUSPAGES_BASE_URL.",
        "variables": {"host": {"default": "localhost:8080"}},
        "security": [{"$ref": "#/components/securitySchemes/bearer"}],
    },
}
PARAMETERS: dict[str, Any] = {
    "category": {"description": "The kind of thing.", "examples": ["statuspage", "component", "incident"]},
    "type": {"description": "The event type.", "location": "$message.payload#/type"},
    "organisation": {
        "description": "Whose it is; `_` if nobody's.",
        "location": "$message.payload#/tenantid",
    },
    "page": {
        "description": "The status page that it is about; of a measurement, the component; `_` if none.",
        "location": "$message.payload#/subject",
    },
}
SECURITY: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of the organisation with the scope `events:read`.",
    }
}


def channels(messages: dict[str, Any]) -> dict[str, Any]:
    """Both ways carry all messages."""
    return {
        "broker": {
            "title": "The topic exchange",
            "description": f"Bind a queue of your own to `{EXCHANGE}` with the keys that you want.",
            "address": "{category}.{type}.{organisation}.{page}",
            "servers": [{"$ref": "#/servers/rabbitmq"}],
            "parameters": PARAMETERS,
            "messages": messages,
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False},
                    "bindingVersion": "0.3.0",
                }
            },
        },
        "stream": {
            "title": "Server-sent events",
            "description": (
                "Each event is the `data` of one, its position the `id`; `Last-Event-ID` goes on behind it. "
                f"An organisation may have {MOST} connections to one process."
            ),
            "address": STREAM,
            "servers": [{"$ref": "#/servers/api"}],
            "messages": messages,
        },
    }


def operations() -> dict[str, Any]:
    return {
        "publish": {
            "action": "send",
            "summary": "Copies of all events, in the order of the log.",
            "channel": {"$ref": "#/channels/broker"},
            "bindings": {"amqp": {"deliveryMode": 2, "mandatory": False, "bindingVersion": "0.3.0"}},
        },
        "follow": {
            "action": "send",
            "summary": "The organisation's events after a position, and then each as it happens.",
            "channel": {"$ref": "#/channels/stream"},
            "bindings": {"http": {"method": "GET", "query": _query(), "bindingVersion": "0.3.0"}},
        },
    }


def _query() -> dict[str, Any]:
    """Parameters that may be left out: the null that means so in the model is nothing on the wire."""
    properties = {}
    for name, found in LiveQuery.model_json_schema()["properties"].items():
        (present,) = [one for one in found["anyOf"] if one.get("type") != "null"]
        properties[name] = {**present, "description": found["description"]}
    return {"type": "object", "properties": properties, "additionalProperties": False}

"""The parts of the API's description that all calls share."""

from typing import Any

from service.http.problems import CATALOGUE, MEDIA_TYPE, UNAVAILABLE
from service.http.routing import Endpoint
from service.http.schemas.base import CANONICAL_UUID

UUID = {"type": "string", "format": "uuid", "pattern": f"^{CANONICAL_UUID}$"}
INFO = {
    "title": "Statuspages",
    "summary": "Status pages, their components, and who is told about them.",
    "license": {"name": "MIT", "identifier": "MIT"},
    "description": (
        "Bodies are JSON objects in UTF-8, at most 256 KiB; times are RFC 3339 in UTC. The same calls answer "
        "under `/statuspage-query/v1` (GET) and `/statuspage-cmd/v1` (the others). Errors are RFC 9457 "
        "problems; `errors` names every bad field by a JSON pointer. HEAD works wherever GET does.\n\n"
        "**Read your writes.** A write waits until reads show it, one second unless `Prefer: wait` says "
        "otherwise. It succeeds either way: `Preference-Applied: wait=N` says that reads show it, `wait=0` "
        "that they may not yet. Its `Statuspages-Position`, sent with a GET as `Statuspages-Min-Position`, "
        "makes that GET wait in turn, and answer 503 rather than something older."
    ),
}


def _header(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


PARAMETERS = {
    "IfNoneMatch": _header("If-None-Match", "ETags already known: 304 if one holds.", {"type": "string"}),
    "IfMatch": _header(
        "If-Match",
        "The ETag of a GET: write only if nothing has changed since, else 412.",
        {"type": "string"},
    ),
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "Sent again within a day, with the same body: nothing happens twice, the first answer comes again.",
        {"type": "string", "minLength": 1, "maxLength": 255},
    ),
    "Prefer": _header(
        "Prefer",
        "`wait=N`: seconds to wait for the read models, 0 to 10.",
        {"type": "string", "examples": ["wait=2"]},
    ),
    "MinPosition": _header(
        "Statuspages-Min-Position",
        "Answer from read models that have come to this position, else 503.",
        {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
    ),
    "RequestId": _header(
        "X-Request-Id",
        "A name for this request in logs and events; made if it is left out.",
        {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
    ),
}

HEADERS: dict[str, Any] = {
    "ETag": {"description": "The version of what was read or written.", "schema": {"type": "string"}},
    "Statuspages-Position": {
        "description": "How far the log is with it.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Preference-Applied": {
        "description": "`wait=N`: reads show this write. `wait=0`: they may not yet.",
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "`true`: this is the first answer again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "X-Request-Id": {"description": "The name of this request.", "schema": {"type": "string"}},
}

SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri-reference",
                "examples": ["/problems/validation-failed"],
            },
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri-reference"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        },
    },
    "FieldError": {
        "type": "object",
        "required": ["pointer", "code", "message"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "JSON pointer into the body, or `/name` of a parameter.",
                "examples": ["/components/0/status"],
            },
            "code": {"type": "string", "examples": ["not_one_of"]},
            "message": {"type": "string"},
        },
    },
}


def _response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in CATALOGUE.values() if kind.status == status]
    example = {
        "type": f"/problems/{kinds[0].slug}",
        "title": kinds[0].title,
        "status": status,
        "detail": "...",
    }
    response: dict[str, Any] = {
        "description": "; ".join(kind.title for kind in kinds) + ".",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status in (409, 429, UNAVAILABLE.status):
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return response


COMPONENTS: dict[str, Any] = {
    "securitySchemes": {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of one organisation. Each call names its scope; `admin` has all.",
        }
    },
    "parameters": PARAMETERS,
    "headers": HEADERS,
    "responses": {
        str(status): _response(status) for status in sorted({kind.status for kind in CATALOGUE.values()})
    },
}


def answer_headers(endpoint: Endpoint) -> dict[str, Any]:
    names = ["ETag", "Statuspages-Position", "X-Request-Id"]
    names += [] if endpoint.method == "GET" or endpoint.safe else ["Preference-Applied"]
    names += ["Idempotent-Replayed"] if endpoint.method == "POST" and not endpoint.safe else []
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

"""The API's description (OpenAPI 3.1), made from the table of endpoints and the models that validate."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from service.http import openapi_parts as parts
from service.http.replies import JSON
from service.http.routing import Endpoint

PARAMETER = re.compile(r"{(\w+)}")
REFERENCE = "#/components/schemas/{model}"
Schemas = Mapping[Any, Mapping[str, Any]]
"""References by model and mode."""


def openapi(endpoints: Iterable[Endpoint], version: str, base_url: str) -> bytes:
    """The document as JSON."""
    table = list(endpoints)
    references, definitions = models_json_schema(_models(table), ref_template=REFERENCE)
    schemas = dict(definitions.get("$defs", {}))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in table:
        operation = _operation(endpoint, references, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    for model in {endpoint.query for endpoint in table if endpoint.query}:
        schemas.pop(_name(references[model, "validation"]))
    document = {
        "openapi": "3.1.0",
        "info": {**parts.INFO, "version": version},
        "servers": [{"url": base_url}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in table)],
        "paths": paths,
        "components": {**parts.COMPONENTS, "schemas": {**schemas, **parts.SCHEMAS}},
    }
    return orjson.dumps(document)


def _models(table: list[Endpoint]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    found: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for endpoint in table:
        found.update({(model, "validation"): None for model in (endpoint.body, endpoint.query) if model})
        found.update({(model, "serialization"): None for model in endpoint.answers.values() if model})
    return list(found)


def _operation(endpoint: Endpoint, references: Schemas, schemas: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(endpoint),
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "security": [{"bearer": [endpoint.scope]}] if endpoint.scope else [],
        "parameters": [*_path(endpoint), *_query(endpoint, references, schemas), *_headers(endpoint)],
        "responses": {**_answers(endpoint, references), **_problems(endpoint)},
    }
    if description := _description(endpoint):
        operation["description"] = description
    if endpoint.body:
        schema = references[endpoint.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    elif endpoint.text:
        content = {endpoint.text.media_type: {"schema": {"type": "string"}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def operation_id(endpoint: Endpoint) -> str:
    words = PARAMETER.sub(r"by-\1", endpoint.path.removeprefix("/v1")).strip("/").replace("/", "-")
    return f"{endpoint.method.lower()}-{words}"


def _description(endpoint: Endpoint) -> str:
    documented = " ".join((endpoint.handler.__doc__ or "").split())
    scope = f"Scope: `{endpoint.scope}`." if endpoint.scope else "No token needed."
    return f"{documented}\n\n{scope}".strip()


def _path(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": parts.UUID if name in endpoint.ids else {"type": "string", "minLength": 1},
        }
        for name in PARAMETER.findall(endpoint.path)
    ]


def _query(endpoint: Endpoint, references: Schemas, schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    model = schemas[_name(references[endpoint.query, "validation"])]
    required = model.get("required", ())
    return [
        _parameter(name, schema, required=name in required)
        for name, schema in model.get("properties", {}).items()
    ]


def _parameter(name: str, schema: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    described = {"description": schema["description"]} if "description" in schema else {}
    # A parameter that may be left out is a null to the model and nothing at all on the wire.
    present = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    shown = present[0] if len(present) == 1 else schema
    return {"name": name, "in": "query", "required": required, "schema": shown, **described}


def _headers(endpoint: Endpoint) -> list[dict[str, str]]:
    names = {
        "GET": ("IfNoneMatch", "MinPosition", "Prefer"),
        "POST": () if endpoint.safe else ("IdempotencyKey", "Prefer"),
    }.get(endpoint.method, ("IfMatch", "Prefer"))
    return [{"$ref": f"#/components/parameters/{name}"} for name in (*names, "RequestId")]


def _answers(endpoint: Endpoint, references: Schemas) -> dict[str, Any]:
    answers = {}
    for status, model in endpoint.answers.items():
        answer: dict[str, Any] = {
            "description": HTTPStatus(status).phrase,
            "headers": parts.answer_headers(endpoint),
        }
        if model:
            answer["content"] = {JSON: {"schema": references[model, "serialization"]}}
        elif endpoint.media_type != JSON:
            answer["content"] = {endpoint.media_type: {"schema": {"type": "string"}}}
        answers[str(status)] = answer
    if endpoint.method == "GET" and endpoint.media_type == JSON:
        answers["304"] = {"description": "Not changed since the ETag that If-None-Match names."}
    return answers


def _problems(endpoint: Endpoint) -> dict[str, Any]:
    return {
        str(status): {"$ref": f"#/components/responses/{status}"} for status in problem_statuses(endpoint)
    }


def problem_statuses(endpoint: Endpoint) -> list[int]:
    """What can go wrong with any call of this kind, and what the endpoint names itself."""
    statuses = {400, 503, *endpoint.problems}
    statuses |= {401, 403} if endpoint.scope else set()
    statuses |= {404} if PARAMETER.search(endpoint.path) else set()
    statuses |= {408, 413, 415, 422} if endpoint.body or endpoint.text else set()
    statuses |= {409, 422} if endpoint.method == "POST" else set()
    statuses |= {412} if endpoint.method in ("PUT", "DELETE") else set()
    return sorted(statuses)


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]

"""The API's description is valid, complete and true."""

from typing import Any

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.http.openapi import openapi, operation_id
from tests.service.http.conftest import Service
from tests.service.http.toy import Counters


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(openapi(Counters().endpoints(), "1.2.3", "http://localhost"))
    return found


def test_it_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1.2.3"


def test_every_endpoint_is_in_it_under_its_own_name(document: dict[str, Any]) -> None:
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    table = Counters().endpoints()
    assert described == {(endpoint.path, endpoint.method.lower()) for endpoint in table}
    assert len({operation_id(endpoint) for endpoint in table}) == len(table)


def operation(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][path][method]
    return found


def test_a_write_names_scope_body_answers_and_what_can_go_wrong(document: dict[str, Any]) -> None:
    post = operation(document, "/v1/counter", "post")
    assert post["security"] == [{"bearer": ["c:write"]}]
    body = post["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert body == "#/components/schemas/NewCounter"
    assert set(post["responses"]) == {"201", "400", "401", "403", "408", "409", "413", "415", "422", "503"}
    names = [parameter["$ref"].rpartition("/")[2] for parameter in post["parameters"]]
    assert names == ["IdempotencyKey", "Prefer", "RequestId"]


def test_a_post_that_changes_nothing_takes_no_key(document: dict[str, Any]) -> None:
    estimate = operation(document, "/v1/estimate", "post")
    assert [each["$ref"].rpartition("/")[2] for each in estimate["parameters"]] == ["RequestId"]
    assert set(estimate["responses"]["200"]["headers"]) == {"ETag", "Statuspages-Position", "X-Request-Id"}


def test_a_read_names_its_parameters(document: dict[str, Any]) -> None:
    parameters = operation(document, "/v1/counters", "get")["parameters"]
    described = {parameter["name"]: parameter for parameter in parameters if "name" in parameter}
    assert described["limit"]["in"] == "query"
    assert described["limit"]["schema"]["maximum"] == 200
    assert described["cursor"]["schema"]["type"] == "string"
    (identifier,) = [
        parameter
        for parameter in operation(document, "/v1/counter/{id}", "get")["parameters"]
        if parameter.get("in") == "path"
    ]
    assert (identifier["name"], identifier["schema"]["format"]) == ("id", "uuid")


def test_an_anonymous_call_needs_no_token(document: dict[str, Any]) -> None:
    confirm = operation(document, "/v1/confirmation/{token}", "put")
    assert confirm["security"] == []
    assert "401" not in confirm["responses"]


def test_bodies_and_answers_are_closed(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["NewCounter"]["additionalProperties"] is False
    assert schemas["CounterAnswer"]["additionalProperties"] is False


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        here: Any = document
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


async def test_it_is_served_with_an_etag(service: Service, document: dict[str, Any]) -> None:
    async with service.http.get("/openapi.json", headers={"Authorization": ""}) as response:
        assert response.headers["Content-Type"] == "application/json"
        assert (await response.json())["paths"] == document["paths"]
        etag = response.headers["ETag"]
    async with service.http.get("/openapi.json", headers={"If-None-Match": etag}) as response:
        assert response.status == 304


async def test_the_problems_described_are_those_that_come(service: Service, document: dict[str, Any]) -> None:
    async with service.http.post("/v1/counter", json={}) as response:
        problem = await response.json(content_type=None)
    described = document["components"]["schemas"]["Problem"]
    assert set(described["required"]) <= set(problem) <= set(described["properties"])
    assert set(problem["errors"][0]) == set(document["components"]["schemas"]["FieldError"]["properties"])

"""The order of checks, and what every answer carries."""

from typing import Any

import pytest

from service.http.live.connections import Connections
from service.http.problems import CATALOGUE
from tests.service.http.conftest import Service, listening
from tests.service.http.raw import exchange
from tests.service.http.toy import REJECTIONS, Counters, toy_application

UNKNOWN = "/v1/counter/99999999-9999-4999-8999-999999999999"
BODY = {"name": "Visits", "colour": "red"}
NOBODY = {"Authorization": ""}


async def problem(response: Any) -> dict[str, Any]:
    """The problem of an answer, which it must be."""
    assert response.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = await response.json(content_type=None)
    kind = CATALOGUE[found["type"].removeprefix("/problems/")]
    assert (found["status"], found["title"]) == (response.status, kind.title)
    assert kind.status == response.status
    assert found["instance"] == f"/requests/{response.headers['X-Request-Id']}"
    return found


async def test_a_write_answers_with_etag_position_and_location(service: Service) -> None:
    await service.freshness.move_to(10**6)
    async with service.http.post("/v1/counter", json=BODY) as response:
        body = await response.json()
        assert response.status == 201
        assert response.headers["ETag"] == '"v1"'
        assert response.headers["Location"] == f"/v1/counter/{body['counter']['id']}"
        assert response.headers["Statuspages-Position"] == str(service.counters.position)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_read_answers_with_etag_and_caching(service: Service) -> None:
    created = await service.create()
    async with service.http.get(f"/v1/counter/{created['id']}") as response:
        assert (await response.json())["counter"] == created
        assert response.headers["ETag"].startswith('"v1-p')
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Date" in response.headers


async def test_head_is_get_without_the_body(service: Service) -> None:
    created = await service.create()
    path = f"/v1/counter/{created['id']}"
    async with service.http.get(path) as got, service.http.head(path) as head:
        assert head.status == 200
        assert await head.read() == b""
        for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
            assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"])
async def test_head_works_wherever_get_does(service: Service, path: str) -> None:
    async with service.http.head(path) as response:
        assert response.status == 200


async def test_options_names_the_methods_and_needs_no_token(service: Service) -> None:
    async with service.http.options(UNKNOWN, headers=NOBODY) as response:
        assert response.status == 204
        assert response.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


@pytest.mark.parametrize("method", ["POST", "PATCH", "TRACE", "PURGE", "LINK"])
async def test_another_method_is_405_and_names_the_allowed(service: Service, method: str) -> None:
    request = f"{method} {UNKNOWN} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
    answer, _ = await exchange(service.port, request.encode())
    assert (answer.status, answer.problem["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


async def test_the_route_comes_before_the_token(service: Service) -> None:
    async with service.http.get("/v1/nothing", headers=NOBODY) as response:
        assert (await problem(response))["status"] == 404


async def test_the_token_comes_before_everything_in_the_request(service: Service) -> None:
    headers = {**NOBODY, "Content-Type": "text/plain", "Idempotency-Key": "", "If-Match": "nonsense"}
    async with service.http.post("/v1/counter?x=1", data=b"{" * 300_000, headers=headers) as response:
        assert (await problem(response))["status"] == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_the_size_comes_before_the_content_type(service: Service) -> None:
    headers = {"Content-Type": "text/plain"}
    async with service.http.post("/v1/counter", data=b"{" * 300_000, headers=headers) as response:
        assert (await problem(response))["status"] == 413


async def test_the_content_type_comes_before_the_json(service: Service) -> None:
    async with service.http.post(
        "/v1/counter", data=b"{", headers={"Content-Type": "text/plain"}
    ) as response:
        assert (await problem(response))["status"] == 415


async def test_the_json_comes_before_the_state(service: Service) -> None:
    async with service.http.put(UNKNOWN, json={"value": "x"}) as response:
        assert (await problem(response))["status"] == 422
    async with service.http.put(UNKNOWN, json={"value": 1}) as response:
        assert (await problem(response))["status"] == 404


TOKENS = {
    "none": [],
    "an empty one": [("Authorization", "")],
    "the word alone": [("Authorization", "Bearer")],
    "the word and a blank": [("Authorization", "Bearer ")],
    "another scheme": [("Authorization", "Basic c3Bfb3Vycw==")],
    "an unknown one": [("Authorization", "Bearer sp_unknown")],
    "two blanks": [("Authorization", "Bearer  sp_ours")],
    "more after it": [("Authorization", "Bearer sp_ours x")],
    "a comma after it": [("Authorization", "Bearer sp_ours,sp_ours")],
    "a letter beyond ASCII": [("Authorization", "Bearer sp_ours\u00e9")],
    "ten thousand letters": [("Authorization", "Bearer " + "x" * 10_000)],
    "in a cookie": [("Cookie", "token=sp_ours")],
    "in another header": [("X-Api-Key", "sp_ours")],
}


@pytest.mark.parametrize("name", TOKENS)
async def test_a_call_without_a_good_token_is_401_always_the_same(service: Service, name: str) -> None:
    lines = "".join(f"{header}: {value}\r\n" for header, value in TOKENS[name])
    request = f"GET {UNKNOWN} HTTP/1.1\r\nHost: a\r\nX-Request-Id: x\r\n{lines}\r\n".encode("latin-1")
    answer, _ = await exchange(service.port, request)
    assert answer.status == 401
    assert answer.problem["detail"] == "Send a valid token: Authorization: Bearer <token>."
    assert answer.headers["www-authenticate"] == 'Bearer realm="statuspages"'


async def test_two_tokens_are_a_400(service: Service) -> None:
    line = "Authorization: Bearer sp_ours\r\n"
    answer, _ = await exchange(
        service.port, f"GET {UNKNOWN} HTTP/1.1\r\nHost: a\r\n{line}{line}\r\n".encode()
    )
    assert (answer.status, answer.problem["type"]) == (400, "/problems/malformed-request")


async def test_the_scheme_may_be_in_any_case(service: Service) -> None:
    async with service.http.get("/v1/counters", headers={"Authorization": "bearer sp_ours"}) as response:
        assert response.status == 200


async def test_a_token_without_the_scope_is_403(service: Service) -> None:
    headers = {"Authorization": "Bearer sp_reader"}
    async with service.http.post("/v1/counter", json=BODY, headers=headers) as response:
        assert (await problem(response))["status"] == 403
        assert 'scope="c:write"' in response.headers["WWW-Authenticate"]


async def test_an_admin_may_do_everything(service: Service) -> None:
    headers = {"Authorization": "Bearer sp_admin", "Prefer": "wait=0"}
    async with service.http.post("/v1/counter", json=BODY, headers=headers) as response:
        assert response.status == 201


async def test_another_organisations_thing_looks_like_nothing(service: Service) -> None:
    created = await service.create()
    theirs = {"Authorization": "Bearer sp_theirs", "X-Request-Id": "same"}
    path = f"/v1/counter/{created['id']}"
    get = service.http.get
    async with get(path, headers=theirs) as foreign, get(UNKNOWN, headers=theirs) as unknown:
        assert foreign.status == unknown.status == 404
        assert await foreign.read() == await unknown.read()


@pytest.mark.parametrize(
    "header", ["X-Org-Id", "X-Tenant", "is-multi-tenant-query", "X-HTTP-Method-Override"]
)
async def test_headers_do_not_change_whose_call_it_is(service: Service, header: str) -> None:
    created = await service.create()
    headers = {"Authorization": "Bearer sp_theirs", header: "DELETE"}
    async with service.http.get(f"/v1/counter/{created['id']}", headers=headers) as response:
        assert response.status == 404


PATHS = [
    "/%76%31/counters",
    "//v1/counters",
    "/v1//counters",
    "/./v1/counters",
    "/v1/counters/",
    "/V1/counters",
    "/v1/counters%2f",
    "/v1/counters;x",
    "/v1/counters%00",
    "/v1/x/../counters",
    "/v1/%2e/counters",
    "/v1/counters?_method=DELETE",
    "/v1/counters?token=sp_ours",
    "/v1/counters#x",
    "http://other/v1/counters",
    "/statuspage-query/v1/counters",
]


@pytest.mark.parametrize("path", PATHS)
async def test_no_spelling_of_a_path_gets_round_the_token(service: Service, path: str) -> None:
    extra = "X-Original-URL: /healthz\r\nX-Rewrite-URL: /healthz\r\n"
    answer, _ = await exchange(service.port, f"GET {path} HTTP/1.1\r\nHost: a\r\n{extra}\r\n".encode())
    assert answer.status in (400, 401, 404)
    assert answer.problem["status"] == answer.status


WRONG_IDS = {
    "upper case": "AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA",
    "braces": "{aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa}",
    "encoded braces": "%7Baaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa%7D",
    "a URN": "urn:uuid:aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
    "no dashes": "a" * 32,
    "other dashes": "aaaa-aaaaaaaa-4aaa-8aaa-aaaaaaaaaaaa",
    "full-width digits": "%EF%BC%91" * 8 + "-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
    "one short": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa",
    "one long": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaaa",
    "NUL": "%00",
    "a slash": "a%2fb",
    "a bad byte": "%ff",
    "two dots": "..",
    "a line break": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa%0a",
    "a quote": "%27%20or%201=1--",
    "eight thousand letters": "a" * 8000,
}


@pytest.mark.parametrize("name", WRONG_IDS)
async def test_what_is_no_uuid_in_the_path_is_a_400(service: Service, name: str) -> None:
    request = (
        f"GET /v1/counter/{WRONG_IDS[name]} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sp_ours\r\n\r\n"
    )
    answer, _ = await exchange(service.port, request.encode())
    assert (answer.status, answer.problem["type"]) == (400, "/problems/invalid-path-parameter")
    assert answer.problem["errors"][0]["pointer"] == "/id"


@pytest.mark.parametrize(
    "found", ["00000000-0000-0000-0000-000000000000", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"]
)
async def test_a_uuid_of_any_version_is_merely_unknown(service: Service, found: str) -> None:
    async with service.http.get(f"/v1/counter/{found}") as response:
        assert response.status == 404


async def test_a_bad_query_parameter_is_a_400_naming_it(service: Service) -> None:
    async with service.http.get("/v1/counters?limit=0&x=1") as response:
        found = await problem(response)
        assert found["type"] == "/problems/invalid-query-parameter"
        assert {error["pointer"] for error in found["errors"]} == {"/limit", "/x"}


async def test_a_text_parameter_comes_decoded(service: Service) -> None:
    async with service.http.put("/v1/confirmation/a%2Fb%2525c", headers=NOBODY) as response:
        assert (await response.json())["message"].startswith("a/b%25c from ")


EXPECTED = {
    "not-found": (404, "not-found"),
    "gone": (410, "gone"),
    "name-taken": (409, "name-taken"),
    "not-allowed": (409, "not-allowed"),
    "version": (412, "precondition-failed"),
    "invalid": (422, "validation-failed"),
    "too-many": (429, "rate-limited"),
    "unavailable": (503, "temporarily-unavailable"),
    "conflicts": (503, "temporarily-unavailable"),
    "timeout": (503, "temporarily-unavailable"),
    "refused": (503, "temporarily-unavailable"),
    "bug": (500, "internal"),
}


@pytest.mark.parametrize("kind", REJECTIONS)
async def test_every_refusal_from_below_has_its_problem(service: Service, kind: str) -> None:
    async with service.http.get(f"/v1/rejection/{kind}") as response:
        found = await problem(response)
        assert (response.status, found["type"]) == (EXPECTED[kind][0], f"/problems/{EXPECTED[kind][1]}")
        assert ("Retry-After" in response.headers) == (response.status in (429, 503))
        assert "secret" not in str(found)


async def test_a_taken_name_names_its_field(service: Service) -> None:
    async with service.http.get("/v1/rejection/name-taken") as response:
        assert [error["pointer"] for error in (await problem(response))["errors"]] == ["/subdomain"]


async def test_an_authenticator_that_is_away_is_a_503(service: Service) -> None:
    service.authenticator.away = True
    try:
        async with service.http.get("/v1/counters") as response:
            assert (await problem(response))["status"] == 503
    finally:
        service.authenticator.away = False


async def test_a_sane_request_id_comes_back(service: Service) -> None:
    async with service.http.get("/v1/counters", headers={"X-Request-Id": "deploy-7"}) as response:
        assert response.headers["X-Request-Id"] == "deploy-7"
    async with service.http.get("/v1/counters", headers={"X-Request-Id": "de ploy"}) as response:
        assert response.headers["X-Request-Id"] != "de ploy"


async def test_both_base_urls_of_the_original_answer(service: Service) -> None:
    created = await service.create()
    async with service.http.get(f"/statuspage-query/v1/counter/{created['id']}") as response:
        assert response.status == 200
    headers = {"Prefer": "wait=0"}
    path = f"/statuspage-cmd/v1/counter/{created['id']}"
    async with service.http.put(path, json={"value": 3}, headers=headers) as response:
        assert response.status == 200
    async with service.http.get(path) as response:
        assert response.status == 405
    async with service.http.post("/statuspage-query/v1/counter", json=BODY) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("role", "read", "write"), [("query", 401, 405), ("command", 405, 401), ("all", 401, 401)]
)
async def test_a_role_serves_its_side_alone(service: Service, role: Any, read: int, write: int) -> None:
    known = {"authenticator": service.authenticator, "proxies": (), "live": Connections()}
    kernel: Any = type("Kernel", (), known)
    async with listening(toy_application(Counters(), kernel, role)) as port:
        got, _ = await exchange(port, f"GET {UNKNOWN} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        put, _ = await exchange(port, f"PUT {UNKNOWN} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert (got.status, put.status) == (read, write)


async def test_the_client_is_seen_through_a_trusted_proxy(service: Service) -> None:
    headers = {**NOBODY, "X-Forwarded-For": "1.1.1.1, 8.8.8.8"}
    async with service.http.put("/v1/confirmation/x", headers=headers) as response:
        assert (await response.json())["message"] == "x from 8.8.8.8"

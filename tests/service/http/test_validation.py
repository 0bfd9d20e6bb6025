"""Pydantic's findings in the words of the API."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from service.http.problems import FieldError, Problem
from service.http.schemas.base import Body, Page
from service.http.validation import parse_body, parse_query
from tests.service.http.toy import NewCounter

GOOD: dict[str, Any] = {"name": "Visits", "colour": "red"}


class Circle(Body):
    kind: Literal["circle"]
    radius: int


class Square(Body):
    kind: Literal["square"]
    side: int


class Drawing(Body):
    shape: Annotated[Circle | Square, Field(discriminator="kind")]
    either: Circle | Square | None = None


def refused(model: type[Body], body: dict[str, Any]) -> dict[str, FieldError]:
    with pytest.raises(Problem) as problem:
        parse_body(model, json.dumps(body).encode())
    assert problem.value.status == 422
    return {error.pointer: error for error in problem.value.errors}


BAD_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "null for a name": ({"name": None}, "/name"),
    "a number for a name": ({"name": 1}, "/name"),
    "a list for a name": ({"name": []}, "/name"),
    "an empty name": ({"name": ""}, "/name"),
    "a long name": ({"name": "x" * 101}, "/name"),
    "another colour": ({"colour": "green"}, "/colour"),
    "a colour in capitals": ({"colour": "RED"}, "/colour"),
    "true for an integer": ({"start": True}, "/start"),
    "a fraction for an integer": ({"start": 1.5}, "/start"),
    "text for an integer": ({"start": "1"}, "/start"),
    "an integer out of range": ({"start": 1001}, "/start"),
    "1 for a boolean": ({"active": 1}, "/active"),
    "text for a boolean": ({"active": "true"}, "/active"),
    "null for a boolean": ({"active": None}, "/active"),
    "an id in capitals": ({"owner": "AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA"}, "/owner"),
    "an id in braces": ({"owner": "{aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa}"}, "/owner"),
    "an id without dashes": ({"owner": "a" * 32}, "/owner"),
    "an id as URN": ({"owner": "urn:uuid:aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"}, "/owner"),
    "a number for a time": ({"at": 1700000000}, "/at"),
    "a date for a time": ({"at": "2026-01-01"}, "/at"),
    "a time without zone": ({"at": "2026-01-01T00:00:00"}, "/at"),
    "a time that is none": ({"at": "2026-02-30T00:00:00Z"}, "/at"),
    "an object for a list": ({"parts": {}}, "/parts"),
    "a text in a list of objects": ({"parts": ["x"]}, "/parts/0"),
    "too many parts": ({"parts": [{"label": "x"}] * 11}, "/parts"),
    "a part without label": ({"parts": [{"label": "x"}, {}]}, "/parts/1/label"),
    "a part with another field": ({"parts": [{"label": "x", "id": 1}]}, "/parts/0/id"),
    "an unknown field": ({"organisation_id": "x"}, "/organisation_id"),
    "a prototype": ({"__proto__": {}}, "/__proto__"),
    "a field with a slash": ({"a/b": 1}, "/a~1b"),
    "what the rule of the model forbids": ({"name": "forbidden"}, "/name"),
    "a wrong choice": ({"limit": []}, "/limit"),
}


@pytest.mark.parametrize("name", BAD_FIELDS)
def test_one_bad_field_is_one_error_at_its_place(name: str) -> None:
    fields, pointer = BAD_FIELDS[name]
    assert list(refused(NewCounter, {**GOOD, **fields})) == [pointer]


def test_every_bad_field_is_named_at_once() -> None:
    errors = refused(NewCounter, {"colour": "green", "start": "1", "x": 1, "parts": [{"label": ""}]})
    assert set(errors) == {"/name", "/colour", "/start", "/x", "/parts/0/label"}
    assert errors["/name"].code == "required"
    assert errors["/x"].code == "unknown_field"


def test_a_choice_that_fails_is_one_clear_sentence() -> None:
    error = refused(NewCounter, {**GOOD, "colour": "green"})["/colour"]
    assert error == FieldError("/colour", "not_one_of", "Should be 'red' or 'blue'.")
    union = refused(NewCounter, {**GOOD, "limit": []})["/limit"]
    assert union.message == "Should be a valid integer. Or: Should be 'red' or 'blue'."


def test_the_variant_of_a_model_is_no_part_of_the_pointer() -> None:
    assert list(refused(Drawing, {"shape": {"kind": "circle", "radius": "1"}})) == ["/shape/radius"]
    assert list(refused(Drawing, {"shape": {"kind": "oval"}})) == ["/shape"]
    missing = refused(Drawing, {"shape": {"kind": "circle"}})
    assert missing["/shape/radius"].code == "required"
    either = refused(Drawing, {"shape": {"kind": "square", "side": 1}, "either": {"kind": "square"}})
    assert "/either/side" in either


def test_the_message_of_a_rule_is_its_own() -> None:
    assert refused(NewCounter, {**GOOD, "name": "forbidden"})["/name"].message == "must be another name."


def test_the_input_is_not_repeated() -> None:
    with pytest.raises(Problem) as problem:
        parse_body(NewCounter, json.dumps({**GOOD, "owner": "a secret"}).encode())
    assert "a secret" not in f"{problem.value.detail} {problem.value.errors}"


def test_a_field_with_a_long_name_is_cut() -> None:
    (pointer,) = refused(NewCounter, {**GOOD, "x" * 10_000: 1})
    assert len(pointer) <= 101


def test_uuids_times_and_choices_are_read_from_text() -> None:
    fields = {"owner": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "at": "2026-01-01T00:00:00.123+02:00"}
    body = parse_body(NewCounter, json.dumps({**GOOD, **fields}).encode())
    assert str(body.owner) == fields["owner"]
    assert body.at is not None
    assert body.at.isoformat() == "2025-12-31T22:00:00.123000+00:00"
    assert body.colour == "red"


def test_a_time_that_utc_does_not_have_is_refused() -> None:
    assert "/at" in refused(NewCounter, {**GOOD, "at": "0001-01-01T00:00:00+14:00"})


BAD_QUERIES = {
    "a negative limit": ([("limit", "-1")], ["/limit"]),
    "a limit of nothing": ([("limit", "0")], ["/limit"]),
    "a huge limit": ([("limit", "1000000000")], ["/limit"]),
    "a limit in words": ([("limit", "abc")], ["/limit"]),
    "an empty limit": ([("limit", "")], ["/limit"]),
    "a limit given twice": ([("limit", "1"), ("limit", "2")], ["/limit"]),
    "an unknown parameter": ([("x", "1")], ["/x"]),
    "NUL": ([("cursor", "\0")], ["/cursor"]),
    "two bad ones": ([("limit", "x"), ("y", "1")], ["/limit", "/y"]),
}


@pytest.mark.parametrize("name", BAD_QUERIES)
def test_bad_query_parameters_are_a_400_naming_each(name: str) -> None:
    pairs, pointers = BAD_QUERIES[name]
    with pytest.raises(Problem) as problem:
        parse_query(Page, pairs)
    assert problem.value.status == 400
    assert sorted({error.pointer for error in problem.value.errors}) == pointers


def test_an_endpoint_without_parameters_takes_none() -> None:
    assert parse_query(None, []) is None
    with pytest.raises(Problem) as problem:
        parse_query(None, [("limit", "1")])
    assert problem.value.errors[0].code == "unknown_parameter"


def test_a_good_query_is_read() -> None:
    page = parse_query(Page, [("limit", "7")])
    assert page == Page(limit=7)

"""JSON Schemas (draft 7) of what events hold: one for each type in its newest version, from its class."""

from collections.abc import Mapping
from typing import Any

from eventstore.codec import Codec

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
"""The one that every AsyncAPI tool reads."""


def payload_schemas(codec: Codec) -> dict[str, Schema]:
    """By `<Type>.<schema version>`. Unknown fields are allowed: an event may come to say more."""
    return {f"{one.name}.{one.schema_version}": _schema(codec, one.name) for one in codec.types}


def _schema(codec: Codec, name: str) -> Schema:
    plain = _draft_7(codec.json_schema(name))
    if "description" in plain:
        plain["description"] = " ".join(plain["description"].split())
    return {"$schema": DRAFT, "title": name, **plain}


def _draft_7(value: Any) -> Any:
    """From the draft of 2020: other names for two keywords. Titles that repeat a field's name are dropped."""
    if isinstance(value, list):
        return [_draft_7(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    plain = {name: _draft_7(each) for name, each in value.items() if not _repeats(name, each)}
    if "$defs" in plain:
        plain["definitions"] = plain.pop("$defs")
    if "prefixItems" in plain:
        plain |= {"items": plain.pop("prefixItems"), "additionalItems": False}
    reference = plain.get("$ref")
    if isinstance(reference, str):
        plain["$ref"] = reference.replace("#/$defs/", "#/definitions/")
    return plain


def _repeats(name: str, value: object) -> bool:
    return name == "title" and isinstance(value, str)


def placed(schema: Schema, place: str) -> Schema:
    """The schema as it must read when it lies at `place` in another document."""
    moved: Schema = _moved({name: each for name, each in schema.items() if name != "$schema"}, place)
    return moved


def _moved(value: Any, place: str) -> Any:
    match value:
        case {"$ref": str(reference)}:
            return {**value, "$ref": place + reference.removeprefix("#")}
        case dict():
            return {name: _moved(each, place) for name, each in value.items()}
        case list():
            return [_moved(each, place) for each in value]
    return value

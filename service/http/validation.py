"""What pydantic finds wrong, in the words of the API."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from service.http.decoder import decode, pointer_token
from service.http.problems import INVALID_QUERY, VALIDATION_FAILED, FieldError, Problem

CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "value_error": "not_acceptable",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "too_long": "too_long",
    "string_pattern_mismatch": "wrong_form",
}
MESSAGES = {"missing": "Is required.", "extra_forbidden": "Is not known here."}
SHOWN = 60
Model = TypeVar("Model", bound=BaseModel)


def parse_body(model: type[Model], raw: bytes) -> Model:
    """The body as an instance of the model. Raises Problem: 400 unreadable, 422 naming every bad field."""
    document = decode(raw)
    try:
        # From the text, not the objects: only so a strict model takes UUIDs, times and enums from strings.
        return model.model_validate_json(raw)
    except ValidationError as error:
        errors = field_errors(error, document)
    raise Problem(VALIDATION_FAILED, f"Not acceptable: {_names(errors)}.", errors=errors)


def parse_query(model: type[Model] | None, parameters: Iterable[tuple[str, str]]) -> Model | None:
    """The query string as an instance of the model. Raises Problem 400 naming every bad parameter."""
    pairs = list(parameters)
    given = dict(pairs)
    errors = [_repeated(name) for name in given if sum(name == other for other, _ in pairs) > 1]
    errors += [_unprintable(name) for name, value in given.items() if not (name + value).isprintable()]
    instance: Model | None = None
    if model is None:
        errors += [
            FieldError(f"/{_shown(name)}", "unknown_parameter", "Is not known here.") for name in given
        ]
    else:
        try:
            instance = model.model_validate(given)
        except ValidationError as error:
            errors += [_parameter(found) for found in field_errors(error, given)]
    if errors:
        raise Problem(INVALID_QUERY, f"Not acceptable: {_names(errors)}.", errors=errors)
    return instance


def field_errors(error: ValidationError, document: Mapping[str, Any]) -> list[FieldError]:
    """One error for each bad place. Several at one place are the ways in which a choice failed."""
    places: dict[str, list[ErrorDetails]] = {}
    for details in error.errors(include_input=False, include_url=False, include_context=False):
        places.setdefault(pointer(details["loc"], document), []).append(details)
    return [_field_error(place, found) for place, found in places.items()]


def pointer(location: tuple[int | str, ...], document: Any) -> str:
    """A JSON pointer to the place; steps that name a variant of a model rather than a part of the body go."""
    steps, here = [], document
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if isinstance(here, Mapping) and (step in here or last):
            here = here.get(str(step))
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        steps.append(pointer_token(str(step)))
    return "".join(f"/{step}" for step in steps)


def _field_error(place: str, found: list[ErrorDetails]) -> FieldError:
    messages = list(dict.fromkeys(_message(details) for details in found))
    code = found[0]["type"]
    return FieldError(place, CODES.get(code, code), " Or: ".join(messages))


def _message(details: ErrorDetails) -> str:
    text = MESSAGES.get(details["type"]) or details["msg"].removeprefix("Value error, ")
    text = text.replace("Input should", "Should")
    return text if text.endswith(".") else f"{text}."


def _names(errors: list[FieldError]) -> str:
    listed = ", ".join(_shown(error.pointer.removeprefix("/") or "the body") for error in errors[:10])
    return listed if len(errors) <= 10 else f"{listed} and {len(errors) - 10} more"


def _repeated(name: str) -> FieldError:
    return FieldError(f"/{_shown(name)}", "repeated_parameter", "Is given more than once.")


def _unprintable(name: str) -> FieldError:
    return FieldError(f"/{_shown(name)}", "control_character", "Holds a character that cannot be printed.")


def _parameter(error: FieldError) -> FieldError:
    code = "unknown_parameter" if error.code == "unknown_field" else error.code
    return FieldError(error.pointer, code, error.message)


def _shown(name: str) -> str:
    printable = "".join(char if char.isprintable() else "?" for char in name[:SHOWN])
    return printable

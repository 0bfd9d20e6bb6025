"""The one decoder of request bodies. What it lets through is safe to store, to log and to mail."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from service.http.problems import MALFORMED_REQUEST, VALIDATION_FAILED, FieldError, Problem

DEEPEST = 8
LONGEST_NUMBER = 40
LARGEST_INTEGER = 2**63 - 1
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]").search
SURROGATE = re.compile(r"[\ud800-\udfff]").search
INVISIBLE = re.compile(
    "[\u2028\u2029\ufeff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\uffff"
    "\U0001fffe\U0001ffff\U000e0000-\U0010ffff]"
).search
"""Line separators, marks that turn text around, tags, private and non-characters. The joiners U+200C and
U+200D stay: Persian, the Indic scripts and families of emoji are written with them."""
PILED_UP = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{9}"
).search


class _Unreadable(ValueError):
    """JSON's grammar holds, our stricter one does not."""


def decode(raw: bytes) -> dict[str, Any]:
    """The body as an object.

    Raises Problem: 400 for what is no JSON object in UTF-8, is deeper than 8 or names a key twice; 422 naming
    every string that holds control characters, halves of characters or invisible marks.
    """
    document = _parse(_text(raw))
    if not isinstance(document, dict):
        _malformed("The body must be a JSON object.")
    errors = list(_faults(document, "", 1))
    if errors:
        raise Problem(VALIDATION_FAILED, "Some fields hold what cannot be stored.", errors=errors)
    return document


def _text(raw: bytes) -> str:
    if not raw.strip():
        _malformed("The body is empty.")
    if raw.startswith(b"\xef\xbb\xbf"):
        _malformed("The body starts with a byte order mark.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(MALFORMED_REQUEST, f"The body is not UTF-8, at byte {error.start}.") from None


def _parse(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem(MALFORMED_REQUEST, f"The body is not JSON: {error.msg}, {place}.") from None
    except _Unreadable as error:
        raise Problem(MALFORMED_REQUEST, str(error)) from None
    except RecursionError:
        raise Problem(MALFORMED_REQUEST, f"The body is nested deeper than {DEEPEST}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unreadable("An object of the body has the same key twice.")
    return found


def _constant(_: str) -> NoReturn:
    raise _Unreadable("NaN and Infinity are not JSON.")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise _Unreadable("A number of the body has too many digits.")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Unreadable("A number of the body is too large.")
    return number


def _faults(value: Any, pointer: str, depth: int) -> Iterator[FieldError]:
    match value:
        case str():
            yield from _text_fault(value, pointer)
        case int() if abs(value) > LARGEST_INTEGER:
            yield FieldError(pointer, "number_out_of_range", "The number does not fit into 64 bits.")
        case dict() | list() if depth > DEEPEST:
            _malformed(f"The body is nested deeper than {DEEPEST}.")
        case dict():
            for key, item in value.items():
                yield from _text_fault(key, pointer)
                yield from _faults(item, f"{pointer}/{pointer_token(key)}", depth + 1)
        case list():
            for index, item in enumerate(value):
                yield from _faults(item, f"{pointer}/{index}", depth + 1)


def _text_fault(text: str, pointer: str) -> Iterator[FieldError]:
    if text.isascii() and text.isprintable():
        return
    if SURROGATE(text):
        yield FieldError(pointer, "invalid_unicode", "Holds half of a surrogate pair.")
    elif CONTROL(text):
        yield FieldError(pointer, "control_character", "Holds a control character.")
    elif INVISIBLE(text):
        yield FieldError(pointer, "invisible_character", "Holds an invisible or unassigned character.")
    elif PILED_UP(text):
        yield FieldError(pointer, "too_many_marks", "Holds more than eight marks on one letter.")


def pointer_token(key: str) -> str:
    """One step of a JSON pointer; long keys are cut, halves of characters replaced."""
    return key[:100].encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")


def _malformed(detail: str) -> NoReturn:
    raise Problem(MALFORMED_REQUEST, detail)

"""The strict decoder, case by case."""

import json

import pytest

from service.http.decoder import decode
from service.http.problems import Problem

UNREADABLE = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "null": b"null",
    "an array": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "true": b"true",
    "an open brace": b"{",
    "a bare key": b"{a}",
    "single quotes": b"{'a': 1}",
    "a trailing comma": b'{"a": 1,}',
    "a comment": b'{"a": 1} // x',
    "two documents": b'{"a": 1}{"a": 2}',
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32"),
    "a bad byte": b'{"a": "\xff"}',
    "an encoded surrogate": b'{"a": "\xed\xa0\x80"}',
    "an overlong slash": b'{"a": "\xc0\xaf"}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "-Infinity": b'{"a": -Infinity}',
    "1e999": b'{"a": 1e999}',
    "-1e999999999": b'{"a": -1e999999999}',
    "a 5,000-digit integer": b'{"a": ' + b"9" * 5000 + b"}",
    "a leading zero": b'{"a": 01}',
    "a plus": b'{"a": +1}',
    "hexadecimal": b'{"a": 0x1}',
    "the same key twice": b'{"a": 1, "a": 1}',
    "the same key twice inside": b'{"a": [{"b": 1, "b": 2}]}',
    "the same key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "nine levels of objects": b'{"a":' * 9 + b"1" + b"}" * 9,
    "nine levels of arrays": b'{"a":' + b"[" * 8 + b"]" * 8 + b"}",
    "200,000 levels": b'{"a":' + b"[" * 200_000,
    "a raw line break in a string": b'{"a": "x\ny"}',
    "a bad escape": b'{"a": "\\x41"}',
}

NOT_STORABLE = {
    "NUL": (r'{"a": "\u0000"}', "/a", "control_character"),
    "an escape character": (r'{"a": "\u001b[2J"}', "/a", "control_character"),
    "a carriage return": (r'{"a": "x\r\ny"}', "/a", "control_character"),
    "DEL": ('{"a": "\x7f"}', "/a", "control_character"),
    "C1": ('{"a": "\x85"}', "/a", "control_character"),
    "the first half of a pair": (r'{"a": "\ud800"}', "/a", "invalid_unicode"),
    "the second half of a pair": (r'{"a": "\udc00"}', "/a", "invalid_unicode"),
    "half a pair in a key": (r'{"\ud800": 1}', "", "invalid_unicode"),
    "NUL in a key inside": (r'{"a": {"\u0000": 1}}', "/a", "control_character"),
    "a line separator": ('{"a": "\u2028"}', "/a", "invisible_character"),
    "a paragraph separator": ('{"a": "\u2029"}', "/a", "invisible_character"),
    "a zero-width space": ('{"a": "a\u200bb"}', "/a", "invisible_character"),
    "a right-to-left override": ('{"a": "\u202e"}', "/a", "invisible_character"),
    "an isolate": ('{"a": "\u2066"}', "/a", "invisible_character"),
    "a byte order mark inside": ('{"a": "x\ufeff"}', "/a", "invisible_character"),
    "a non-character": ('{"a": "\uffff"}', "/a", "invisible_character"),
    "a private character": ('{"a": "\ue000"}', "/a", "invisible_character"),
    "a tag": ('{"a": "\U000e0041"}', "/a", "invisible_character"),
    "500 marks on one letter": ('{"a": "a' + "\u0301" * 500 + '"}', "/a", "too_many_marks"),
    "2^63": ('{"a": 9223372036854775808}', "/a", "number_out_of_range"),
    "in a list": (r'{"a": ["x", {"b": "\u0000"}]}', "/a/1/b", "control_character"),
    "below a key with a slash": (r'{"a/b~c": "\u0000"}', "/a~1b~0c", "control_character"),
}

HARMLESS = {
    "a line break and a tab": (r'{"a": "x\n\ty"}', "x\n\ty"),
    "a surrogate pair": (r'{"a": "\ud83d\ude00"}', "😀"),
    "a family of emoji": ('{"a": "👨\u200d👩\u200d👧"}', "👨\u200d👩\u200d👧"),
    "right to left": ('{"a": "שלום"}', "שלום"),
    "combined letters": ('{"a": "e\u0301"}', "e\u0301"),
    "an integer of 64 bits": ('{"a": 9223372036854775807}', 2**63 - 1),
    "a fraction": ('{"a": -1.5e3}', -1500.0),
    "eight levels": ('{"a":' + "[" * 7 + "]" * 7 + "}", [[[[[[[]]]]]]]),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_strict_json_object_is_a_400(name: str) -> None:
    with pytest.raises(Problem) as refused:
        decode(UNREADABLE[name])
    assert refused.value.status == 400
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize("name", NOT_STORABLE)
def test_what_cannot_be_stored_is_a_422_at_its_place(name: str) -> None:
    text, pointer, code = NOT_STORABLE[name]
    with pytest.raises(Problem) as refused:
        decode(text.encode())
    assert refused.value.status == 422
    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]


@pytest.mark.parametrize("name", HARMLESS)
def test_ordinary_text_and_numbers_pass(name: str) -> None:
    text, value = HARMLESS[name]
    assert decode(text.encode()) == {"a": value}


def test_every_bad_string_is_named_at_once() -> None:
    with pytest.raises(Problem) as refused:
        decode(rb'{"a": "\u0000", "b": "fine", "c": ["\u0007"]}')
    assert [error.pointer for error in refused.value.errors] == ["/a", "/c/0"]


def test_ten_thousand_keys_are_read() -> None:
    assert len(decode(json.dumps({f"k{n}": n for n in range(10_000)}).encode())) == 10_000

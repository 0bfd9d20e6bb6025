"""Only what changed, on either side."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit.differences import differences

Json = dict[str, Any]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
THINGS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        (None, {"a": 1}, None, {"a": 1}),
        ({"a": 1}, None, {"a": 1}, None),
        (None, None, None, None),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": 2}, {"b": 3}),
        ({"a": 1}, {"b": 1}, {"a": 1}, {"b": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3, "d": 4}}, {"a": {"c": 2}}, {"a": {"c": 3, "d": 4}}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1]}, {"a": [1, 2]}),
        ({"a": None}, {"a": {"b": 1}}, {"a": None}, {"a": {"b": 1}}),
        ({"a": 1}, {"a": 1}, {}, {}),
    ],
)
def test_only_what_differs_is_said(
    before: Json | None, after: Json | None, old: Json | None, new: Json | None
) -> None:
    assert differences(before, after) == (old, new)


@given(THINGS, THINGS)
def test_what_differs_makes_the_one_into_the_other(before: Json, after: Json) -> None:
    old, new = differences(before, after)
    assert old is not None
    assert new is not None
    assert _changed(before, old, new) == after


def _changed(thing: Json, old: Json, new: Json) -> Json:
    """`thing` without what is only in `old`, with what is in `new`."""
    kept = {name: value for name, value in thing.items() if name not in old or name in new}
    for name, value in new.items():
        inside = isinstance(value, dict) and isinstance(old.get(name), dict)
        kept[name] = _changed(thing[name], old[name], value) if inside else value
    return kept

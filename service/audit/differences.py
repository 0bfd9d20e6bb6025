"""What differs between a thing before and after: only the fields that changed."""

from typing import Any

Json = dict[str, Any]


def differences(before: Json | None, after: Json | None) -> tuple[Json | None, Json | None]:
    """The parts of both that differ. None, on either side: it was not there, and all of the other is said."""
    if before is None or after is None:
        return before, after
    old: Json = {}
    new: Json = {}
    for name in dict.fromkeys([*before, *after]):
        if name not in before:
            new[name] = after[name]
        elif name not in after:
            old[name] = before[name]
        elif before[name] != after[name]:
            old[name], new[name] = _values(before[name], after[name])
    return old, new


def _values(before: Any, after: Any) -> tuple[Any, Any]:
    if isinstance(before, dict) and isinstance(after, dict):
        return differences(before, after)
    return before, after

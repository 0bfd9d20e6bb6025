"""Is what comes in a log: every position once and in order, every stream's versions in a row?"""

import orjson

from eventstore.moving.errors import MoveRefused


class Sequence:
    """Looks at one event after the other."""

    def __init__(self) -> None:
        self.position = 0
        self._versions: dict[str, int] = {}

    def follows(self, line: bytes, number: int) -> None:
        """`number`: of the line in the file. Raises MoveRefused."""
        position, stream, version = _place(line, number)
        if position != self.position + 1:
            raise MoveRefused(f"Line {number}: after position {self.position} comes {position}.")
        known = self._versions.get(stream, 0)
        if version != known + 1:
            raise MoveRefused(f"Line {number}: after version {known} of {stream} comes {version}.")
        self.position = position
        self._versions[stream] = version


def _place(line: bytes, number: int) -> tuple[int, str, int]:
    try:
        event = orjson.loads(line)
        return event["position"], str(event["stream"]), event["version"]
    except (ValueError, KeyError, TypeError):
        raise MoveRefused(f"Line {number}: this is no event.") from None

"""The moment that a question about the past asks about, and what the answer says of it."""

from datetime import datetime, timedelta

from service.http.problems import INVALID_QUERY, FieldError, Problem
from service.timestamps import text

RESOLUTION = timedelta(milliseconds=1)
"""The clock is cut to milliseconds; a moment of this one is no future."""


def checked(moment: datetime, now: datetime) -> datetime:
    """Raises Problem 400 for a moment that is still to come."""
    if moment >= now + RESOLUTION:
        wrong = FieldError("/at", "in_the_future", "Nobody has been shown that yet.")
        raise Problem(INVALID_QUERY, "Not acceptable: at.", errors=[wrong])
    return moment


def as_of(moment: datetime, position: int, *, corrected_since: bool) -> dict[str, object]:
    return {"at": text(moment), "position": position, "corrected_since": corrected_since}

"""A list's cursor that is none."""

from service.http.problems import INVALID_QUERY, FieldError, Problem


def bad_cursor() -> Problem:
    wrong = FieldError("/cursor", "not_acceptable", "Is no cursor of this list.")
    return Problem(INVALID_QUERY, "Not acceptable: cursor.", errors=[wrong])

import pytest

from service.http.conditions import if_match, is_unchanged
from service.http.problems import Problem


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"v5"', 5),
        ('"v5-p123"', 5),
        ('"other", "v7"', 7),
        ('"v5","v5-p1"', 5),
    ],
)
def test_if_match_names_a_version_or_none(header: str | None, version: int | None) -> None:
    assert if_match(header) == version


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 400),
        ("v5", 400),
        ('"v5', 400),
        ('"v5" "v6"', 400),
        ("5", 400),
        ('"v5", *', 400),
        ('"v5", "v6"', 400),
        ('W/"v5"', 412),
        ('"abc"', 412),
        ('""', 412),
        ('"v"', 412),
        ('"v5-x"', 412),
        ('"v99999999999999999999"', 412),
    ],
)
def test_if_match_that_cannot_be_met_is_refused(header: str, status: int) -> None:
    with pytest.raises(Problem) as refused:
        if_match(header)
    assert refused.value.status == status


@pytest.mark.parametrize("header", ['"v5"', "*", 'W/"v5"', '"a", "v5"', '"a" ,W/"v5"'])
def test_a_known_etag_is_unchanged(header: str) -> None:
    assert is_unchanged(header, '"v5"')


@pytest.mark.parametrize("header", ['"v50"', "v5", '"v5', "", '"a,v5"', '""'])
def test_another_etag_is_a_change(header: str) -> None:
    assert not is_unchanged(header, '"v5"')

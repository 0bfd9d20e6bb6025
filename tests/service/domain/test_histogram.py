"""Histograms against the very values: sums exactly, percentiles within the stated error, in any order."""

import math
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.histogram import RELATIVE_ERROR, Histogram, bucket, middle

DAY_US = 86_400_000_000
values = st.integers(0, DAY_US) | st.integers(0, 300) | st.integers(0, 36).map(lambda power: 1 << power)
PERCENTS = (1, 50, 95, 99, 100)


def histogram(*found: int) -> Histogram:
    counts = Counter(map(bucket, found))
    return Histogram(sum(found), min(found, default=None), max(found, default=None), counts)


def nearest_rank(found: list[int], percent: int) -> int:
    """From the definition: the least value that at least so many percent do not exceed."""
    enough = (
        value for value in sorted(found) if 100 * sum(x <= value for x in found) >= percent * len(found)
    )
    return next(enough)


@given(st.lists(values, min_size=1, max_size=200))
def test_percentiles_are_within_the_stated_error(found: list[int]) -> None:
    for percent, estimate in zip(PERCENTS, histogram(*found).percentiles(*PERCENTS), strict=True):
        assert estimate == pytest.approx(nearest_rank(found, percent), rel=RELATIVE_ERROR, abs=1e-9)


def test_the_stated_error_is_less_than_one_percent() -> None:
    assert RELATIVE_ERROR < 0.01


@given(st.lists(values, min_size=1))
def test_the_mean_is_exact(found: list[int]) -> None:
    assert histogram(*found).mean() == sum(found) / len(found)


@given(st.lists(st.lists(values)), st.randoms())
def test_parts_added_in_any_order_are_the_whole(parts: list[list[int]], chance: Random) -> None:
    whole = histogram(*(value for part in parts for value in part))
    added = Histogram()
    for part in sorted(parts, key=lambda _: chance.random()):
        added.add(histogram(*part))
    assert added == whole


@given(values)
def test_a_value_alone_is_every_percentile_exactly(value: int) -> None:
    assert histogram(value, value).percentiles(*PERCENTS) == [value] * len(PERCENTS)


@given(st.lists(values, min_size=1, max_size=99))
def test_the_extremes_are_exact(found: list[int]) -> None:
    [least] = histogram(*found).percentiles(1)
    assert least == min(found)
    assert histogram(*found).percentiles(100) == [max(found)]


@given(values)
def test_a_bucket_s_middle_is_in_the_bucket(value: int) -> None:
    low = math.floor(middle(bucket(value)))
    assert bucket(value) in (bucket(low), bucket(low + 1))


def test_buckets_follow_each_other_without_a_gap() -> None:
    numbers = [int(bucket(value)) for value in range(10_000)]
    assert {after - before for before, after in pairwise(numbers)} == {0, 1}
    assert numbers[:129] == list(range(129))


def test_a_day_needs_two_thousand_buckets_at_most() -> None:
    assert int(bucket(DAY_US)) < 2_100


def test_nothing_has_no_figures() -> None:
    empty = Histogram()
    assert (empty.count, empty.mean(), empty.percentiles(50, 99)) == (0, None, [None, None])
    empty.add(Histogram())
    assert empty == Histogram()

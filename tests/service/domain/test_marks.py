"""A day's marks: few, and exact wherever they do not say that the words are needed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.marks import ORDER, QUARTER, Marks, note, note_late, packed

DAY = 96 * QUARTER
moments = st.integers(0, DAY - 1) | st.integers(0, 95).map(lambda number: number * QUARTER)
words = st.lists(st.tuples(moments, st.integers(0, len(ORDER) - 1)), min_size=1, max_size=60).map(
    lambda said: sorted(said, key=lambda word: word[0])
)


def marks_of(said: list[tuple[int, int]]) -> Marks:
    marks: list[list[int]] = []
    for word in said:
        note(marks, *word)
    return Marks(packed(marks))


def spent_by(said: list[tuple[int, int]], moment: int) -> list[int]:
    """Millisecond by millisecond, so to speak."""
    spent = [0] * len(ORDER)
    for (at, number), (until, _) in pairwise([*said, (DAY, 0)]):
        spent[number] += max(0, min(until, moment) - min(at, moment))
    return spent


@given(words, moments)
def test_they_say_how_the_time_was_spent_by_any_moment_that_is_not_blurred(
    said: list[tuple[int, int]], moment: int
) -> None:
    marks = marks_of(said)
    if marks.blurred(moment):
        assert any(at // QUARTER == moment // QUARTER for at, _ in said)
        assert not marks.blurred(moment - moment % QUARTER)
        return
    by = marks.by(moment) or [moment, 0, *[0] * len(ORDER)]
    assert (by[0], by[2:]) == (moment, spent_by(said, moment))


@given(st.lists(st.tuples(moments, st.integers(0, len(ORDER) - 1)), min_size=1, max_size=30))
def test_what_is_said_late_counts_as_if_it_had_been_said_in_time(said: list[tuple[int, int]]) -> None:
    marks: list[list[int]] = []
    taken: list[tuple[int, int]] = []
    for at, number in said:
        if not marks or at >= max(taken)[0]:
            note(marks, at, number)
        elif not note_late(marks, at, number):
            assert any(each // QUARTER == at // QUARTER for each, _ in taken)
            continue
        taken.append((at, number))
    in_time: list[list[int]] = []
    for word in sorted(taken, key=lambda each: each[0]):
        note(in_time, *word)
    assert marks == in_time


@given(words)
def test_they_begin_and_end_with_the_first_and_the_last_word(said: list[tuple[int, int]]) -> None:
    marks = marks_of(said)
    assert (marks.first, marks.last[:2]) == (said[0][0], list(said[-1]))


def test_there_are_no_more_than_quarters_of_an_hour() -> None:
    said = [(second * 1000, second % len(ORDER)) for second in range(24 * 60 * 60)]
    marks: list[list[int]] = []
    for word in said:
        note(marks, *word)
    assert len(marks) == 96
    assert Marks(packed(marks)).last[2:] == spent_by(said, said[-1][0])

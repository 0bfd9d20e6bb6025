import pytest

from eventstore.events import ANY, NEW, StreamWrite
from tests.eventstore.making import a_recorded_event, gapless, several


def test_an_append_names_each_stream_once() -> None:
    with pytest.raises(ValueError, match="once"):
        several(StreamWrite("thing-1", NEW), StreamWrite("thing-1", ANY))


def test_a_number_below_all_special_values_is_no_version_to_expect() -> None:
    with pytest.raises(ValueError, match="no version"):
        StreamWrite("thing-1", -3)


def test_events_are_gapless_only_if_each_follows_the_one_before() -> None:
    five, six, eight = (a_recorded_event(position) for position in (5, 6, 8))
    assert gapless([], 4)
    assert gapless([five, six], 4)
    assert not gapless([five, six], 3)
    assert not gapless([six, eight], 5)
    assert not gapless([six, five], 4)

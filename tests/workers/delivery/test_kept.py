"""What is kept, and for which thing."""

from workers.delivery.kept import KEPT, Kept


def test_it_is_made_once_for_the_same_thing_and_anew_for_its_equal() -> None:
    kept: Kept[list[int], object] = Kept()
    thing, equal = [1], [1]
    first = kept.of(thing, object)
    assert kept.of(thing, object) is first
    assert kept.of(equal, object) is not first


def test_the_oldest_is_let_go_of() -> None:
    kept: Kept[list[int], object] = Kept()
    things = [[number] for number in range(KEPT + 1)]
    made = [kept.of(thing, object) for thing in things]
    assert kept.of(things[-1], object) is made[-1]
    assert kept.of(things[0], object) is not made[0]

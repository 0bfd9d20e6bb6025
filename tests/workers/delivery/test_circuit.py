"""When a circuit opens, lets one through, and closes."""

from workers.delivery.circuit import LONGEST_REST_SECONDS, REST_SECONDS, THRESHOLD, Circuit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Circuit:
    circuit = Circuit(clock)
    for _ in range(THRESHOLD):
        circuit.failed()
    return circuit


def test_it_opens_after_failures_in_a_row() -> None:
    circuit = Circuit(Clock())
    for _ in range(THRESHOLD - 1):
        circuit.failed()
    assert circuit.room(10) == 10
    circuit.failed()
    assert (circuit.room(10), circuit.may_begin) == (0, False)


def test_a_success_in_between_counts_from_the_beginning() -> None:
    circuit = Circuit(Clock())
    almost = [circuit.failed] * (THRESHOLD - 1)
    for outcome in (*almost, circuit.succeeded, *almost):
        outcome()
    assert not circuit.is_open


def test_after_a_rest_it_lets_one_through() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = REST_SECONDS
    assert circuit.room(10) == 1
    circuit.begin()
    assert (circuit.room(10), circuit.may_begin) == (0, True)


def test_a_trial_that_succeeds_closes_it() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = REST_SECONDS
    circuit.begin()
    circuit.succeeded()
    assert circuit.room(10) == 10


def test_each_trial_that_fails_doubles_the_rest_up_to_a_bound() -> None:
    clock = Clock()
    circuit = opened(clock)
    rests = []
    for _ in range(6):
        began = clock.now
        while not circuit.room(1):
            clock.now += 1
        rests.append(clock.now - began)
        circuit.begin()
        circuit.failed()
    assert rests == [5, 10, 20, LONGEST_REST_SECONDS, LONGEST_REST_SECONDS, LONGEST_REST_SECONDS]


def test_a_trial_that_says_nothing_leaves_room_for_another() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = REST_SECONDS
    circuit.begin()
    circuit.undecided()
    assert circuit.room(10) == 1


def test_what_began_before_it_opened_does_not_make_it_rest_longer() -> None:
    clock = Clock()
    circuit = opened(clock)
    for _ in range(10):
        circuit.failed()
    clock.now = REST_SECONDS
    assert circuit.room(1) == 1

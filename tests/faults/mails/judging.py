"""What must hold of mails after any ends of their senders."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.environment.mails.record import Record, Taken


def repeated(records: Iterable[Record]) -> list[Taken]:
    """Every copy of a message that was not the last one of it."""
    return [copy for copies in _by_reader(records).values() for copy in copies[:-1]]


def on_the_wire(records: Iterable[Record]) -> list[Taken]:
    """The last message of each conversation that was cut: its sender may not know that it was taken over."""
    return [last for record in records for last in _last_of_cut(record)]


def judge(records: Iterable[Record], addresses: Iterable[str]) -> None:
    """Raises AssertionError unless each got its mail, and again only what was on the wire, unchanged."""
    found = list(records)
    by_reader = _by_reader(found)
    expected = set(addresses)
    assert by_reader.keys() == expected, f"{len(expected - by_reader.keys())} got nothing"
    for reader, copies in by_reader.items():
        assert len({copy.message_id for copy in copies}) == 1, f"{reader} got different mails: {copies}"
    excused = set(on_the_wire(found))
    again = [copy for copy in repeated(found) if copy not in excused]
    assert not again, f"{len(again)} sent again although nothing was cut, such as {again[0]}"


def _by_reader(records: Iterable[Record]) -> dict[str, list[Taken]]:
    """In the order in which they came."""
    found: defaultdict[str, list[Taken]] = defaultdict(list)
    for taken in sorted((each for record in records for each in record.taken), key=lambda each: each.at):
        found[taken.recipient].append(taken)
    return dict(found)


def _last_of_cut(record: Record) -> Iterator[Taken]:
    last = {taken.conversation: taken for taken in record.taken}
    yield from (taken for conversation, taken in last.items() if conversation in record.cut)

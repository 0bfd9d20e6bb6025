"""What mail servers have written down, read as it grows, and what follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that a server has taken over: when (seconds of the machine's steady clock), and from whom."""

    conversation: str
    at: float
    message_id: str
    recipient: str


@dataclass(slots=True)
class Record:
    """Of one server. `cut`: the conversations that ended without goodbye."""

    path: Path
    taken: list[Taken] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    _read: int = 0

    def look(self) -> None:
        """Take in the whole lines that are new."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self._read)
            lines = file.read()
        whole = lines[: lines.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.decode().splitlines():
            self.note(line)

    def note(self, line: str) -> None:
        """One line, as receiver.py writes them."""
        what, number, *more = line.split(" ")
        conversation = f"{self.path.name} {number}"
        if what == "taken":
            self.taken.append(Taken(conversation, float(more[0]), more[1], more[2]))
        elif what == "cut":
            self.cut.add(conversation)


def repeated(records: Iterable[Record]) -> list[Taken]:
    """Every copy of a message that was not the last one of it."""
    return [copy for copies in _by_reader(records).values() for copy in copies[:-1]]


def on_the_wire(records: Iterable[Record]) -> list[Taken]:
    """The last message of each conversation that was cut: its sender may not know that it was taken over."""
    return [last for record in records for last in _last_of_cut(record)]


def judge(records: Iterable[Record], addresses: Iterable[str]) -> None:
    """Raises AssertionError unless each address got its mail, and again only what was on the wire, unchanged."""
    found = list(records)
    by_reader = _by_reader(found)
    expected = set(addresses)
    assert by_reader.keys() == expected, f"{len(expected - by_reader.keys())} got nothing"
    for reader, copies in by_reader.items():
        assert len({copy.message_id for copy in copies}) == 1, f"{reader} got different mails: {copies}"
    excused = set(on_the_wire(found))
    for copy in repeated(found):
        assert copy in excused, f"sent again although nothing was cut: {copy}"


def _by_reader(records: Iterable[Record]) -> dict[str, list[Taken]]:
    """In the order in which they came."""
    found: defaultdict[str, list[Taken]] = defaultdict(list)
    for taken in sorted((each for record in records for each in record.taken), key=lambda each: each.at):
        found[taken.recipient].append(taken)
    return dict(found)


def _last_of_cut(record: Record) -> Iterator[Taken]:
    last = {taken.conversation: taken for taken in record.taken}
    yield from (taken for conversation, taken in last.items() if conversation in record.cut)

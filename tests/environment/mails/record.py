"""What a mail server has written down, read as it grows."""

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

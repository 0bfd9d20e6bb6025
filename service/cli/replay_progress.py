"""A replay's progress: a bar with rate and time left on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workers.replay.progress import Progress as Reported

LINE_SECONDS = 2.0


@contextmanager
def reported() -> Iterator[Reported]:
    """On standard error, which leaves standard output to the result."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        yield Bar(bar)


class Rate:
    """Events a second since the first look."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None

    def at(self, position: int) -> float:
        if self._first is None:
            self._first = position, time.monotonic()
        events, seconds = position - self._first[0], time.monotonic() - self._first[1]
        return events / seconds if seconds > 0 else 0.0


class Bar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._rate = Rate()
        self._task = bar.add_task("starting", total=None, rate="")

    def begins(self, step: str) -> None:
        self._bar.update(self._task, description=step)

    def folded(self, position: int, head: int) -> None:
        rate = f"{self._rate.at(position):,.0f} events/s"
        self._bar.update(self._task, completed=position, total=head, rate=rate)


class Lines:
    def __init__(self) -> None:
        self._rate = Rate()
        self._last = time.monotonic()

    def begins(self, step: str) -> None:
        _line(step)

    def folded(self, position: int, head: int) -> None:
        rate = self._rate.at(position)
        if time.monotonic() > self._last + LINE_SECONDS:
            self._last = time.monotonic()
            left = f", {(head - position) / rate:.0f} s left" if rate else ""
            _line(f"{position:,} of {head:,} events, {rate:,.0f} events/s{left}")


def _line(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()

"""A process under test ends with the benchmark that started it, however that ends."""

import asyncio
import os
import sys

from service.cli.running import stop_on_signals


def stop_with_parent() -> asyncio.Event:
    """Set by a signal, or when standard input, a pipe from the parent, is closed."""
    stop = stop_on_signals()

    def look() -> None:
        if not os.read(sys.stdin.fileno(), 1):
            asyncio.get_running_loop().remove_reader(sys.stdin)
            stop.set()

    asyncio.get_running_loop().add_reader(sys.stdin, look)
    return stop

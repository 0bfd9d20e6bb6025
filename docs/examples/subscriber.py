"""A subscriber that has every event exactly once, whatever restarts: it, the API, the network between them.

    BASE=http://127.0.0.1:8080 TOKEN=sp_... python subscriber.py events.db

What an event leads to and the position of that event are stored in one transaction. After a crash either both
are there or neither is; the position is sent as Last-Event-ID, and the API goes on behind it.
"""

import asyncio
import json
import os
import sqlite3
import sys
from typing import Any

import aiohttp

TABLES = """
CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
INSERT OR IGNORE INTO progress VALUES (1, 0);
CREATE TABLE IF NOT EXISTS happened (position INTEGER, type TEXT, page TEXT);
"""
LONGEST_SILENCE = 45  # seconds; the API breaks silence every 15
LONGEST_LINE = 2**21


def take(database: sqlite3.Connection, event: dict[str, Any]) -> None:
    with database:  # one transaction
        database.execute(
            "INSERT INTO happened VALUES (?, ?, ?)", (event["position"], event["type"], event.get("subject"))
        )
        database.execute("UPDATE progress SET position = ?", (event["position"],))


async def follow(http: aiohttp.ClientSession, database: sqlite3.Connection) -> float:
    """Until the connection ends; how long to wait then, in seconds."""
    pause = 2.0
    (position,) = database.execute("SELECT position FROM progress").fetchone()
    async with http.get("/v1/events/stream", headers={"Last-Event-ID": str(position)}) as answer:
        answer.raise_for_status()
        async for line in answer.content:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "data":
                take(database, json.loads(value))
            elif field == "retry":
                pause = int(value) / 1000
    return pause


async def main(path: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    async with aiohttp.ClientSession(
        os.environ["BASE"],
        headers={"Authorization": f"Bearer {os.environ['TOKEN']}"},
        timeout=aiohttp.ClientTimeout(total=None, sock_read=LONGEST_SILENCE),
        read_bufsize=LONGEST_LINE,
    ) as http:
        while True:
            try:
                pause = await follow(http, database)
            except (aiohttp.ClientError, TimeoutError) as error:
                if isinstance(error, aiohttp.ClientResponseError) and error.status in (401, 403):
                    raise
                sys.stderr.write(f"connects again: {error!r}\n")
                pause = 2.0
            await asyncio.sleep(pause)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

"""Deliveries for people."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = "{:<36}  {:<10}  {:<8}  {:<22}  {:>8}  {:<24}  {:<24}  {}"
HEAD = COLUMNS.format("id", "state", "channel", "tells", "attempts", "since", "recipient", "reason")
NOTHING = "-"


def list_text(shown: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join([HEAD, *map(_line, shown)]) if shown else "There are none."


def delivery_text(shown: Mapping[str, Any]) -> str:
    event, subject = shown["event"], shown["subject"]
    facts = {
        "delivery": shown["id"],
        "state": shown["state"],
        "reason": shown["reason"],
        "attempts": shown["attempts"],
        "next attempt": shown["next_attempt_at"],
        "finished": shown["finished_at"],
        "tells": event["kind"],
        "subject": subject and f"{subject['kind']} {subject['id']}",
        "event": event["id"] if event["position"] is None else f"{event['id']} at {event['position']}",
        "since": shown["created_at"],
        "page": shown["statuspage_id"],
        "subscription": shown["subscription_id"],
        "channel": shown["channel_type"],
        "recipient": shown["recipient"] or "erased",
    }
    return "\n".join(f"{name:<14}{NOTHING if fact is None else fact}" for name, fact in facts.items())


def progress(done: str, count: int) -> None:
    """A line on standard error, which leaves standard output to the result."""
    sys.stderr.write(f"{done}: {count:,}\n")
    sys.stderr.flush()


def summary(done: str, count: int, left: int, seconds: float) -> str:
    text = f"{done.capitalize()}: {count:,} in {seconds:.1f} s."
    if left:
        text += f" Left alone: {left:,}, which are in another state or not there; see `deliveries show`."
    return text


def _line(shown: Mapping[str, Any]) -> str:
    return COLUMNS.format(
        shown["id"],
        shown["state"],
        shown["channel_type"],
        shown["event"]["kind"],
        shown["attempts"],
        shown["created_at"],
        shown["recipient"] or "erased",
        shown["reason"] or "",
    ).rstrip()

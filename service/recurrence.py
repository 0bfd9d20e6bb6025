"""When a window comes again: rules of RFC 5545 in a page's time zone.

The wall-clock time stays across changes of the clock; an hour that is skipped comes an hour later, and of one
that is repeated the first counts.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
DAYS = f"{DAY}(?:,{DAY})*"
NTH_DAYS = f"(?:[+-]?[1-4])?{DAY}(?:,(?:[+-]?[1-4])?{DAY})*"
DATES = r"-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*"
MONTHS = r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*"
ANY = {
    "FREQ": "[A-Z]+",
    "INTERVAL": r"[1-9]\d?",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "WKST": DAY,
}
# Only combinations that come again before long: the search for a date that no year has would take seconds.
FORMS = [
    {"FREQ": "DAILY"},
    {"FREQ": "WEEKLY", "BYDAY": DAYS},
    {"FREQ": "MONTHLY", "BYDAY": NTH_DAYS},
    {"FREQ": "MONTHLY", "BYDAY": DAYS, "BYSETPOS": "-?[1-4]"},
    {"FREQ": "MONTHLY", "BYMONTHDAY": DATES},
    {"FREQ": "YEARLY", "BYMONTH": MONTHS, "BYDAY": NTH_DAYS},
    {"FREQ": "YEARLY", "BYMONTH": MONTHS, "BYMONTHDAY": DATES},
]
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


class BadRule(ValueError):
    """It is no recurrence rule, or one of a kind that is not taken here."""


def check_rule(rule: str) -> None:
    """Raises BadRule."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if len(parts) != rule.count(";") + 1:
        raise BadRule("must not name a part twice")
    if not any(_fits(parts, ANY | form) for form in FORMS):
        raise BadRule("must be a recurrence rule by days, weeks, months or years, like FREQ=WEEKLY;BYDAY=TU")
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise BadRule("must not have both COUNT and UNTIL")
    try:
        _occurrences(rule, SOME_TIME, ZoneInfo("UTC"))
    except ValueError:
        raise BadRule("must have a date that exists as UNTIL") from None


def _fits(parts: dict[str, str], form: dict[str, str]) -> bool:
    known = all(name in form and re.fullmatch(form[name], value) for name, value in parts.items())
    return known and "FREQ" in parts and ("BYSETPOS" not in parts or "BYDAY" in parts)


def next_slot(
    rule: str, anchor: datetime, slot: datetime, zone: ZoneInfo, wanted: Callable[[datetime], bool]
) -> datetime | None:
    """The first occurrence after `slot` that is `wanted`, in UTC, of the rule that began at `anchor`.

    None: it has no more. COUNT counts from the anchor.
    """
    occurrences = _occurrences(rule, anchor, zone)
    found = occurrences.after(_wall_clock(slot, zone))
    while found is not None and not wanted(_moment(found, zone)):
        found = occurrences.after(found)
    return None if found is None else _moment(found, zone)


def _occurrences(rule: str, anchor: datetime, zone: ZoneInfo) -> rrule:
    """In wall-clock time, which is what a rule speaks of."""
    local = re.sub("UNTIL=([^;]+)", lambda until: f"UNTIL={_until(until[1], zone)}", rule)
    found = rrulestr(local, dtstart=_wall_clock(anchor, zone))
    if not isinstance(found, rrule):
        raise BadRule("must be one rule")
    return found


def _until(text: str, zone: ZoneInfo) -> str:
    """In wall-clock time; a date means the whole day."""
    if len(text) == 8:
        return f"{text}T235959"
    if not text.endswith("Z"):
        return text
    until = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return f"{_wall_clock(until, zone):%Y%m%dT%H%M%S}"


def _wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _moment(wall_clock: datetime, zone: ZoneInfo) -> datetime:
    return wall_clock.replace(tzinfo=zone).astimezone(UTC)

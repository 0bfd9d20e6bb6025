"""A list of subscribers as CSV, in the columns that the export writes. What is wrong is named by its line."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from uuid import UUID

from service.domain.errors import Fault, Invalid
from service.domain.subscription import Status
from service.domain.values import ChannelType
from service.http.csv_text import meant
from service.http.schemas.base import is_uuid
from service.subscriber_import import Person, fault
from service.vault.email_address import EmailAddress, NotAnAddress, parse_email

COLUMNS = (
    *("id", "channel_type", "channel_value", "status"),
    *("component_ids", "incident_id", "created_at", "verified_at"),
)
NEEDED = ("channel_type", "channel_value")
MOST_ROWS, MOST_IDS = 10_000, 1000
OTHER_CHANNEL = "other_channel"
"""Why a row is left out: only the receiver itself can confirm it."""


@dataclass(frozen=True, slots=True)
class SubscriberFile:
    """`left_out`: how many rows nobody can vouch for, by their status or `other_channel`."""

    people: Sequence[Person]
    left_out: Counter[str]


@dataclass(slots=True)
class _Reading:
    people: list[Person] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def take(self, line: int, row: Mapping[str, str]) -> None:
        wrong = list(_kind_faults(line, row))
        reason = None if wrong else _left_out(row)
        if reason is not None:
            self.left_out[reason] += 1
            return
        email = _email(line, row["channel_value"], wrong)
        component_ids = tuple(dict.fromkeys(_ids(line, row, "component_ids", wrong)))
        incident_id = next(iter(_ids(line, row, "incident_id", wrong, most=1)), None)
        self.faults += wrong
        if email is not None and not wrong:
            self.people.append(Person(line, email, component_ids, incident_id))


def read_subscribers(raw: bytes) -> SubscriberFile:
    """Columns may come in any order; all but `channel_type` and `channel_value` may be missing, and may be
    separated by semicolons, as some spreadsheets write them. Raises Invalid for all that is wrong."""
    reading = _Reading()
    rows = _rows(_text(raw))
    line, header = next(rows, (1, []))
    _check_header(line, header)
    for number, (line, row) in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise _unreadable(line, "too_long", f"A file may have at most {MOST_ROWS} rows.")
        if len(row) == len(header):
            reading.take(line, dict(zip(header, map(meant, row), strict=True)))
        else:
            text = f"Line {line}: Has {len(row)} cells, the header has {len(header)}."
            reading.faults.append(Fault(f"/{line}", "wrong_form", text))
    if reading.faults:
        raise Invalid(reading.faults)
    return SubscriberFile(reading.people, reading.left_out)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(line, "not_utf_8", "Is not UTF-8.") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """With the number of the line that each begins in; empty lines are passed by."""
    first = text.partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise _unreadable(
            line, "wrong_form", "Is not CSV: a quote does not end, or a cell is too long."
        ) from None


def _check_header(line: int, header: Sequence[str]) -> None:
    """Raises Invalid."""
    faults = [
        fault(line, name, "required", "The column is missing.") for name in NEEDED if name not in header
    ]
    for number, name in enumerate(header, 1):
        if name not in COLUMNS:
            faults.append(
                fault(line, str(number), "unknown_field", f"The column {number} is not known here.")
            )
        elif header.index(name) < number - 1:
            faults.append(fault(line, name, "repeated", "The column is there more than once."))
    if faults:
        raise Invalid(faults)


def _kind_faults(line: int, row: Mapping[str, str]) -> Iterator[Fault]:
    if row["channel_type"] not in set(ChannelType):
        yield fault(line, "channel_type", "not_one_of", f"Should be one of {', '.join(ChannelType)}.")
    if row.get("status") and row["status"] not in set(Status):
        yield fault(line, "status", "not_one_of", f"Should be empty or one of {', '.join(Status)}.")


def _left_out(row: Mapping[str, str]) -> str | None:
    if row.get("status") not in (None, "", Status.VERIFIED):
        return row["status"]
    return None if row["channel_type"] == ChannelType.EMAIL else OTHER_CHANNEL


def _email(line: int, text: str, wrong: list[Fault]) -> EmailAddress | None:
    try:
        return parse_email(text)
    except NotAnAddress as error:
        wrong.append(fault(line, "channel_value", error.code, f"It {error}."))
        return None


def _ids(
    line: int, row: Mapping[str, str], column: str, wrong: list[Fault], most: int = MOST_IDS
) -> list[UUID]:
    texts = row.get(column, "").split()
    if len(texts) <= most and all(map(is_uuid, texts)):
        return [UUID(text) for text in texts]
    wrong.append(fault(line, column, "uuid", f"Should be UUIDs in lower case, at most {most}."))
    return []


def _unreadable(line: int, code: str, message: str) -> Invalid:
    return Invalid([Fault(f"/{line}", code, f"Line {line}: {message}")])

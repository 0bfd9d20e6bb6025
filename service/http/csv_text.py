"""A table as CSV (RFC 4180) that a spreadsheet shows and never runs.

A cell that begins as a formula, apostrophes aside, gets an apostrophe before it, so that reading such a cell
takes one off: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

MEDIA_TYPE = "text/csv; charset=utf-8"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    return f"'{cell}" if _is_formula(cell) else cell


def meant(cell: str) -> str:
    """What `harmless` made the cell of."""
    return cell.removeprefix("'") if _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip("'").startswith(STARTS_A_FORMULA)

"""A table as CSV (RFC 4180) that a spreadsheet shows and never runs.

A cell that begins as a formula gets an apostrophe before it: https://owasp.org/www-community/attacks/CSV_Injection
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
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell

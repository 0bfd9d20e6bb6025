"""Tables for spreadsheets: read back as they were, and never run."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.http.csv_text import csv_text, harmless

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_begins_as_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["ada@example.com", "", "a=1", "1+1"])
def test_everything_else_stays(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.tuples(cells, cells)))
def test_it_is_read_back_as_it_was_but_for_the_apostrophe(rows: list[tuple[str, str]]) -> None:
    read = list(csv.reader(StringIO(csv_text(("a", "b"), rows).decode(), newline="")))
    assert read == [["a", "b"], *([harmless(cell) for cell in row] for row in rows)]

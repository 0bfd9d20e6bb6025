"""The judge of mails finds what it is there to find."""

from pathlib import Path

import pytest

from tests.environment.mails.record import Record
from tests.faults.mails.judging import judge, on_the_wire, repeated

ADA, BOB = "ada@example.com", "bob@example.com"


def a_record(*lines: str) -> Record:
    record = Record(Path("mails"))
    for line in lines:
        record.note(line)
    return record


def test_one_mail_for_everybody_is_right() -> None:
    record = a_record(f"taken 0 1.0 a {ADA}", f"taken 0 2.0 b {BOB}", "left 0")
    judge([record], [ADA, BOB])
    assert repeated([record]) == []


def test_whoever_got_nothing_is_found() -> None:
    with pytest.raises(AssertionError, match="1 got nothing"):
        judge([a_record(f"taken 0 1.0 a {ADA}")], [ADA, BOB])


def test_the_last_mail_before_a_cut_may_come_again_from_whomever() -> None:
    cut, other = a_record(f"taken 0 1.0 a {ADA}", "cut 0"), a_record(f"taken 0 61.0 a {ADA}")
    judge([cut, other], [ADA])
    assert repeated([cut, other]) == on_the_wire([cut, other]) == cut.taken


def test_a_mail_that_comes_again_with_another_id_is_found() -> None:
    with pytest.raises(AssertionError, match="different mails"):
        judge([a_record(f"taken 0 1.0 a {ADA}", "cut 0", f"taken 1 61.0 b {ADA}")], [ADA])


def test_a_mail_that_comes_again_after_a_goodbye_is_found() -> None:
    with pytest.raises(AssertionError, match="nothing was cut"):
        judge([a_record(f"taken 0 1.0 a {ADA}", "left 0", f"taken 1 61.0 a {ADA}")], [ADA])


def test_a_mail_that_comes_again_though_others_followed_it_is_found() -> None:
    lines = f"taken 0 1.0 a {ADA}", f"taken 0 2.0 b {BOB}", "cut 0", f"taken 1 61.0 a {ADA}"
    with pytest.raises(AssertionError, match="nothing was cut"):
        judge([a_record(*lines)], [ADA, BOB])

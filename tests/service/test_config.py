"""Settings that are checked when they are read."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.config import LONGEST_URL, Settings
from service.domain.uptime import DEFAULT_WEIGHTS, Weights

NAMES = tuple(
    f"STATUSPAGES_WEIGHT_{status}" for status in ("MAJOR_OUTAGE", "PARTIAL_OUTAGE", "DEGRADED_PERFORMANCE")
)


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env`, and no weights around."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_usual_weights_are_those_of_the_rules() -> None:
    assert Settings().uptime_weights == DEFAULT_WEIGHTS


def test_weights_come_from_the_environment_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(NAMES, ("0.9", "0.1", "0.05"), strict=True):
        monkeypatch.setenv(name, value)
    assert Settings().uptime_weights == Weights(Decimal("0.9"), Decimal("0.1"), Decimal("0.05"))


@pytest.mark.parametrize("value", ["-0.1", "1.1", "NaN", "Infinity", "half", "0.1234567"])
@pytest.mark.parametrize("name", NAMES)
def test_a_weight_that_is_none_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_a_base_url_whose_links_fit_no_mail_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUSPAGES_BASE_URL", "https://example.com/" + "x" * LONGEST_URL)
    with pytest.raises(ValidationError, match="STATUSPAGES_BASE_URL"):
        Settings()

"""A notice as its reader has it: in the page's language and time, whole in both forms, harmless."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from service.domain.statuspage import Settings
from service.domain.values import ComponentStatus, Impact, IncidentStatus, MaintenanceStatus, PageType
from service.notices import Kind, Letter, Letterhead, Told, Window, letter_of, letterhead_of, notice_of
from service.notices.languages import LANGUAGES, language_for
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    INCIDENT_ID,
    MAINTENANCE_ID,
    NOON,
    OTHER_COMPONENT_ID,
    PAGE_ID,
)
from tests.service.public.document import read
from tests.service.test_markdown import HOSTILE

URL = "https://status.example.com/p/acme"
LETTERHEAD = Letterhead("Acme", URL, None, "en", ZoneInfo("Europe/Berlin"))
NAMES = {COMPONENT_ID: "Website", OTHER_COMPONENT_ID: "API"}
OUTAGE = Told(
    Kind.INCIDENT_OPENED,
    PAGE_ID,
    INCIDENT_ID,
    "Database down",
    IncidentStatus.INVESTIGATING,
    "We are *looking*.\nMore soon.",
    {COMPONENT_ID: ComponentStatus.MAJOR_OUTAGE, OTHER_COMPONENT_ID: None},
    Impact.CRITICAL,
    None,
    notify=True,
)
WINDOW = Told(
    Kind.MAINTENANCE_SCHEDULED,
    PAGE_ID,
    MAINTENANCE_ID,
    "Upgrade",
    MaintenanceStatus.SCHEDULED,
    "",
    {COMPONENT_ID: None},
    None,
    Window(NOON, NOON + HOUR),
    notify=True,
)
TEXT = """\
Acme: Database down

There is a new incident.

We are *looking*.
More soon.

Status: Investigating
Impact: Critical

Affected:
- API
- Website: Major outage

Details and updates:
https://status.example.com/p/acme/incident/1c000000-0000-4000-8000-000000000001
"""
FOOTER = """
You get this because you subscribed to the updates of Acme.
Unsubscribe:
https://status.example.com/subscription/TOKEN
"""


def written(told: Told, letterhead: Letterhead = LETTERHEAD) -> Letter:
    return letter_of(notice_of(told, letterhead, NAMES))


def test_the_text_says_all_of_it() -> None:
    letter = written(OUTAGE)
    assert (letter.subject, letter.text) == ("[Acme] Investigating: Database down", TEXT)


def test_the_html_says_the_same() -> None:
    text = read(written(OUTAGE).html).text
    for words in ("Acme", "There is a new incident.", "Status: Investigating", "Website: Major outage"):
        assert words in text
    assert "We are <em>looking</em>.<br>\nMore soon." in written(OUTAGE).html


def test_its_reader_alone_is_told_how_to_leave() -> None:
    leave = "https://status.example.com/subscription/TOKEN"
    letter = letter_of(notice_of(OUTAGE, LETTERHEAD, NAMES), leave)
    assert letter.text == TEXT + FOOTER
    assert f'<a href="{leave}">Unsubscribe</a>' in letter.html


def test_times_are_those_of_the_page() -> None:
    assert "Planned time: 1 November 2026, 13:00 CET to 1 November 2026, 14:00 CET\n" in written(WINDOW).text


def test_german_reads_german() -> None:
    letter = written(WINDOW, replace(LETTERHEAD, language="de"))
    assert letter.subject == "[Acme] Wartung geplant: Upgrade"
    assert "Geplante Zeit: 1. November 2026, 13:00 Uhr CET bis 1. November 2026, 14:00" in letter.text
    assert '<html lang="de">' in letter.html


@pytest.mark.parametrize(
    ("wanted", "code"), [("en", "en"), ("de", "de"), ("de-AT", "de"), ("fr", "en"), ("pt-BR", "en")]
)
def test_a_page_in_another_language_is_written_for_in_english(wanted: str, code: str) -> None:
    assert language_for(wanted) == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_word_for_everything(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.subjects) == set(words.leads) == set(Kind)
    assert set(words.incident) == set(IncidentStatus)
    assert set(words.maintenance) == set(MaintenanceStatus)
    assert set(words.component) == set(ComponentStatus)
    assert set(words.impact) == set(Impact)
    assert all("{name}" in subject for subject in words.subjects.values())
    for kind in Kind:
        for told in (OUTAGE, WINDOW):
            assert told.name in written(replace(told, kind=kind), replace(LETTERHEAD, language=language)).text


def test_a_component_that_is_gone_is_left_out() -> None:
    letter = letter_of(notice_of(OUTAGE, LETTERHEAD, {OTHER_COMPONENT_ID: "API"}))
    assert "- API\n" in letter.text
    assert "Major outage" not in letter.text


def test_of_what_was_taken_back_there_is_no_page_to_read_on() -> None:
    letter = written(replace(OUTAGE, kind=Kind.INCIDENT_RETRACTED))
    assert f"\n{URL}\n" in letter.text
    assert str(INCIDENT_ID) not in letter.html


def test_the_letterhead_is_the_pages_own() -> None:
    settings = Settings("Internal", "", "acme", PageType.PUBLIC, language="de-CH", time_zone="Europe/Zurich")
    bare = letterhead_of(settings, URL, "org/logo.png")
    assert bare == Letterhead("Internal", URL, None, "de", ZoneInfo("Europe/Zurich"))
    named = letterhead_of(replace(settings, page_name="Acme"), URL, "https://cdn.example.com/logo.png")
    assert (named.name, named.logo) == ("Acme", "https://cdn.example.com/logo.png")
    assert '<img src="https://cdn.example.com/logo.png"' in written(OUTAGE, named).html


@pytest.mark.parametrize("text", [*HOSTILE, "{name} {0} {status}", "{% raw %}{{ 7 * 7 }}"])
def test_no_text_of_theirs_makes_an_element(text: str) -> None:
    plain, hostile = replace(OUTAGE, body="x"), replace(OUTAGE, name=text, body="x")
    letterhead, names = replace(LETTERHEAD, name=text), {COMPONENT_ID: text}
    harmless = letter_of(notice_of(plain, LETTERHEAD, {COMPONENT_ID: "Website"}))
    found = letter_of(notice_of(hostile, letterhead, names))
    assert found.html.count("<") == harmless.html.count("<")
    assert text in found.text


def test_the_names_of_kinds_are_frozen() -> None:
    """One may be added; one that was sent can never be taken away."""
    assert [kind.removeprefix("incident.") for kind in Kind if kind.startswith("incident.")] == [
        "opened",
        "updated",
        "resolved",
        "retracted",
    ]
    assert [kind.removeprefix("maintenance.") for kind in Kind if kind.startswith("maintenance.")] == [
        "scheduled",
        "moved",
        "reminded",
        "started",
        "verifying",
        "updated",
        "completed",
        "cancelled",
    ]

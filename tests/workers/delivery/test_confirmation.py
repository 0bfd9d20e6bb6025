"""The mail that asks somebody to confirm: in the page's language, with whole links, harmless."""

import pytest

from service.notices.languages import LANGUAGES
from tests.service.test_markdown import HOSTILE
from workers.delivery.confirmation import confirmation_letter

PAGE, VERIFY, MANAGE = (f"https://status.example.com/{path}" for path in ("p/acme", "v", "m"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_its_links_and_the_page_in_every_language(language: str) -> None:
    letter = confirmation_letter(language, "Acme", PAGE, VERIFY, MANAGE)
    for text in (letter.text, letter.html):
        assert all(part in text for part in (PAGE, VERIFY, MANAGE, "Acme"))
    assert "Acme" in letter.subject
    assert f'<html lang="{language}">' in letter.html


def test_german_reads_german() -> None:
    letter = confirmation_letter("de", "Acme", PAGE, VERIFY, MANAGE)
    assert letter.subject == "Bestätigen Sie Ihr Abonnement von Acme"
    assert "gilt sieben Tage" in letter.text
    assert "Abonnement bestätigen</a>" in letter.html


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_page_becomes_markup(name: str) -> None:
    harmless = confirmation_letter("en", "Acme", PAGE, VERIFY, MANAGE)
    found = confirmation_letter("en", name, PAGE, VERIFY, MANAGE)
    assert found.html.count("<") == harmless.html.count("<")

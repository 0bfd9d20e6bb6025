"""The languages that notices are written in, by their codes."""

from collections.abc import Mapping

from service.notices.languages import de, en
from service.notices.languages.words import Words

LANGUAGES: Mapping[str, Words] = {"en": en.WORDS, "de": de.WORDS}
FALLBACK = "en"


def language_for(wanted: str) -> str:
    """The code of the language to write in for a page whose language is `wanted`, such as `de-AT`."""
    base = wanted.partition("-")[0]
    return next((code for code in (wanted, base) if code in LANGUAGES), FALLBACK)

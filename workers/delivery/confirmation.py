"""The mail that asks, in the page's language, whether the address wants to be told."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from service.notices import Letter
from service.notices.languages import LANGUAGES

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def confirmation_letter(
    language: str, page_name: str, page_url: str, verify_url: str, manage_url: str
) -> Letter:
    """`language`: one of LANGUAGES. `page_name` is one line."""
    words = LANGUAGES[language].question
    values = {
        "language": language,
        "words": words,
        "page_name": page_name,
        "page_url": page_url,
        "verify_url": verify_url,
        "manage_url": manage_url,
    }
    return Letter(
        words.subject.format(page=page_name),
        TEMPLATES.get_template("confirmation.txt").render(values),
        TEMPLATES.get_template("confirmation.html").render(values),
    )

"""A notice as text and as HTML, for one reader or for nobody in particular."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from service.notices.languages import LANGUAGES
from service.notices.notice import Notice

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter_of(notice: Notice, leave_url: str | None = None) -> Letter:
    """`leave_url`: where its reader unsubscribes; without it nothing is said of that."""
    words = LANGUAGES[notice.letterhead.language]
    values = {
        "notice": notice,
        "page": notice.letterhead,
        "words": words,
        "reason": words.reason.format(page=notice.letterhead.name),
        "leave_url": leave_url,
    }
    text = TEMPLATES.get_template("notice.txt").render(values)
    html = TEMPLATES.get_template("notice.html").render(values)
    return Letter(notice.subject, text, html)

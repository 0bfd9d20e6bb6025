"""The mail that asks whether the address wants to be told."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from service.notices import Letter

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def confirmation_letter(page_name: str, page_url: str, verify_url: str, manage_url: str) -> Letter:
    """`page_name` is one line."""
    values = {
        "page_name": page_name,
        "page_url": page_url,
        "verify_url": verify_url,
        "manage_url": manage_url,
    }
    return Letter(
        f"Confirm your subscription to {page_name}",
        TEMPLATES.get_template("confirmation.txt").render(values),
        TEMPLATES.get_template("confirmation.html").render(values),
    )

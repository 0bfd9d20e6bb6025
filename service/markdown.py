"""Markdown as HTML that is safe to show, whoever wrote it: CommonMark with tables, without HTML and images.

What comes out has passed an allow-list of tags, and leads nowhere but to http, https and mailto addresses.
"""

from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = ("https", "http", "mailto")
# fmt: off
TAGS = frozenset({
    "a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
})
# fmt: on
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
HIGHEST = 4
"""The level of `#`: what shows a text has headings of its own above it."""


def _leads_somewhere(address: str) -> bool:
    return address.lower().startswith(tuple(f"{scheme}:" for scheme in SCHEMES))


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_parser.disable("image")
_parser.validateLink = _leads_somewhere  # type: ignore[method-assign, assignment]


def to_html(text: str) -> str:
    """One line break stays one."""
    tokens = _parser.parse(text)
    _lower(tokens)
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        rendered,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def _lower(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + HIGHEST - 1, 6)}"

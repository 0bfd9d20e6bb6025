"""Markdown becomes HTML that a browser can be shown, whoever wrote it."""

import re
from html.parser import HTMLParser
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.markdown import ATTRIBUTES, TAGS, to_html

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHN2Zz4=)",
    "[x](vbscript:x)",
    "[x](//evil.test)",
    "[x](https:\\\\evil.test)",
    "[x](/relative)",
    "<javascript:alert(1)>",
    "[r]: javascript:alert(1)\n[r]",
    "![x](https://tracker.test/pixel.png)",
    '[x](https://a.test "\\" onmouseover=alert(1) x=")',
    "[x](https://a.test'onmouseover='alert(1))",
    "<!-- --> <![CDATA[x]]> </p></div></body>",
    '```"><script>\n</script>\n```',
    "`<b>` {{ 7 * 7 }} ${7*7}",
    "<style>*{}</style><iframe src=//evil.test>",
    "\u2028<b\u2029>",
]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name == "href"}


def elements(html: str) -> Elements:
    found = Elements()
    found.feed(html)
    return found


def assert_harmless(html: str) -> None:
    found = elements(html)
    allowed = {(tag, name) for tag, names in ATTRIBUTES.items() for name in names} | {("a", "rel")}
    assert found.tags <= TAGS
    assert found.attributes <= allowed
    assert all(re.match("(?:https?|mailto):", address, re.IGNORECASE) for address in found.addresses)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("We are *looking*.", "<p>We are <em>looking</em>.</p>\n"),
        ("One\ntwo", "<p>One<br>\ntwo</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("", ""),
    ],
)
def test_it_reads_as_it_is_meant(text: str, html: str) -> None:
    assert to_html(text) == html


def test_a_link_says_nothing_of_where_it_was_followed() -> None:
    html = to_html("[here](https://example.com/a?b=1&c=2)")
    assert html == (
        '<p><a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">here</a></p>\n'
    )


def test_headings_stand_below_those_of_the_page() -> None:
    assert elements(to_html("# One\n\n## Two\n\n###### Six")).tags == {"h4", "h5", "h6"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element_and_no_address_of_its_own(text: str) -> None:
    assert_harmless(to_html(text))


@given(st.text(st.sampled_from("<>[]()!*_`\"'&#:/ja vascript\nhttp-|~=\\{}0"), max_size=80))
def test_no_text_at_all_does(text: str) -> None:
    assert_harmless(to_html(text))


@pytest.mark.parametrize("piece", ["[", "![", "[a](", "[a][", "*a **b ", "> ", "- a\n", "`", "<", "|-"])
def test_the_longest_text_takes_bounded_time_whatever_is_in_it(piece: str) -> None:
    started = perf_counter()
    to_html((piece * 10_000)[:10_000])
    assert perf_counter() - started < 10

import pytest

from service.atlassian.texts import markdown, one_line, shortened


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (None, ""),
        ("Plain.", "Plain."),
        ("One line\nand another\r\n\r\nA paragraph", "One line\\\nand another\n\nA paragraph"),
        ("5 < 6 *not bold* _nor this_ [x](y)", "5 \\< 6 \\*not bold\\* \\_nor this\\_ \\[x\\](y)"),
        ("# no heading\n1. no list", "\\# no heading\\\n1\\. no list"),
        ("a &lt;b&gt; c", "a \\<b\\> c"),
        ("<p>Hello <b>you</b></p><p>and <em>you</em></p>", "Hello **you**\n\nand *you*"),
        ("<ul><li>a</li><li>b</li></ul>", "* a\n* b"),
        (
            'See <a href="https://example.com/?a=1&amp;b=2">this</a>',
            "See [this](https://example.com/?a=1&b=2)",
        ),
        ("<script>alert(1)</script>Safe<style>p {}</style>", "Safe"),
        ('<img src="x" onerror="alert(1)">Safe', "Safe"),
        ("<script>never closed", ""),
    ],
)
def test_their_text_becomes_markdown_that_shows_the_same(theirs: str | None, ours: str) -> None:
    assert markdown(theirs) == ours


def test_a_name_is_one_line_with_something_in_it() -> None:
    assert one_line("  Down\n again ") == "Down again"
    assert one_line(" ") == "(without a name)"


def test_what_is_too_long_ends_with_an_ellipsis() -> None:
    assert shortened("x" * 100, 100) == "x" * 100
    assert shortened("x" * 101, 100) == "x" * 99 + "…"

"""Their texts as ours: HTML and plain text as Markdown that shows the same, names no longer than ours are."""

import re

from markdownify import MarkdownConverter

LONGEST_NAME, LONGEST_DESCRIPTION = 100, 500
BLOCKS = re.compile(r"</?(p|div|ul|ol|li|h[1-6]|pre|blockquote|table|hr)\b", re.IGNORECASE)
UNSEEN = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
NAMELESS = "(without a name)"


def markdown(body: str | None) -> str:
    """Of HTML, or of text whose line breaks count, as their pages show it; nothing of it becomes markup."""
    text = UNSEEN.sub("", (body or "").replace("\r\n", "\n")).strip()
    html = text if BLOCKS.search(text) else _with_paragraphs(text)
    converter = MarkdownConverter(
        heading_style="ATX", newline_style="backslash", escape_misc=True, strip=["img"]
    )
    return str(converter.convert(html)).strip()


def _with_paragraphs(text: str) -> str:
    paragraphs = re.split(r"\n{2,}", text)
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


def one_line(name: str) -> str:
    return " ".join(name.split()) or NAMELESS


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"

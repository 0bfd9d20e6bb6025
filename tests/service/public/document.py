"""A page as a browser would read it: its elements, its text, its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "img", "br", "hr", "input", "use", "path", "circle", "rect"})
UNSEEN = frozenset({"style", "title", "symbol"})


@dataclass(frozen=True, slots=True)
class Element:
    tag: str
    attributes: dict[str, str]


@dataclass(slots=True)
class Document:
    """`text`: what is shown or read aloud, with single spaces. `headings`: (level, text) in order."""

    elements: list[Element] = field(default_factory=list)
    text: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    title: str = ""
    styles: list[str] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def one(self, tag: str, **attributes: str) -> Element:
        [found] = [each for each in self.all(tag) if attributes.items() <= each.attributes.items()]
        return found

    def values(self, attribute: str) -> list[str]:
        return [each.attributes[attribute] for each in self.elements if attribute in each.attributes]


def read(html: str) -> Document:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.document.text = " ".join(parser.document.text.split())
    return parser.document


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.document.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag in ("h1", "h2", "h3", "h4"):
            self.document.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.document.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in VOID and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.document.title += data
        elif "style" in self._open:
            self.document.styles.append(data)
        elif not UNSEEN & set(self._open):
            self.document.text += data
        if self._open and self._open[-1] in ("h1", "h2", "h3", "h4", "span") and self.document.headings:
            self._name_heading(data)

    def _name_heading(self, data: str) -> None:
        level, text = self.document.headings[-1]
        if f"h{level}" in self._open:
            self.document.headings[-1] = (level, text + data)

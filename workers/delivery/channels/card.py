"""A message as the parts that every chat shows in its own form."""

from dataclasses import dataclass

from service.notices.languages import LANGUAGES
from service.notices.notice import Notice
from workers.delivery.channel import Message


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """`text` is Markdown or plain. `facts`: label and value. Nothing in it is safe in any markup yet."""

    title: str
    text: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]


def card_of(message: Message) -> Card:
    if message.tidings is not None:
        return _notice(message.tidings.notice, message.manage_url)
    words = LANGUAGES[message.language]
    confirm = () if message.verify_url is None else (Button(words.question.button, message.verify_url),)
    text = words.question.channel.format(page=message.page_name)
    return Card(message.letter.subject, text, (), (*confirm, Button(words.leave, message.manage_url)))


def _notice(notice: Notice, manage_url: str) -> Card:
    words = LANGUAGES[notice.letterhead.language]
    text = f"{notice.lead}\n\n{notice.body}".strip()
    facts = notice.facts
    if notice.components:
        lines = (f"{each.name}: {each.status}" if each.status else each.name for each in notice.components)
        facts = (*facts, (words.components_label, "\n".join(lines)))
    buttons = (Button(words.link_label, notice.link), Button(words.leave, manage_url))
    return Card(notice.subject, text, facts, buttons)


def clipped(text: str, longest: int) -> str:
    """At most that many characters as JavaScript counts them, which is how these chats do."""
    if _length(text) <= longest:
        return text
    kept = text[: longest - 1]
    while _length(kept) > longest - 1:
        kept = kept[:-1]
    return f"{kept}…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

"""A mail as bytes: the same for every attempt, readable by every client, safe whatever the names hold."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from uuid import UUID

UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
).sub


class MailPolicy(EmailPolicy):
    """Folds as usual, but for headers that mail programs read as one URL: folding would encode a long one."""

    def fold(self, name: str, value: str) -> str:
        if name.startswith("List-"):
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender_name`, `subject` and the bodies may hold any text. `one_click`: the URL that unsubscribes.

    `thread`: what mails of the same are shown together by.
    """

    delivery_id: UUID
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str
    list_id: str
    one_click: str
    written_at: datetime
    thread: UUID | None = None


def to_bytes(mail: Mail) -> bytes:
    """The message with CRLF line ends, ASCII only. Raises ValueError for addresses that are none."""
    host = mail.sender.rpartition("@")[2]
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(one_line(mail.sender_name), addr_spec=mail.sender)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = mail.written_at
    message["Message-ID"] = f"<{mail.delivery_id}@{host}>"
    if mail.thread is not None:  # of a message that was never sent: the first one is then as any other
        message["In-Reply-To"] = message["References"] = f"<{mail.thread}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<{mail.list_id}.{host}>"
    message["List-Unsubscribe"] = f"<{mail.one_click}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte=_encoding(mail.text))
    message.add_alternative(mail.html, subtype="html", cte=_encoding(mail.html))
    message.set_boundary(f"={mail.delivery_id}=")
    return message.as_bytes()


def to_header(recipient: str) -> bytes:
    """The whole header. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=POLICY)
    message["To"] = Address(addr_spec=recipient)
    return POLICY.fold_binary("To", message["To"])


def is_plain(text: str) -> bool:
    """Whether a body may go as it is."""
    return text.isascii() and all(len(line) < 998 for line in text.splitlines())


def one_line(text: str) -> str:
    """Without what would break a header or turn its text around."""
    return UNSAFE(" ", text).strip()


def _encoding(text: str) -> str:
    """As it is where that is allowed: a link stays whole for whoever reads the raw message."""
    return "7bit" if is_plain(text) else "base64"

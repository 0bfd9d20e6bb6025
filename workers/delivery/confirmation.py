"""The mail that asks whether the address wants to be told."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from service.domain.statuspage import Page
from service.vault.contacts import Contact
from workers.delivery.ledger import Delivery
from workers.delivery.message import Mail, one_line

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Tokens:
    verify: str
    manage: str


@dataclass(frozen=True, slots=True)
class ConfirmationMails:
    """`base_url`: where this deployment answers, without a slash at its end. `sender`: the mail's address."""

    base_url: str
    sender: str

    def compose(self, delivery: Delivery, contact: Contact, page: Page, tokens: Tokens) -> Mail:
        name = one_line(page.settings.name)
        values = {
            "page_name": name,
            "page_url": f"{self.base_url}/p/{page.settings.subdomain}",
            "verify_url": f"{self.base_url}/subscription/{tokens.verify}",
            "manage_url": f"{self.base_url}/subscription/{tokens.manage}",
        }
        return Mail(
            delivery_id=delivery.delivery_id,
            sender=self.sender,
            sender_name=name,
            recipient=contact.address,
            subject=f"Confirm your subscription to {name}",
            text=TEMPLATES.get_template("confirmation.txt").render(values),
            html=TEMPLATES.get_template("confirmation.html").render(values),
            list_id=str(page.page_id),
            one_click=f"{self.base_url}/v1/subscription/{tokens.manage}/unsubscribe",
            written_at=delivery.created_at,
        )

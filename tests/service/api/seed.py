"""The bodies of the document that this API implements, as its samples send them."""

from typing import Any
from uuid import uuid4


def page_body(**changes: Any) -> dict[str, Any]:
    """The sample of POST /statuspage, with names of its own so that it can be sent again."""
    label = f"status-{uuid4().hex[:12]}"
    component = {
        "name": "Component name",
        "description": "Component description",
        "status": "operational",
        "type": "resource",
        "resource_id": "c03b02ec-244f-4d2c-8f68-3910071ed5c8",
    }
    body: dict[str, Any] = {
        "name": "Statuspage name",
        "description": "Statuspage description",
        "subdomain": label,
        "type": "public",
        "password": "TestPassw0rd!",
        "domain": f"{label}.pinghome.io",
        "page_name": "Example",
        "dark_theme": False,
        "favicon": "org/f14340fc-3321-42c7-a93b-9befeea8871e/images/img-1705147439.jpg",
        "logo": "org/f14340fc-3321-42c7-a93b-9befeea8871e/images/img-1705147439.jpg",
        "redirect_to_https": True,
        "remove_branding": True,
        "robots_meta_contents": ["index"],
        "website_url": "https://pinghome.io",
        "privacy_url": "https://pinghome.io/privacy-policy",
        "support_url": "https://pinghome.io/support",
        "ga_tracking": "UA-123123-1",
        "ip_addresses": ["8.8.8.8"],
        "subscription_enabled": True,
        "components": [component],
        "groups": [{"name": "Group name", "components": [component]}],
    }
    return body | changes


def update_body(**changes: Any) -> dict[str, Any]:
    """The sample of PUT /statuspage/{id}: private, with a new password, without the lists."""
    body = page_body(type="private", update_password=True)
    del body["components"], body["groups"]
    body["logo"] = "org/f14340fc-3321-42c7-a93b-9befeea8871e/image/img-1705147439.jpg"
    return body | changes


def minimal_body(**changes: Any) -> dict[str, Any]:
    """No more than what is required."""
    subdomain = f"page-{uuid4().hex[:12]}"
    return {"name": "A page", "description": "", "subdomain": subdomain, "type": "public"} | changes

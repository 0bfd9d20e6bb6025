"""A page as HTML: everything on it is text of ours, or escaped, or a checked URL."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.domain.values import ComponentStatus
from service.markdown import to_html
from service.public.bars import HEIGHT, NO_BARS, WIDTH, WORDS, Bars
from service.readmodels.rendering import PageView
from service.timestamps import parsed, text

Json = Mapping[str, Any]

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "style.css").read_text()
STYLE_HASH = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
LINKS = (("website_url", "Website"), ("support_url", "Support"), ("privacy_url", "Privacy"))
environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals |= {"style": STYLE, "words": WORDS, "no_bars": NO_BARS, "width": WIDTH, "height": HEIGHT}


@lru_cache(maxsize=1000)
def _markdown(text: str) -> str:
    """Safe HTML. Remembered, because a page is rendered again whenever anything on it changes."""
    return to_html(text)


environment.filters["markdown"] = _markdown


def page_html(view: PageView, bars: Mapping[str, Bars], as_of: str | None) -> bytes:
    """`bars` by component id. `as_of`: how old the page is, as RFC 3339 text, if that is worth saying."""
    page = view.statuspage
    framed = frame(view)
    moment = framed["moment"]
    return html(
        "page.html",
        **framed,
        logo=web_url(page["theme"]["logo"]),
        components=_visible(page["components"]),
        groups=_visible_groups(page["groups"]),
        bars=bars,
        updated=moment(page["updated_at"]),
        as_of=moment(as_of) if as_of else None,
    )


def frame(view: PageView) -> dict[str, Any]:
    """What every page of a status page shows around its content."""
    page = view.statuspage
    return {
        "page": page,
        "title": page["page_name"] or page["name"],
        "favicon": web_url(page["theme"]["favicon"]),
        "links": [(words, page[name]) for name, words in LINKS if web_url(page[name])],
        "moment": partial(_moment, zone=ZoneInfo(page["time_zone"])),
    }


def refusal_html(title: str, explanation: str) -> bytes:
    return html("refusal.html", title=title, explanation=explanation)


def web_url(url: str | None) -> str | None:
    """None for what is no web address, such as the storage key of an image that nothing serves."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def html(template: str, **values: object) -> bytes:
    return environment.get_template(template).render(values).encode()


def _visible(components: Sequence[Json]) -> list[Json]:
    return [
        component
        for component in components
        if not component["only_show_if_degraded"] or component["status"] != ComponentStatus.OPERATIONAL
    ]


def _visible_groups(groups: Sequence[Json]) -> list[Json]:
    shown = [{**group, "components": _visible(group["components"])} for group in groups]
    return [group for group in shown if group["components"]]


def _moment(at: str, zone: ZoneInfo) -> dict[str, str]:
    """For machines, and for people of the page's time zone."""
    local: datetime = parsed(at).astimezone(zone)
    return {"machine": text(local), "human": f"{local.day} {local:%B %Y, %H:%M %Z}"}

"""What an event tells, written in the page's language. No recipient is in it: everybody reads the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from service.domain.statuspage import Settings
from service.domain.values import ComponentStatus, IncidentStatus, MaintenanceStatus
from service.markdown import to_html
from service.notices.kinds import Kind
from service.notices.languages import LANGUAGES, language_for
from service.notices.languages.words import Words
from service.notices.told import Told, Window


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The page that writes. `url`: where visitors find it. `logo`: an https URL."""

    name: str
    url: str
    logo: str | None
    language: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Line:
    """A component by its name, and in words the status it has now; None: nothing is said of it."""

    component_id: UUID
    name: str
    status: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """`facts`: label and value. `body` is Markdown or empty, `body_html` the same as safe HTML.

    `link`: where visitors read more. `gathered`: how many notices before this one were not sent on their own.
    """

    kind: Kind
    letterhead: Letterhead
    subject: str
    name: str
    lead: str
    body: str
    body_html: str
    facts: tuple[tuple[str, str], ...]
    components: tuple[Line, ...]
    link: str
    gathered: int = 0


def letterhead_of(settings: Settings, url: str, logo: str | None) -> Letterhead:
    """`logo`: where the page's own is served, if anywhere."""
    shown = logo if logo is not None and logo.startswith("https://") else None
    language = language_for(settings.language)
    return Letterhead(settings.page_name or settings.name, url, shown, language, ZoneInfo(settings.time_zone))


def notice_of(
    told: Told, letterhead: Letterhead, component_names: Mapping[UUID, str], gathered: int = 0
) -> Notice:
    """Components without a name are gone by now, and left out."""
    words = LANGUAGES[letterhead.language]
    subject = words.subjects[told.kind].format(status=_status(told.status, words), name=told.name)
    components = [
        Line(component_id, component_names[component_id], _component(status, words))
        for component_id, status in told.components.items()
        if component_id in component_names
    ]
    return Notice(
        told.kind,
        letterhead,
        f"[{letterhead.name}] {subject}",
        told.name,
        words.leads[told.kind],
        told.body,
        to_html(told.body),
        (*_facts(told, letterhead, words), *_gathered(gathered, words)),
        tuple(sorted(components, key=lambda line: line.name)),
        _link(told, letterhead),
        gathered,
    )


def _facts(told: Told, letterhead: Letterhead, words: Words) -> list[tuple[str, str]]:
    facts = [(words.status_label, _status(told.status, words))]
    if told.impact is not None:
        facts.append((words.impact_label, words.impact[told.impact]))
    if told.window is not None:
        facts.append((words.window_label, _times(told.window, letterhead, words)))
    return facts


def _gathered(count: int, words: Words) -> list[tuple[str, str]]:
    return [(words.gathered_label, str(count))] if count else []


def _status(status: IncidentStatus | MaintenanceStatus, words: Words) -> str:
    return words.incident[status] if isinstance(status, IncidentStatus) else words.maintenance[status]


def _component(status: ComponentStatus | None, words: Words) -> str | None:
    return None if status is None else words.component[status]


def _times(window: Window, letterhead: Letterhead, words: Words) -> str:
    starts, ends = (_moment(at, letterhead, words) for at in (window.starts_at, window.ends_at))
    return words.window.format(starts=starts, ends=ends)


def _moment(at: datetime, letterhead: Letterhead, words: Words) -> str:
    local = at.astimezone(letterhead.zone)
    return f"{format_datetime(local, words.moment, locale=letterhead.language)} {local:%Z}"


def _link(told: Told, letterhead: Letterhead) -> str:
    thing = "incident" if isinstance(told.status, IncidentStatus) else "maintenance"
    if told.kind is Kind.INCIDENT_RETRACTED:
        return letterhead.url
    return f"{letterhead.url}/{thing}/{told.thing_id}"

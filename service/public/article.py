"""One incident or one maintenance by itself, as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.values import Impact
from service.public.markup import frame, html
from service.readmodels.rendering import PageView

Json = Mapping[str, Any]
IMPACTS = {
    Impact.NONE: "None",
    Impact.MINOR: "Minor",
    Impact.MAJOR: "Major",
    Impact.CRITICAL: "Critical",
}


@dataclass(frozen=True, slots=True)
class Article:
    """`body`, `postmortem` and those of `updates` are Markdown; `times` are those known, in order."""

    name: str
    status: str
    impact: str | None
    body: str | None
    postmortem: str | None
    updates: Sequence[Json]
    times: Sequence[tuple[str, str]]
    component_ids: Sequence[str]


def of_incident(incident: Json) -> Article:
    """From the JSON of the API, like of_maintenance."""
    times = (("Started", incident["started_at"]), ("Resolved", incident["resolved_at"]))
    return Article(
        incident["name"],
        incident["status"],
        IMPACTS[Impact(incident["impact"])],
        None,
        incident["postmortem"],
        incident["updates"],
        _known(times),
        [each["id"] for each in incident["components"]],
    )


def of_maintenance(maintenance: Json) -> Article:
    times = (
        ("Planned from", maintenance["starts_at"]),
        ("Planned until", maintenance["ends_at"]),
        ("Started", maintenance["started_at"]),
        ("Completed", maintenance["completed_at"]),
    )
    return Article(
        maintenance["name"],
        maintenance["status"],
        None,
        maintenance["body"],
        None,
        maintenance["updates"],
        _known(times),
        maintenance["components"],
    )


def article_html(view: PageView, article: Article) -> bytes:
    """Components that are no more have no name left."""
    known = view.document["components"]
    concerned = [known[each]["name"] for each in article.component_ids if each in known]
    return html("article.html", **frame(view), article=article, concerned=concerned)


def _known(times: Sequence[tuple[str, str | None]]) -> list[tuple[str, str]]:
    return [(words, at) for words, at in times if at is not None]

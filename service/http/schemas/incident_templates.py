"""Bodies of the incident template calls."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from service.http.schemas.base import Answer, Body, Id
from service.http.schemas.components import Shown
from service.http.schemas.fields import Title
from service.http.schemas.incident_answers import AffectedComponent
from service.http.schemas.incidents import Components, Markdown


def _each_once(names: list[str]) -> list[str]:
    if len(set(names)) < len(names):
        raise ValueError("must name each variable once")
    return names


Variable = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Variables = Annotated[list[Variable], Field(max_length=200), AfterValidator(_each_once)]


class NewIncidentTemplate(Body):
    """`name` and `body` may hold placeholders like `{{region}}`, which whoever opens the incident fills in.
    `variables` lists them in an order of your own; left out, it is the order in which they appear."""

    name: Title = Field(examples=["Trouble in {{region}}"])
    body: Markdown = Field(examples=["We see errors in {{region}} and look into it."])
    components: Components = Field(default_factory=list)
    variables: Variables | None = None


class IncidentTemplate(Answer):
    """`components`: with the status that the incident would give them; they may be of several pages."""

    id: Id
    name: str
    body: str
    components: list[AffectedComponent]
    variables: list[str]
    created_at: Shown


class IncidentTemplateAnswer(Answer):
    incident_template: IncidentTemplate


class IncidentTemplatesAnswer(Answer):
    """By name."""

    incident_templates: list[IncidentTemplate]
    next_cursor: str | None

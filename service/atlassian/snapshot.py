"""The files of one page, read and put together; each thing once, with the place where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from service.atlassian import objects
from service.domain.errors import Fault, Invalid

EXPECTED = ("components.json", "incidents.json", "scheduled-maintenances.json", "summary.json")
"""In a folder; the complete lists come before the summary's parts of them."""
HOW = (
    "Save them with: for f in summary components incidents scheduled-maintenances; do"
    " curl -fsSo $f.json https://YOUR.PAGE/api/v2/$f.json; done"
)
Thing = TypeVar("Thing", objects.Component, objects.Incident, objects.Maintenance)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Things by their places, such as `incidents.json#/incidents/3`."""

    page: objects.Page
    components: Mapping[str, objects.Component]
    incidents: Mapping[str, objects.Incident]
    maintenances: Mapping[str, objects.Maintenance]


def find(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and those of the API in folders that are. Raises OSError."""
    found: list[Path] = []
    for path in paths:
        found += [path / name for name in EXPECTED if (path / name).exists()] if path.is_dir() else [path]
    if not found:
        raise FileNotFoundError(f"There is none of {', '.join(EXPECTED)}. {HOW}")
    return found


def read(contents: Mapping[str, bytes]) -> Snapshot:
    """From the files by their names. Raises Invalid naming every bad field by file and JSON pointer."""
    faults: list[Fault] = []
    files: dict[str, objects.File] = {}
    for name, content in contents.items():
        try:
            files[name] = objects.File.model_validate_json(content)
        except ValidationError as error:
            faults += _faults(name, error)
    page_ids = {file.page.id for file in files.values()}
    if len(page_ids) > 1:
        faults.append(Fault("#/page/id", "other_page", "The files are of different pages."))
    if not faults and not any(file.components for file in files.values()):
        faults.append(Fault("#/components", "required", f"There are no components. {HOW}"))
    if faults:
        raise Invalid(faults)
    return _together(files)


def _faults(name: str, error: ValidationError) -> list[Fault]:
    return [
        Fault("/".join([f"{name}#", *map(str, each["loc"])]), each["type"], each["msg"])
        for each in error.errors()
    ]


def _together(files: Mapping[str, objects.File]) -> Snapshot:
    return Snapshot(
        next(iter(files.values())).page,
        _each_once({f"{name}#/components": file.components for name, file in files.items()}),
        _each_once({f"{name}#/incidents": file.incidents for name, file in files.items()}),
        _each_once(
            {f"{name}#/scheduled_maintenances": file.scheduled_maintenances for name, file in files.items()}
        ),
    )


def _each_once(lists: Mapping[str, Sequence[Thing]]) -> dict[str, Thing]:
    """The first of each id."""
    found: dict[str, tuple[str, Thing]] = {}
    for place, things in lists.items():
        for index, thing in enumerate(things):
            found.setdefault(thing.id, (f"{place}/{index}", thing))
    return dict(found.values())

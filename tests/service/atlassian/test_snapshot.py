from pathlib import Path
from typing import Any

import pytest

from service.atlassian.snapshot import find, read
from service.domain.errors import Invalid
from tests.service.atlassian.files import (
    COMPONENTS,
    OPEN,
    PAGE,
    RESOLVED,
    component,
    file,
    files,
    incident,
    update,
)


def faults(contents: dict[str, bytes]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read(contents)
    return {fault.pointer: fault.message for fault in refusal.value.faults}


def test_every_thing_is_there_once_with_its_first_place() -> None:
    snapshot = read(files())
    assert snapshot.page.time_zone == "America/New_York"
    assert [(place, each.id) for place, each in snapshot.incidents.items()] == [
        ("incidents.json#/incidents/0", "inc2"),
        ("incidents.json#/incidents/1", "inc1"),
    ]
    assert len(snapshot.components) == 4
    assert len(snapshot.maintenances) == 2


def test_the_summary_alone_is_enough() -> None:
    snapshot = read({"summary.json": files()["summary.json"]})
    assert (len(snapshot.components), len(snapshot.incidents)) == (4, 1)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"status": "exploded"}, "i.json#/incidents/1/status"),
        ({"name": 7}, "i.json#/incidents/1/name"),
        ({"started_at": "2026-02-01T00:00:00"}, "i.json#/incidents/1/started_at"),
        ({"created_at": "1890-01-01T00:00:00Z"}, "i.json#/incidents/1/created_at"),
        ({"impact": "horrible"}, "i.json#/incidents/1/impact"),
        ({"incident_updates": []}, "i.json#/incidents/1/incident_updates"),
        (
            {"incident_updates": [update("u", "investigating", "2026-02-30T00:00:00Z")]},
            "i.json#/incidents/1/incident_updates/0/created_at",
        ),
        (
            {"incident_updates": [update("u", "resolved", "2026-02-03T00:00:00Z", x="broken")]},
            "i.json#/incidents/1/incident_updates/0/affected_components/0/new_status",
        ),
    ],
)
def test_a_bad_field_is_named_by_file_and_place(changes: dict[str, Any], pointer: str) -> None:
    assert pointer in faults(
        {"i.json": file(components=COMPONENTS, incidents=[OPEN, {**RESOLVED, **changes}])}
    )


def test_every_bad_field_of_every_file_is_named_at_once() -> None:
    named = faults(
        {
            "a.json": file(components=[component("c", "C", status="?", created_at="yesterday")]),
            "b.json": file(incidents=[incident("i")]),
            "c.json": b"no json",
        }
    )
    assert set(named) == {
        "a.json#/components/0/status",
        "a.json#/components/0/created_at",
        "b.json#/incidents/0/incident_updates",
        "c.json#",
    }


def test_an_unknown_time_zone_is_named() -> None:
    other = file(components=COMPONENTS).replace(b"America/New_York", b"America/Nowhere")
    assert list(faults({"a.json": other})) == ["a.json#/page/time_zone"]


def test_files_of_two_pages_are_refused() -> None:
    other = file(components=COMPONENTS).replace(str(PAGE["id"]).encode(), b"other0000000")
    assert "different pages" in faults({**files(), "other.json": other})["#/page/id"]


def test_without_components_there_is_no_page_and_it_says_how_to_save_them() -> None:
    assert "curl -fsSo" in faults({"incidents.json": files()["incidents.json"]})["#/components"]


def test_a_folder_stands_for_the_files_of_the_api_in_it(tmp_path: Path) -> None:
    for name in ("summary.json", "incidents.json", "other.json"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in find([tmp_path])] == ["incidents.json", "summary.json"]
    with pytest.raises(FileNotFoundError, match="curl"):
        find([tmp_path / "other.json" / ".."][:0])

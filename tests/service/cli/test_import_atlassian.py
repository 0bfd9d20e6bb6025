"""`statuspages import-atlassian` from outside: the table, JSON, refusals."""

import json
from pathlib import Path

import pytest

from tests.service.atlassian.files import OPEN, file, files
from tests.service.cli.conftest import Command
from tests.workers.replay.stories import Story


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_folder_becomes_a_page_once(statuspages: Command, story: Story, folder: Path) -> None:
    arguments = ("--organisation", str(story.organisation_id), "--subdomain", "moved")
    done = statuspages("import-atlassian", str(folder), *arguments)
    assert done.returncode == 0, done.stderr
    first, *table = done.stdout.splitlines()
    assert first.startswith("Created the page ")
    assert [line.split() for line in table[1:]] == [
        ["components", "3", "0"],
        ["groups", "1", "0"],
        ["incidents", "2", "0"],
        ["maintenances", "2", "0"],
    ]
    again = statuspages("import-atlassian", str(folder), *arguments, "--json")
    result = json.loads(again.stdout)
    assert (result["page_is_new"], result["new"]["incidents"], result["known"]["incidents"]) == (False, 0, 2)
    assert result["remarks"] == []


def test_places_that_do_not_fit_are_named_one_a_line(
    statuspages: Command, story: Story, folder: Path
) -> None:
    (folder / "incidents.json").write_bytes(file(incidents=[{**OPEN, "impact": "huge", "name": None}]))
    arguments = ("--organisation", str(story.organisation_id), "--subdomain", "refused")
    done = statuspages("import-atlassian", str(folder), *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    first, *places = done.stderr.splitlines()
    assert first == "statuspages: Nothing was imported. These places do not fit:"
    assert [place.split(": ")[0].strip() for place in places] == [
        "incidents.json#/incidents/0/name",
        "incidents.json#/incidents/0/impact",
    ]


def test_without_files_it_says_how_to_save_them(statuspages: Command, story: Story, tmp_path: Path) -> None:
    done = statuspages(
        "import-atlassian", str(tmp_path), "--organisation", str(story.organisation_id), "--subdomain", "none"
    )
    assert done.returncode == 1
    assert "curl -fsSo" in done.stderr

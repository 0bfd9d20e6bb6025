"""compose.yaml and the Dockerfile name only what the code has. No Docker engine is needed."""

import re
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import yaml

from eventstore.bus.postgres import PostgresBus
from service.cli.app import app
from service.config import Settings
from service.wiring.core import WORKER_TIMEOUT, open_core
from service.wiring.workers import workers_of

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "compose.yaml"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
IMAGE_VARIABLES = {
    "postgres": {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"},
    "rabbitmq": {"RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS"},
    "axllent/mailpit": {"MP_DATABASE"},
}
IMAGE_PORTS = {"postgres": {5432}, "rabbitmq": {5672, 15672}, "axllent/mailpit": {1025, 8025}}
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}
Service = dict[str, Any]


def interpolated(text: str) -> str:
    """As with nothing set but the one variable that has no default."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    return re.sub(r"\$\{STATUSPAGES_SECRET_KEY:\?[^}]*\}", "k" * 32, text)


def services() -> dict[str, Service]:
    return cast(dict[str, Service], yaml.safe_load(interpolated(COMPOSE.read_text()))["services"])


def own_services() -> dict[str, Service]:
    return {name: service for name, service in services().items() if service["image"] == "statuspages"}


def foreign_services() -> dict[str, Service]:
    return {name: service for name, service in services().items() if service["image"] != "statuspages"}


def image_name(service: Service) -> str:
    return cast(str, service["image"]).rpartition(":")[0]


def published_ports(service: Service) -> set[int]:
    return {int(port.rpartition(":")[2]) for port in service.get("ports", [])}


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def dockerfile_words(instruction: str) -> list[list[str]]:
    text = DOCKERFILE.replace("\\\n", " ")
    return [line.split()[1:] for line in text.splitlines() if line.startswith(f"{instruction} ")]


def dockerfile_list(instruction: str) -> list[str]:
    found = re.search(rf"^{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found is not None
    return cast(list[str], yaml.safe_load(found[1]))


def test_every_process_of_the_product_is_there() -> None:
    commands = [service["command"][0] for service in own_services().values()]
    assert {"migrate", "api", "relay", "worker", "scheduler"} == set(commands)
    assert services()["api"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("name", sorted(own_services()))
def test_the_command_line_has_every_command(name: str) -> None:
    app.parse_args(own_services()[name]["command"], exit_on_error=False, print_error=False)


def test_the_images_default_command_is_the_apis() -> None:
    assert dockerfile_list("CMD") == services()["api"]["command"]


async def test_every_worker_of_the_product_runs_in_exactly_one_service(database: str) -> None:
    settings = Settings.model_validate({"DATABASE_URL": database, "STATUSPAGES_SECRET_KEY": "k" * 32})
    async with open_core(settings, "test", WORKER_TIMEOUT) as core:
        known = workers_of(core, PostgresBus(core.feed))
    commands = [service["command"] for service in own_services().values()]
    named = [name for command, *names in commands if command == "worker" for name in names]
    assert sorted(named) == sorted(known)


@pytest.mark.parametrize("name", sorted(own_services()))
def test_every_variable_is_a_setting_and_its_value_is_accepted(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = own_services()[name]["environment"]
    assert set(environment) <= SETTINGS
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)  # no .env
    settings = Settings.model_validate({})
    assert settings.database_url == environment["DATABASE_URL"]


def test_the_images_own_variables_are_settings() -> None:
    assert set(re.findall(r"(STATUSPAGES_\w+)=", DOCKERFILE)) <= SETTINGS


@pytest.mark.parametrize("name", sorted(foreign_services()))
def test_other_images_get_only_variables_they_know(name: str) -> None:
    service = foreign_services()[name]
    assert set(service.get("environment", {})) <= IMAGE_VARIABLES[image_name(service)]
    assert published_ports(service) <= IMAGE_PORTS[image_name(service)]


@pytest.mark.parametrize("variable", ["DATABASE_URL", "AMQP_URL", "SMTP_URL"])
def test_every_address_names_a_service_and_a_port_it_listens_on(variable: str) -> None:
    for service in own_services().values():
        address = urlsplit(service["environment"][variable])
        assert address.port in IMAGE_PORTS[image_name(services()[str(address.hostname)])]


def test_user_names_and_passwords_are_the_same_on_both_ends() -> None:
    environment = services()["api"]["environment"]
    database, broker = urlsplit(environment["DATABASE_URL"]), urlsplit(environment["AMQP_URL"])
    assert services()["postgres"]["environment"] == {
        "POSTGRES_USER": database.username,
        "POSTGRES_PASSWORD": database.password,
        "POSTGRES_DB": database.path.removeprefix("/"),
    }
    assert services()["rabbitmq"]["environment"] == {
        "RABBITMQ_DEFAULT_USER": broker.username,
        "RABBITMQ_DEFAULT_PASS": broker.password,
    }


def test_the_apis_port_is_the_same_everywhere() -> None:
    port = int(option(services()["api"]["command"], "--port"))
    assert published_ports(services()["api"]) == {port}
    assert dockerfile_words("EXPOSE") == [[str(port)]]
    assert f"http://127.0.0.1:{port}/readyz" in DOCKERFILE
    assert urlsplit(services()["api"]["environment"]["STATUSPAGES_BASE_URL"]).port == port


def test_nothing_is_published_beyond_this_machine() -> None:
    published = [port for service in services().values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_what_a_service_waits_for_exists_and_can_come_true() -> None:
    for service in services().values():
        for name, dependency in service.get("depends_on", {}).items():
            if dependency["condition"] == "service_healthy":
                assert "test" in services()[name]["healthcheck"]
            else:
                assert dependency["condition"] == "service_completed_successfully"
                assert services()[name]["restart"] == "on-failure"


def test_every_volume_is_declared_and_used() -> None:
    used = {
        volume.partition(":")[0] for service in services().values() for volume in service.get("volumes", [])
    }
    assert used == set(yaml.safe_load(COMPOSE.read_text())["volumes"])


def test_the_image_copies_only_what_is_there_and_what_the_ignore_file_lets_through() -> None:
    sources = {
        source for words in dockerfile_words("COPY") if "--from=build" not in words for source in words[:-1]
    }
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sources == allowed
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_runs_the_console_command_as_an_ordinary_user() -> None:
    assert dockerfile_list("ENTRYPOINT") == ["statuspages"]
    [[user]] = dockerfile_words("USER")
    assert user == "statuspages"
    assert f"useradd --system --uid 10001 --create-home --home-dir /var/lib/statuspages {user}" in DOCKERFILE


def test_the_images_lock_is_a_part_of_the_whole_one() -> None:
    whole, run = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-run.lock")
    )
    assert run < whole
    assert "--require-hashes -r requirements-run.lock" in DOCKERFILE

"""The CNAME call against a real DNS server on loopback."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.config import Settings
from tests.environment.waiting import eventually
from tests.environment.zone import Zone, dns_zone
from tests.service.api.seed import page_body
from tests.service.client import Client
from tests.service.deployment import Deployment, deploy


@pytest.fixture(scope="module")
async def zone() -> AsyncIterator[Zone]:
    async with dns_zone() as zone:
        yield zone


@pytest.fixture(scope="module")
async def deployment(database: str, zone: Zone) -> AsyncIterator[Deployment]:
    settings = Settings.model_validate({"DATABASE_URL": database}).model_copy(
        update={"amqp_url": None, "dns_servers": (zone.server,)}
    )
    async with deploy(settings) as deployed:
        yield deployed


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def cname(owner: Client, domain: str) -> dict[str, object]:
    answer = await owner.get(f"/v1/domain/{domain}/cname")
    assert answer.status == 200
    found: dict[str, object] = answer.json["cname"]
    return found


async def a_domain(owner: Client) -> tuple[str, str]:
    """A page's domain, and the target that it has to name."""
    page = (await owner.post("/v1/statuspage", page_body())).json["statuspage"]
    return page["domain"], str((await cname(owner, page["domain"]))["expected"])


async def test_a_domain_that_names_another_target_points_elsewhere(owner: Client, zone: Zone) -> None:
    body = page_body()
    zone.cnames[body["domain"]] = "elsewhere.example.com"
    await owner.post("/v1/statuspage", body)
    found = await cname(owner, body["domain"])
    assert (found["configured"], found["reason"]) == (False, "points_elsewhere")
    assert found["found"] == ["elsewhere.example.com"]


async def test_the_right_answer_is_found_in_lower_case(owner: Client, zone: Zone) -> None:
    domain, target = await a_domain(owner)
    zone.cnames[domain] = target.upper()
    found = await fresh(owner, domain)
    assert (found["configured"], found["reason"], found["found"]) == (True, None, [target])


async def fresh(owner: Client, domain: str) -> dict[str, object]:
    """Asked after the few seconds for which an answer is shared."""
    seen: dict[str, object] = {}

    async def configured() -> bool:
        seen.update(await cname(owner, domain))
        return bool(seen["configured"])

    await eventually(configured, timeout=10)
    return seen


async def test_an_unknown_name_says_why(owner: Client) -> None:
    domain, _ = await a_domain(owner)
    found = await cname(owner, domain)
    assert (found["configured"], found["found"], found["reason"]) == (False, [], "no_such_name")


async def test_a_silent_server_is_unknown_within_three_seconds(owner: Client, zone: Zone) -> None:
    zone.silent.add("silent.example.com")
    started = asyncio.get_running_loop().time()
    found = await cname(owner, "silent.example.com")
    assert (found["configured"], found["reason"]) == (False, "dns_timeout")
    assert asyncio.get_running_loop().time() - started < 3.5


async def test_another_organisations_target_is_not_told(deployment: Deployment, owner: Client) -> None:
    domain, _ = await a_domain(owner)
    _, other = await deployment.organisation()
    assert (await cname(other, domain))["expected"] is None


async def test_an_international_name_is_answered_in_its_ascii_form(owner: Client) -> None:
    assert (await cname(owner, "st%C3%A4tus.example.com"))["domain"] == "xn--sttus-hra.example.com"


@pytest.mark.parametrize(
    "domain",
    [
        "a..b.com",
        "-a.com",
        "a-.com",
        "1.2.3.4",
        "[::1]",
        "localhost",
        "single",
        "_x.example.com",
        "*.example.com",
        "xn--a.com",
        "a%0ab.com",
        "a%20b.com",
        "a.com:80",
        f"{'a' * 64}.com",
        "a%E2%80%8Bb.com",
        "a%E3%80%82com",
        "%F0%9F%92%A9.com",
        ".".join(["abcdefghij"] * 25) + ".com",
    ],
)
async def test_what_is_no_hostname_is_refused(owner: Client, domain: str) -> None:
    answer = await owner.get(f"/v1/domain/{domain}/cname")
    assert (answer.status, answer.pointers) == (400, {"/domain"})

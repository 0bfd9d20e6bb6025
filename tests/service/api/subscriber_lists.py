"""Lists of subscribers as files, sent to a page and fetched from it."""

from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Any

from tests.service.mailing import Mailing

HEADER = "channel_type,channel_value,component_ids,incident_id"


@dataclass(frozen=True)
class Sent:
    """`counts`: those that are not 0."""

    status: int
    json: Any
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        imported = dict(self.json["imported"])
        return {name: count for name, count in (imported | imported.pop("left_out")).items() if count}

    @property
    def errors(self) -> dict[str, str]:
        """The code of each bad place."""
        return {error["pointer"]: error["code"] for error in self.json["errors"]}


def table(*rows: str) -> str:
    """Of e-mail addresses, each with its choice or without."""
    return "\r\n".join([HEADER, *(f"email,{row}" if "," in row else f"email,{row},," for row in rows)])


async def send(post: Mailing, page: dict[str, Any], body: str | bytes | BytesIO, **headers: str) -> Sent:
    url = f"{post.deployment.base_url}/v1/statuspage/{page['id']}/subscriptions/import"
    sent = {"Authorization": f"Bearer {post.owner.token}", "Content-Type": "text/csv", **headers}
    started = monotonic()
    async with post.deployment.session.post(url, data=body, headers=sent) as answer:
        return Sent(answer.status, await answer.json(), monotonic() - started)


async def rows_of(post: Mailing, page: dict[str, Any]) -> str:
    """The page's export."""
    await post.read_models_are_done()
    url = f"{post.deployment.base_url}/v1/statuspage/{page['id']}/subscriptions.csv"
    async with post.deployment.session.get(
        url, headers={"Authorization": f"Bearer {post.owner.token}"}
    ) as answer:
        assert answer.status == 200
        return await answer.text()
